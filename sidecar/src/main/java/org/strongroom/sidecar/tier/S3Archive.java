package org.strongroom.sidecar.tier;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.RestoreRequest;
import software.amazon.awssdk.services.s3.model.Tier;

/** GLACIER and DEEP_ARCHIVE of a bucket. An object moves there by being copied onto itself, which S3 does up to 5 GiB. */
final class S3Archive implements ArchiveClasses {
    private static final String GLACIER = "GLACIER";
    private static final Set<String> CLASSES = Set.of(GLACIER, "DEEP_ARCHIVE");
    private static final Pattern EXPIRY = Pattern.compile("expiry-date=\"([^\"]+)\"");
    private static final int HTTP_CONFLICT = 409;
    private static final int HTTP_NOT_IMPLEMENTED = 501;
    private static final int HTTP_UNAVAILABLE = 503;

    private final S3Bucket bucket;

    S3Archive(S3Bucket bucket) {
        this.bucket = bucket;
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
    public void archive(String object, String storageClass) {
        if (isArchived(head(object))) {
            return;
        }
        requireNoVersions();
        String key = bucket.key(object);
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
                            "Let a life-cycle rule of the bucket move packs, and set Archive.ByRule to true (docs/operations.md, Archive)");
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
