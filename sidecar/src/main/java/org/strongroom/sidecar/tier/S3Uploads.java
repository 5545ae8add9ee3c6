package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Tier.ObjectInfo;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.tier.Tier.Upload;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Multipart uploads whose state is the store's and the caller's ledger, so that they outlive this process. Thread-safe. */
final class S3Uploads {
    static final long MINIMUM_PART = 5L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(S3Uploads.class);
    private static final String OCTETS = "application/octet-stream";
    private static final String PROBE = "probe-";
    private static final int HTTP_BAD_REQUEST = 400;
    private static final int HTTP_PRECONDITION_FAILED = 412;
    private static final int HTTP_INTERNAL_ERROR = 500;
    private static final int HTTP_NOT_IMPLEMENTED = 501;

    private final S3Bucket bucket;
    private final Optional<S3Lock> lock;
    private final Function<String, Optional<ObjectInfo>> head;
    /** Whether the store is asked not to overwrite: credentials may be allowed nothing else. */
    private volatile boolean conditional = true;

    private volatile Optional<Boolean> enforcesDigest = Optional.empty();

    S3Uploads(S3Bucket bucket, Optional<S3Lock> lock, Function<String, Optional<ObjectInfo>> head) {
        this.bucket = bucket;
        this.lock = lock;
        this.head = head;
    }

    String begin(String object) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(bucket.bucket())
                .key(bucket.key(object))
                .contentType(OCTETS);
        bucket.storageClass().ifPresent(request::storageClass);
        lock.ifPresent(each -> each.on(request, object));
        if (bucket.speaks(S3Dialect.AWS)) {
            request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        }
        return bucket.required(bucket.call(object, client -> client.createMultipartUpload(request.build()))
                .uploadId());
    }

    PartReceipt part(String object, String upload, int number, ByteSource content, byte[] md5) {
        UploadPartRequest request = request(object, upload, number, md5);
        ContentStreamProvider bytes = () -> new PartStream(content, md5);
        RequestBody body = RequestBody.fromContentProvider(bytes, content.size(), OCTETS);
        try {
            UploadPartResponse answer = bucket.call(object, client -> client.uploadPart(request, body));
            return new PartReceipt(
                    number, content.size(), tag(bucket.required(answer.eTag()), answer.checksumSHA256()));
        } catch (StrongroomException e) {
            throw isUnknown(e, object, upload)
                    ? bucket.failures().unknownUpload().with("object", object).causedBy(e)
                    : e;
        }
    }

    private UploadPartRequest request(String object, String upload, int number, byte[] md5) {
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(bucket.bucket())
                .key(bucket.key(object))
                .uploadId(upload)
                .partNumber(number)
                .contentMD5(Base64.getEncoder().encodeToString(md5));
        if (bucket.speaks(S3Dialect.AWS)) {
            request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        }
        return request.build();
    }

    Optional<List<PartReceipt>> parts(String object, String upload) {
        List<PartReceipt> found = new ArrayList<>();
        int after = 0;
        while (true) {
            int marker = after;
            ListPartsResponse page;
            try {
                page = bucket.call(
                        object,
                        client -> client.listParts(each -> each.bucket(bucket.bucket())
                                .key(bucket.key(object))
                                .uploadId(upload)
                                .maxParts(bucket.pageSize())
                                .partNumberMarker(marker == 0 ? null : marker)));
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
            for (Part part : page.parts()) {
                if (part.partNumber() > after) { // a store that ignores the marker sends earlier ones again
                    after = part.partNumber();
                    found.add(new PartReceipt(after, part.size(), tag(part.eTag(), part.checksumSHA256())));
                }
            }
            if (!bucket.required(page.isTruncated())) {
                // S3Proxy answers with an empty list for an upload that it does not know.
                return found.isEmpty() && !isOpen(object, upload) ? Optional.empty() : Optional.of(found);
            }
            if (after == marker) {
                throw bucket.failures().of(FailureKind.UNAVAILABLE, "the store's list of parts does not go on");
            }
        }
    }

    void complete(String object, String upload, List<PartReceipt> parts) {
        try {
            complete(object, upload, parts, conditional);
        } catch (StrongroomException e) {
            if (conditional && S3Failures.status(e) == HTTP_NOT_IMPLEMENTED) {
                conditional = false;
                complete(object, upload, parts);
                return;
            }
            boolean taken = S3Failures.status(e) == HTTP_PRECONDITION_FAILED;
            if (!taken && !isUnknown(e, object, upload)) {
                throw e;
            }
            long size = parts.stream().mapToLong(PartReceipt::size).sum();
            if (head.apply(object).filter(info -> info.size() == size).isEmpty()) {
                throw taken
                        ? e
                        : bucket.failures()
                                .unknownUpload()
                                .with("object", object)
                                .causedBy(e);
            } // else: completed before, and only the answer was lost
        }
    }

    private void complete(String object, String upload, List<PartReceipt> parts, boolean onlyIfNew) {
        List<CompletedPart> completed = parts.stream().map(S3Uploads::completed).toList();
        CompleteMultipartUploadResponse answer = bucket.call(
                object,
                client -> client.completeMultipartUpload(each -> each.bucket(bucket.bucket())
                        .key(bucket.key(object))
                        .uploadId(upload)
                        .ifNoneMatch(onlyIfNew ? "*" : null)
                        .multipartUpload(all -> all.parts(completed))));
        bucket.required(answer.key());
    }

    /** Whether a request failed because the store does not know the upload: Ceph 16 says 500 to a part of such a one. */
    private boolean isUnknown(StrongroomException e, String object, String upload) {
        boolean possible = e.kind() == FailureKind.NOT_FOUND || S3Failures.status(e) == HTTP_INTERNAL_ERROR;
        return possible && parts(object, upload).isEmpty();
    }

    void abort(String object, String upload) {
        try {
            bucket.call(
                    object,
                    client -> client.abortMultipartUpload(each ->
                            each.bucket(bucket.bucket()).key(bucket.key(object)).uploadId(upload)));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private boolean isOpen(String object, String upload) {
        return list(bucket.key(object)).contains(new Upload(object, upload));
    }

    List<Upload> list() {
        return list(bucket.prefix());
    }

    private List<Upload> list(String keyPrefix) {
        List<Upload> found = new ArrayList<>();
        String key = null;
        String id = null;
        while (true) {
            String afterKey = key;
            String afterId = id;
            ListMultipartUploadsResponse page =
                    bucket.call(client -> client.listMultipartUploads(each -> each.bucket(bucket.bucket())
                            .prefix(keyPrefix)
                            .maxUploads(bucket.pageSize())
                            .keyMarker(afterKey)
                            .uploadIdMarker(afterId)));
            page.uploads().forEach(each -> found.add(new Upload(bucket.name(each.key()), each.uploadId())));
            if (!bucket.required(page.isTruncated())) {
                return found;
            }
            key = page.nextKeyMarker();
            id = page.nextUploadIdMarker();
            if (key == null || (key.equals(afterKey) && String.valueOf(id).equals(afterId))) {
                throw bucket.failures().of(FailureKind.UNAVAILABLE, "the store's list of uploads does not go on");
            }
        }
    }

    boolean enforcesDigest() {
        if (enforcesDigest.isEmpty()) {
            enforcesDigest = Optional.of(refusesWrongDigest());
        }
        return enforcesDigest.get();
    }

    private boolean refusesWrongDigest() {
        abortProbes();
        String object = PROBE + UUID.randomUUID();
        String upload = begin(object);
        byte[] bytes = {1};
        UploadPartRequest wrong = request(object, upload, 1, Md5.of(new byte[] {2}));
        ContentStreamProvider stream = () -> new ByteArrayInputStream(bytes);
        try {
            RequestBody body = RequestBody.fromContentProvider(stream, bytes.length, OCTETS);
            bucket.required(
                    bucket.call(client -> client.uploadPart(wrong, body)).eTag());
            return false;
        } catch (StrongroomException e) {
            if (S3Failures.status(e) == HTTP_BAD_REQUEST) {
                return true;
            }
            throw e;
        } finally {
            abort(object, upload);
        }
    }

    /** What earlier questions left, because a kill or the line came between. */
    private void abortProbes() {
        try {
            list(bucket.key(PROBE)).forEach(left -> abort(left.name(), left.id()));
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.debug("uploads of earlier probes stay", e); // whoever may not list or abort them can still ask
        }
    }

    /** The ETag; with the SHA-256 behind a colon where the store keeps one, because it asks for both at the end. */
    static String tag(String eTag, String sha256) {
        String bare = eTag.replace("\"", "");
        return sha256 == null ? bare : bare + ":" + sha256;
    }

    static CompletedPart completed(PartReceipt part) {
        String[] tags = part.tag().split(":", 2);
        CompletedPart.Builder completed =
                CompletedPart.builder().partNumber(part.number()).eTag('"' + tags[0] + '"');
        if (tags.length > 1) {
            completed.checksumSHA256(tags[1]);
        }
        return completed.build();
    }
}
