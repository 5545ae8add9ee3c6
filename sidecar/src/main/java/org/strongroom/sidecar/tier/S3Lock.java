package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3LockSettings;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * The locks that new objects get, and how locks of old ones are made longer (decision 26). Thread-safe.
 */
final class S3Lock {
    /** What must be able to go soon: a key that is shredded lives on in bundles for so long. */
    private static final Duration SHORT = Duration.ofDays(7);

    private static final Duration CREDIBLE = Duration.ofHours(12);
    private static final String PACKS = "packs/";
    private static final String HEADS = "heads/";
    private static final String AUDIT = "audit/";

    private final S3Bucket bucket;
    private final S3LockSettings settings;
    private final StoreClock clock;

    S3Lock(S3Bucket bucket, S3LockSettings settings, StoreClock clock) {
        this.bucket = bucket;
        this.settings = settings;
        this.clock = clock;
    }

    Duration period() {
        return settings.period();
    }

    Instant now() {
        return clock.instant();
    }

    ObjectLockMode mode() {
        return ObjectLockMode.fromValue(settings.mode().toUpperCase(Locale.ROOT));
    }

    Duration period(String object) {
        boolean forLong =
                object.startsWith(PACKS) || object.startsWith(HEADS) || (object.startsWith(AUDIT) && !isEdge(object));
        return forLong || settings.period().compareTo(SHORT) < 0 ? settings.period() : SHORT;
    }

    /** Partial tiles and bundles of the audit log: full ones take their place. */
    private static boolean isEdge(String object) {
        return object.contains(".p/");
    }

    /** Copies of the journal take each other's place within minutes: the newest are locked later, by {@link #keep}. */
    private static boolean isLockedFromTheStart(String object) {
        return object.startsWith(PACKS)
                || object.startsWith(HEADS)
                || object.startsWith(AUDIT)
                || object.startsWith("keys/")
                || object.startsWith("installation/")
                || object.equals("tier.id");
    }

    /**
     * The end of a lock that begins now; in whole seconds, because stores keep no more.
     *
     * @throws StrongroomException UNAVAILABLE if the clocks differ so much that one of them must be wrong by days
     */
    Instant end(Duration period) {
        if (clock.ahead().abs().compareTo(CREDIBLE) > 0) {
            throw bucket.failures().clocksDiffer();
        }
        return now().plus(period).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    }

    void on(PutObjectRequest.Builder request, String object) {
        if (isLockedFromTheStart(object)) {
            request.objectLockMode(mode()).objectLockRetainUntilDate(end(period(object)));
        }
    }

    void on(CreateMultipartUploadRequest.Builder request, String object) {
        if (isLockedFromTheStart(object)) {
            request.objectLockMode(mode()).objectLockRetainUntilDate(end(period(object)));
        }
    }

    /** Locks an object for its whole period, unless half of that is left; returns what the store then says of its end. */
    Instant keep(String object) {
        Duration period = period(object);
        Optional<ObjectLockRetention> now = retention(object, null);
        Instant enough = now().plus(period.dividedBy(2));
        if (now.isPresent() && now.get().retainUntilDate().isAfter(enough)) {
            return now.get().retainUntilDate();
        }
        // A mode stays what it is: to change it takes the right to end locks early.
        extend(
                object,
                null,
                now.map(ObjectLockRetention::mode).orElse(ObjectLockRetentionMode.fromValue(mode().toString())),
                end(period));
        return retention(object, null)
                .map(ObjectLockRetention::retainUntilDate)
                .filter(until -> until.isAfter(enough))
                .orElseThrow(() -> bucket.failures()
                        .of(FailureKind.REFUSED, "the store took a lock and does not keep it")
                        .with("object", object)
                        .cure("Use a store with object lock, or remove Lock"));
    }

    void extend(String object, String version, ObjectLockRetentionMode mode, Instant until) {
        bucket.call(
                object,
                client -> client.putObjectRetention(request -> request.bucket(bucket.bucket())
                        .key(bucket.key(object))
                        .versionId(version)
                        .retention(lock -> lock.mode(mode).retainUntilDate(until))));
    }

    /** The lock of a version, or of the newest for null; empty if it has none. */
    Optional<ObjectLockRetention> retention(String object, String version) {
        return S3Lock.retention(bucket, object, version);
    }

    static Optional<ObjectLockRetention> retention(S3Bucket bucket, String object, String version) {
        try {
            return Optional.ofNullable(bucket.call(
                                    object,
                                    client -> client.getObjectRetention(request -> request.bucket(bucket.bucket())
                                            .key(bucket.key(object))
                                            .versionId(version)))
                            .retention())
                    .filter(lock -> lock.retainUntilDate() != null);
        } catch (StrongroomException e) {
            if (S3Failures.isNoLock(S3Failures.code(e))) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
