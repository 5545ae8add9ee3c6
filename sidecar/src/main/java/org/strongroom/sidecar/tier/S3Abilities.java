package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * What a bucket can really do, found by trying: stores take headers that they do not mind, and say yes to what they do not do. The
 * lock is tried on an object of its own that is locked for a minute; the next try removes it. Thread-safe.
 */
final class S3Abilities {
    private static final String PROBE = "probe-";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final byte[] CONTENT = {'s', 't', 'r', 'o', 'n', 'g'};
    private static final int HTTP_FORBIDDEN = 403;
    private static final int HTTP_PRECONDITION_FAILED = 412;
    private static final int HTTP_NOT_IMPLEMENTED = 501;

    private final S3Bucket bucket;
    private final S3Versions versions;
    private final Optional<S3Lock> lock;
    private volatile boolean locks;
    private volatile String conditional = "";

    S3Abilities(S3Bucket bucket, S3Versions versions, Optional<S3Lock> lock) {
        this.bucket = bucket;
        this.versions = versions;
        this.lock = lock;
    }

    /**
     * Returns if no lock is configured, or the bucket was seen to enforce one; tries it once.
     *
     * @throws StrongroomException REFUSED if what is put there would not be locked
     */
    void requireLock() {
        if (lock.isPresent() && !locks) {
            tryOnce(lock.get());
        }
    }

    private synchronized void tryOnce(S3Lock lock) {
        if (!locks) {
            tryLock(lock);
            locks = true;
        }
    }

    Abilities examine(Optional<String> scratch, BooleanSupplier enforcesDigest) {
        Map<String, String> found = new LinkedHashMap<>();
        List<StrongroomException> missing = new ArrayList<>();
        found.put("versions", told(versions::ask, Abilities.KEPT, "not kept"));
        found.put(Abilities.LOCK, "not used");
        if (lock.isPresent()) {
            found.put(Abilities.LOCK, Abilities.ENFORCED);
            note(missing, this::requireLock, () -> found.put(Abilities.LOCK, "missing"));
        }
        if (found.get("versions").equals(Abilities.KEPT)) {
            note(missing, versions::requireLists, () -> found.put("versions", "kept, and may not be listed"));
        }
        found.put("part digests", told(enforcesDigest::getAsBoolean, "enforced", "not enforced, all is read back"));
        scratch.ifPresent(object -> conditional = told(() -> refusesToOverwrite(object), "enforced", "not enforced"));
        if (!conditional.isEmpty()) {
            found.put("conditional put", conditional);
        }
        return new Abilities(found, missing);
    }

    private static void note(List<StrongroomException> missing, Runnable trial, Runnable otherwise) {
        try {
            trial.run();
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            missing.add(e);
            otherwise.run();
        }
    }

    private static String told(Supplier<Boolean> question, String yes, String no) {
        try {
            return question.get() ? yes : no;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return "unknown";
        }
    }

    /** The object's own bytes are offered again: a store that minds no condition is left with what it had. */
    private boolean refusesToOverwrite(String existing) {
        byte[] content = read(existing);
        try {
            bucket.call(
                    existing,
                    client -> client.putObject(
                            request(existing, content).ifNoneMatch("*").build(), RequestBody.fromBytes(content)));
            return false;
        } catch (StrongroomException e) {
            if (S3Failures.status(e) == HTTP_PRECONDITION_FAILED) {
                return true;
            }
            throw e;
        }
    }

    private void tryLock(S3Lock lock) {
        if (versionsAreOff()) {
            throw none();
        }
        removeProbes();
        String probe = PROBE + UUID.randomUUID();
        Instant until = lock.end(MINUTE);
        String version = putLocked(lock, probe, until);
        if (!isLocked(lock, probe, version, until)) {
            throw none();
        }
        extend(lock, probe, version, until.plusSeconds(1));
        if (isDeleted(probe, version)) {
            throw unfit("the store lets a locked object be deleted");
        }
        conditional = told(() -> refusesToOverwrite(probe), "enforced", "not enforced");
    }

    /** Conditional, because a policy may allow nothing else. */
    private String putLocked(S3Lock lock, String probe, Instant until) {
        PutObjectRequest.Builder request =
                request(probe, CONTENT).objectLockMode(lock.mode()).objectLockRetainUntilDate(until);
        try {
            try {
                return put(probe, request.ifNoneMatch("*").build());
            } catch (StrongroomException e) {
                if (S3Failures.status(e) != HTTP_NOT_IMPLEMENTED) {
                    throw e;
                }
                return put(probe, request.ifNoneMatch(null).build());
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            throw S3Failures.status(e) == HTTP_FORBIDDEN
                    ? bucket.failures()
                            .of(FailureKind.REFUSED, "these credentials may not lock objects")
                            .cure("Allow s3:PutObjectRetention, as docs/operations.md, A locked bucket, says")
                            .causedBy(e)
                    : none().causedBy(e);
        }
    }

    private String put(String probe, PutObjectRequest request) {
        return bucket.call(probe, client -> client.putObject(request, RequestBody.fromBytes(CONTENT)))
                .versionId();
    }

    private boolean versionsAreOff() {
        try {
            return !versions.ask();
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return false; // the trial tells
        }
    }

    private static boolean isLocked(S3Lock lock, String probe, String version, Instant until) {
        return version != null
                && lock.retention(probe, version)
                        .map(ObjectLockRetention::retainUntilDate)
                        .filter(end -> !end.isBefore(until))
                        .isPresent();
    }

    /** Some stores overwrite the object with the lock. */
    private void extend(S3Lock lock, String probe, String version, Instant until) {
        ObjectLockRetentionMode mode =
                ObjectLockRetentionMode.fromValue(lock.mode().toString());
        try {
            lock.extend(probe, version, mode, until);
        } catch (StrongroomException e) {
            throw e.kind().retryable()
                    ? e
                    : unfit("the store does not make a lock longer").causedBy(e);
        }
        if (!isLocked(lock, probe, version, until) || !java.util.Arrays.equals(read(probe), CONTENT)) {
            throw unfit("the store does not make a lock longer, or damages the object");
        }
    }

    private boolean isDeleted(String probe, String version) {
        try {
            bucket.remove(
                    probe,
                    client -> client.deleteObject(each ->
                            each.bucket(bucket.bucket()).key(bucket.key(probe)).versionId(version)));
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return false;
        }
    }

    /** What earlier trials left, as far as its minute is over and it may be deleted. */
    private void removeProbes() {
        bucket.call(client -> client.listObjectsV2(
                        each -> each.bucket(bucket.bucket()).prefix(bucket.prefix() + PROBE)))
                .contents()
                .forEach(object -> {
                    try {
                        versions.delete(bucket.name(object.key()));
                    } catch (StrongroomException e) {
                        if (e.kind().retryable()) {
                            throw e;
                        }
                    }
                });
    }

    private byte[] read(String object) {
        try (InputStream in = bucket.call(
                object,
                client -> client.getObject(each -> each.bucket(bucket.bucket()).key(bucket.key(object))))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw bucket.failures().broken(e);
        }
    }

    private PutObjectRequest.Builder request(String object, byte[] content) {
        return PutObjectRequest.builder()
                .bucket(bucket.bucket())
                .key(bucket.key(object))
                .contentMD5(Base64.getEncoder().encodeToString(Md5.of(content)));
    }

    private StrongroomException none() {
        return bucket.failures()
                .of(FailureKind.REFUSED, "Lock is set, and the bucket has no object lock")
                .cure("Make a bucket with object lock, which most stores switch on only for a new one, or remove Lock");
    }

    private StrongroomException unfit(String text) {
        return bucket.failures().of(FailureKind.REFUSED, text).cure("Use another store, or remove Lock");
    }
}
