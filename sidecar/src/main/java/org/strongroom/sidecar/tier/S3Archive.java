package org.strongroom.sidecar.tier;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.RestoreRequest;
import software.amazon.awssdk.services.s3.model.Tier;

/** The storage classes of a bucket, and how GLACIER and DEEP_ARCHIVE are read. An object moves there by being copied onto itself, a large one in parts. */
final class S3Archive implements ArchiveClasses {
    private static final String GLACIER = "GLACIER";
    private static final Set<String> CLASSES = Set.of(GLACIER, "DEEP_ARCHIVE");
    private static final Pattern EXPIRY = Pattern.compile("expiry-date=\"([^\"]+)\"");
    private static final int HTTP_CONFLICT = 409;
    private static final int HTTP_NOT_IMPLEMENTED = 501;
    private static final int HTTP_UNAVAILABLE = 503;

    /** What S3 copies in one request. */
    private static final long ONE_COPY = 5L << 30;

    private static final long PART = 1L << 30;

    private final S3Bucket bucket;
    private final long oneCopy;
    private final long part;

    S3Archive(S3Bucket bucket) {
        this(bucket, ONE_COPY, PART);
    }

    /**
     * @param oneCopy larger objects are copied in parts
     * @param part bytes of each
     */
    S3Archive(S3Bucket bucket, long oneCopy, long part) {
        this.bucket = bucket;
        this.oneCopy = oneCopy;
        this.part = part;
    }

    @Override
    public Shelf shelf(String object) {
        HeadObjectResponse there = head(object);
        long size = bucket.required(there.contentLength());
        if (!isArchived(there)) {
            return new Shelf(Place.AT_HAND, size, Optional.empty());
        }
        String restore = there.restore() == null ? "" : there.restore();
        if (restore.contains("ongoing-request=\"true\"")) {
            return new Shelf(Place.COMING, size, Optional.empty());
        }
        Matcher expiry = EXPIRY.matcher(restore);
        return expiry.find()
                ? new Shelf(Place.BACK, size, Optional.of(date(expiry.group(1))))
                : new Shelf(Place.ARCHIVED, size, Optional.empty());
    }

    private HeadObjectResponse head(String object) {
        String key = bucket.key(object);
        try {
            return bucket.call(
                    object,
                    client -> client.headObject(
                            each -> each.bucket(bucket.bucket()).key(key)));
        } catch (StrongroomException e) {
            throw S3Failures.status(e) == 404 ? bucket.failures().absent().with("object", object) : e;
        }
    }

    /** S3 leaves the class of an ordinary object out; one of INTELLIGENT_TIERING says that it is archived in another header. */
    private static boolean isArchived(HeadObjectResponse there) {
        return CLASSES.contains(String.valueOf(there.storageClassAsString())) || there.archiveStatusAsString() != null;
    }

    private Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            throw bucket.failures().stranger().causedBy(e);
        }
    }

    @Override
    public void move(String object, String storageClass) {
        HeadObjectResponse there = head(object);
        if (isArchived(there) || storageClass.equals(classOf(there))) {
            return; // a copy onto itself that changes nothing is refused
        }
        requireNoVersions();
        String key = bucket.key(object);
        if (bucket.required(there.contentLength()) > oneCopy) {
            copyInParts(object, there, storageClass);
            return;
        }
        bucket.required(bucket.call(
                        object,
                        client -> client.copyObject(each -> each.sourceBucket(bucket.bucket())
                                .sourceKey(key)
                                .destinationBucket(bucket.bucket())
                                .destinationKey(key)
                                .metadataDirective(MetadataDirective.COPY)
                                .storageClass(storageClass)))
                .copyObjectResult());
    }

    @Override
    public String storageClass(String object) {
        return classOf(head(object));
    }

    private static String classOf(HeadObjectResponse there) {
        return there.storageClassAsString() == null ? "STANDARD" : there.storageClassAsString();
    }

    /** The object stays as it is until all parts are copied; what breaks off before is aborted, now or by the daily look for such. */
    private void copyInParts(String object, HeadObjectResponse there, String storageClass) {
        String key = bucket.key(object);
        String upload = bucket.required(bucket.call(
                        object,
                        client -> client.createMultipartUpload(each -> each.bucket(bucket.bucket())
                                .key(key)
                                .metadata(there.metadata())
                                .contentType(there.contentType())
                                .storageClass(storageClass)))
                .uploadId());
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long size = there.contentLength();
            for (long at = 0; at < size; at += part) {
                int number = parts.size() + 1;
                String range = "bytes=" + at + "-" + (Math.min(size, at + part) - 1);
                String tag = bucket.required(bucket.required(bucket.call(
                                        object,
                                        client -> client.uploadPartCopy(each -> each.sourceBucket(bucket.bucket())
                                                .sourceKey(key)
                                                .destinationBucket(bucket.bucket())
                                                .destinationKey(key)
                                                .copySourceIfMatch(there.eTag())
                                                .copySourceRange(range)
                                                .uploadId(upload)
                                                .partNumber(number)))
                                .copyPartResult())
                        .eTag());
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            bucket.call(
                    object,
                    client -> client.completeMultipartUpload(each -> each.bucket(bucket.bucket())
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))));
        } catch (StrongroomException e) {
            try {
                bucket.call(
                        object,
                        client -> client.abortMultipartUpload(
                                each -> each.bucket(bucket.bucket()).key(key).uploadId(upload)));
            } catch (StrongroomException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** The old version would stay where it is, and be paid for as well; under an object lock for years. */
    private void requireNoVersions() {
        BucketVersioningStatus status;
        try {
            status = bucket.call(client -> client.getBucketVersioning(each -> each.bucket(bucket.bucket())))
                    .status();
        } catch (StrongroomException e) {
            if (S3Failures.status(e) == HTTP_NOT_IMPLEMENTED) {
                return;
            }
            throw e;
        }
        if (status != null) {
            throw bucket.failures()
                    .of(
                            FailureKind.REFUSED,
                            "the bucket keeps old versions: a moved pack would stay in its old class as well")
                    .cure(
                            "Let a life-cycle rule of the bucket move packs, and set Archive.ByRule to true, without ClassesByAge (docs/operations.md, Archive)");
        }
    }

    @Override
    public Duration bringBack(String object, Urgency urgency, Duration kept) {
        HeadObjectResponse there = head(object);
        boolean fast = GLACIER.equals(there.storageClassAsString());
        if (urgency == Urgency.BULK) {
            ask(object, there, Tier.BULK, kept);
            return Duration.ofHours(fast ? 12 : 48);
        }
        if (fast) {
            try {
                ask(object, there, Tier.EXPEDITED, kept);
                return Duration.ofMinutes(5);
            } catch (StrongroomException e) {
                if (S3Failures.status(e) != HTTP_UNAVAILABLE) {
                    throw e;
                } // else: S3 has no capacity for fast ones now
            }
        }
        ask(object, there, Tier.STANDARD, kept);
        return Duration.ofHours(fast ? 5 : 12);
    }

    private void ask(String object, HeadObjectResponse there, Tier speed, Duration kept) {
        RestoreRequest.Builder request = RestoreRequest.builder().glacierJobParameters(job -> job.tier(speed));
        if (there.archiveStatusAsString() == null) { // INTELLIGENT_TIERING brings back for good
            request.days(Math.toIntExact(kept.plusDays(1).minusNanos(1).toDays()));
        }
        String key = bucket.key(object);
        try {
            bucket.call(
                    object,
                    client -> client.restoreObject(
                            each -> each.bucket(bucket.bucket()).key(key).restoreRequest(request.build())));
        } catch (StrongroomException e) {
            if (S3Failures.status(e) != HTTP_CONFLICT) {
                throw e;
            } // else: it is being brought back already
        }
    }
}
