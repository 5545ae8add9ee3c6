package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.S3LockSettings;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in a bucket of any store that speaks S3. A missing bucket, a refused request and something that is not an S3 store
 * are told apart from an absent object. Bodies are streamed: memory does not depend on their size.
 */
public final class S3Tier implements Tier {
    /** Of an object that was put in one go, or in so many parts. */
    private static final Pattern MD5_TAG = Pattern.compile("\"?([0-9a-f]{32})(?:-([1-9][0-9]{0,4}))?\"?");

    private static final String OCTETS = "application/octet-stream";
    private static final int PAGE = 1000; // the most that S3 gives
    private static final int HTTP_NOT_IMPLEMENTED = 501;

    private final String name;
    private final S3Bucket bucket;
    private final Optional<S3Lock> lock;
    private final S3Versions versions;
    private final S3Abilities abilities;
    private final S3Uploads uploads;
    private volatile boolean conditionalPut = true;

    private S3Tier(String name, S3Bucket bucket, Optional<S3LockSettings> lock, StoreClock clock) {
        this.name = name;
        this.bucket = bucket;
        this.lock = lock.map(settings -> new S3Lock(bucket, settings, clock));
        this.versions = new S3Versions(bucket, clock);
        this.abilities = new S3Abilities(bucket, versions, this.lock);
        this.uploads = new S3Uploads(bucket, this.lock, this::head);
    }

    /**
     * The tier {@code name} in the bucket of {@code settings}; asks the store nothing yet.
     *
     * @param uplink is asked for leave for every slice that is sent
     * @param clock this machine's; locks are dated by the store's, which differs from it by what its answers say
     * @throws StrongroomException REFUSED if the credentials file cannot be read
     */
    public static S3Tier open(String name, S3Settings settings, Uplink uplink, InstantSource clock) {
        return open(name, settings, uplink, clock, S3Dialect.of(settings.endpoint()), PAGE);
    }

    static S3Tier open(
            String name, S3Settings settings, Uplink uplink, InstantSource here, S3Dialect dialect, int pageSize) {
        StoreClock clock = new StoreClock(here);
        S3Client client = S3Connection.open(name, settings, uplink, dialect, clock);
        S3Client deleter = S3Connection.deleter(client, name, settings, uplink, dialect, clock);
        return new S3Tier(
                name,
                new S3Bucket(client, deleter, settings, dialect, new S3Failures(name, settings), pageSize),
                settings.lock(),
                clock);
    }

    @Override
    public String name() {
        return name;
    }

    /** Its archive classes. */
    ArchiveClasses archive() {
        return new S3Archive(bucket);
    }

    @Override
    public String kind() {
        return "s3";
    }

    @Override
    public Optional<ObjectInfo> head(String object) {
        String key = bucket.key(object);
        try {
            HeadObjectResponse answer = bucket.call(
                    object,
                    client -> client.headObject(
                            each -> each.bucket(bucket.bucket()).key(key)));
            bucket.required(answer.eTag());
            return Optional.of(new ObjectInfo(object, bucket.required(answer.contentLength())));
        } catch (StrongroomException e) {
            int status = S3Failures.status(e);
            if (status >= 300 && status < 500) {
                return headByGet(object); // an answer to HEAD has no body that says why
            }
            throw e;
        }
    }

    /** The ETag is one, unless the store encrypts under a key of its own; then it is that of no bytes that anybody has. */
    @Override
    public Optional<StoredDigest> digest(String object) {
        String key = bucket.key(object);
        try {
            Matcher tag = MD5_TAG.matcher(bucket.call(
                            object,
                            client -> client.headObject(
                                    each -> each.bucket(bucket.bucket()).key(key)))
                    .eTag());
            return tag.matches()
                    ? Optional.of(new StoredDigest(
                            tag.group(1), tag.group(2) == null ? 0 : Integer.parseInt(tag.group(2)), true))
                    : Optional.empty();
        } catch (StrongroomException e) {
            if (S3Failures.status(e) == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<ObjectInfo> headByGet(String object) {
        try {
            ResponseInputStream<GetObjectResponse> answer = open(object, "bytes=0-0");
            answer.abort();
            return Optional.of(new ObjectInfo(object, totalOf(answer.response())));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public InputStream get(String object, long offset, long length) {
        if (length == 0) { // S3 has no empty ranges
            ObjectInfo info =
                    head(object).orElseThrow(() -> bucket.failures().absent().with("object", object));
            if (offset > info.size()) {
                throw bucket.failures().tooShort().with("object", object);
            }
            return InputStream.nullInputStream();
        }
        ResponseInputStream<GetObjectResponse> answer = open(object, "bytes=" + offset + "-" + (offset + length - 1));
        try {
            if (totalOf(answer.response()) < offset + length) {
                throw bucket.failures().tooShort().with("object", object);
            }
            if (answer.response().contentLength() != length) {
                throw bucket.failures().stranger();
            }
        } catch (StrongroomException e) {
            answer.abort();
            throw e;
        }
        return new ExactStream(answer, length, bucket.failures()::broken, answer::abort);
    }

    private ResponseInputStream<GetObjectResponse> open(String object, String range) {
        String key = bucket.key(object);
        return bucket.call(
                object,
                client -> client.getObject(
                        each -> each.bucket(bucket.bucket()).key(key).range(range)));
    }

    /** The size of the whole object; the answer's own length where a store sends the whole to a request for a range. */
    private long totalOf(GetObjectResponse answer) {
        bucket.required(answer.eTag());
        long length = bucket.required(answer.contentLength());
        String range = answer.contentRange();
        try {
            return range == null
                    ? length
                    : Long.parseLong(range.substring(range.indexOf('/') + 1).trim());
        } catch (NumberFormatException e) {
            throw bucket.failures().stranger().causedBy(e);
        }
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        String keys = bucket.prefix() + ObjectName.checkPrefix(prefix);
        String token = null;
        do {
            String from = token;
            ListObjectsV2Response page =
                    bucket.call(client -> client.listObjectsV2(request -> request.bucket(bucket.bucket())
                            .prefix(keys)
                            .maxKeys(bucket.pageSize())
                            .continuationToken(from)));
            boolean more = bucket.required(page.isTruncated());
            for (S3Object object : page.contents()) {
                each.accept(new ObjectInfo(bucket.name(object.key()), object.size()));
            }
            token = more ? bucket.required(page.nextContinuationToken()) : null;
            if (more && token.equals(from)) {
                throw bucket.failures().of(FailureKind.UNAVAILABLE, "the store's list does not go on");
            }
        } while (token != null);
    }

    @Override
    public void put(String object, byte[] content) {
        abilities.requireLock();
        boolean conditional = conditionalPut;
        if (!conditional && head(object).isPresent()) {
            throw bucket.failures().exists().with("object", object);
        }
        try {
            put(object, content, conditional);
        } catch (StrongroomException e) {
            if (!conditional || S3Failures.status(e) != HTTP_NOT_IMPLEMENTED) {
                throw e;
            }
            conditionalPut = false; // from now on look first; names of what matters are random
            put(object, content);
        }
    }

    private void put(String object, byte[] content, boolean onlyIfNew) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket.bucket())
                .key(bucket.key(object))
                .contentType(OCTETS)
                .contentMD5(Base64.getEncoder().encodeToString(Md5.of(content)));
        bucket.storageClass().ifPresent(request::storageClass);
        lock.ifPresent(each -> each.on(request, object));
        if (onlyIfNew) {
            request.ifNoneMatch("*");
        }
        if (bucket.speaks(S3Dialect.AWS)) {
            request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        }
        ContentStreamProvider bytes = () -> new ByteArrayInputStream(content);
        RequestBody body = RequestBody.fromContentProvider(bytes, content.length, OCTETS);
        bucket.required(bucket.call(object, client -> client.putObject(request.build(), body))
                .eTag());
    }

    @Override
    public String begin(String object, long size) {
        abilities.requireLock();
        return uploads.begin(object);
    }

    @Override
    public long minimumPartSize() {
        return S3Uploads.MINIMUM_PART;
    }

    @Override
    public boolean wantsEqualParts() {
        return bucket.wantsEqualParts();
    }

    @Override
    public PartReceipt part(String object, String upload, int number, long offset, ByteSource content, byte[] md5) {
        return uploads.part(object, upload, number, content, md5);
    }

    @Override
    public Optional<List<PartReceipt>> parts(String object, String upload) {
        return uploads.parts(object, upload);
    }

    @Override
    public void complete(String object, String upload, List<PartReceipt> parts) {
        uploads.complete(object, upload, parts);
        lock.ifPresent(
                each -> each.keep(object)); // Ceph 16 forgets what was asked for at the beginning; days may have passed
    }

    @Override
    public void abort(String object, String upload) {
        uploads.abort(object, upload);
    }

    @Override
    public List<Upload> uploads() {
        return uploads.list();
    }

    @Override
    public void delete(String object) {
        versions.delete(object);
    }

    @Override
    public void withdraw(String object) {
        versions.withdraw(object);
    }

    @Override
    public boolean hasOlder(String object) {
        return versions.hasOlder(object);
    }

    @Override
    public boolean isHidden(String object) {
        return versions.isHidden(object);
    }

    @Override
    public List<String> hidden(String prefix) {
        return versions.hidden(prefix);
    }

    @Override
    public void reveal(String object) {
        versions.reveal(object);
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return versions.lingering(prefix);
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return lock.map(S3Lock::period);
    }

    @Override
    public Instant keep(String object) {
        abilities.requireLock();
        return lock.orElseThrow().keep(object);
    }

    @Override
    public Abilities examine(Optional<String> scratch) {
        return abilities.examine(scratch, uploads::enforcesDigest);
    }

    /** Asks the store once, by a part with a wrong digest: AWS, S3Proxy and Ceph refuse it, others may not look. */
    @Override
    public boolean enforcesPartDigest() {
        return uploads.enforcesDigest();
    }

    @Override
    public void close() {
        bucket.close();
    }
}
