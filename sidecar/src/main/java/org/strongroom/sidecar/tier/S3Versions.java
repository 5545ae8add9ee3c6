package org.strongroom.sidecar.tier;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * What a bucket keeps under one name. In a bucket with versions a delete only hides: what is to be gone is deleted version by
 * version, and what somebody hid is brought to light again. Thread-safe.
 */
final class S3Versions {
    private static final int HTTP_NO_CONTENT = 204;

    private final S3Bucket bucket;
    private final InstantSource clock;
    private volatile Optional<Boolean> keeps = Optional.empty();

    /** @param clock the store's */
    S3Versions(S3Bucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    /** One version of an object, or a mark that hides what is before it. */
    private record Version(String id, boolean mark, boolean newest, Instant at) {}

    /** Whether the bucket keeps versions, or kept them once; asked once. False also if nobody may know. */
    boolean areKept() {
        if (keeps.isEmpty()) {
            try {
                return ask();
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.REFUSED) {
                    throw e;
                }
                return false; // the answer to a delete tells as well
            }
        }
        return keeps.get();
    }

    /** @throws StrongroomException REFUSED if the store does not have the question, or forbids it */
    boolean ask() {
        GetBucketVersioningResponse answer =
                bucket.call(client -> client.getBucketVersioning(request -> request.bucket(bucket.bucket())));
        boolean kept = answer.status() == BucketVersioningStatus.ENABLED
                || answer.status() == BucketVersioningStatus.SUSPENDED;
        // Never switched on is an empty answer, as a login page's would be: that one is not remembered.
        if (kept
                || answer.sdkHttpResponse()
                        .firstMatchingHeader("x-amz-request-id")
                        .isPresent()) {
            keeps = Optional.of(kept);
        }
        return kept;
    }

    /** A store that cannot say it now, or does not have the question, is not kept from deleting: its answer to that tells. */
    private boolean seemKept() {
        try {
            return areKept();
        } catch (StrongroomException e) {
            return false;
        }
    }

    /** Deletes an object with all its versions, as far as they are not locked. */
    void delete(String object) {
        if (!seemKept() && !plainly(object)) {
            return;
        }
        Optional<Instant> locked = Optional.empty();
        for (Version version : of(object)) {
            Optional<Instant> until = delete(object, version);
            if (until.isPresent() && locked.filter(until.get()::isBefore).isEmpty()) {
                locked = until;
            }
        }
        if (locked.isPresent()) {
            throw Locked.until(
                    locked.get(),
                    bucket.failures()
                            .of(FailureKind.REFUSED, "the object is locked")
                            .with("object", object)
                            .cure("Wait: it can be deleted when its lock has ended"));
        }
    }

    /** Removes the newest version; one that is locked is hidden by a mark, so that another can be put under its name. */
    void withdraw(String object) {
        if (!areKept()) {
            delete(object);
            return;
        }
        for (Version version : of(object)) {
            if (version.newest() && delete(object, version).isPresent()) {
                plainly(object);
            }
        }
    }

    /** Whether another version comes to light when the newest is gone: one that no mark hides. */
    boolean hasOlder(String object) {
        if (!areKept()) {
            return false;
        }
        List<Version> behind =
                of(object).stream().filter(version -> !version.newest()).toList();
        Optional<Instant> older = behind.stream()
                .filter(version -> !version.mark())
                .map(Version::at)
                .max(Instant::compareTo);
        return older.isPresent()
                && behind.stream()
                        .noneMatch(version -> version.mark() && !version.at().isBefore(older.get()));
    }

    /** Whether the newest version is a mark, with something behind it. */
    boolean isHidden(String object) {
        if (!areKept()) {
            return false;
        }
        List<Version> versions = of(object);
        return versions.stream().anyMatch(version -> version.mark() && version.newest())
                && versions.stream().anyMatch(version -> !version.mark());
    }

    /** Names below a prefix whose newest version is a mark, with something behind it. */
    List<String> hidden(String prefix) {
        if (!areKept()) {
            return List.of();
        }
        Set<String> marked = new TreeSet<>();
        Set<String> behind = new HashSet<>();
        pages(prefix, page -> {
            page.deleteMarkers().stream().filter(DeleteMarkerEntry::isLatest).forEach(each -> marked.add(each.key()));
            page.versions().forEach(each -> behind.add(each.key()));
        });
        marked.retainAll(behind);
        return marked.stream()
                .map(key -> key.substring(bucket.prefix().length()))
                .toList();
    }

    /**
     * Versions below a prefix that another one is seen instead of, with other bytes: somebody wrote over them. The same bytes were put twice because an answer
     * was lost, and hold nothing else.
     */
    Optional<Tier.Lingering> lingering(String prefix) {
        if (!areKept()) {
            return Optional.empty();
        }
        Map<String, String> seen = new HashMap<>();
        List<ObjectVersion> older = new ArrayList<>();
        pages(prefix, page -> page.versions().forEach(each -> {
            if (each.isLatest()) {
                seen.put(each.key(), each.eTag());
            } else {
                older.add(each);
            }
        }));
        long count = older.stream()
                .filter(each -> !Objects.equals(each.eTag(), seen.get(each.key())))
                .count();
        return count == 0 ? Optional.empty() : Optional.of(new Tier.Lingering(count, Optional.empty()));
    }

    private void pages(String prefix, Consumer<ListObjectVersionsResponse> each) {
        String keys = bucket.prefix() + ObjectName.checkPrefix(prefix);
        String afterKey = null;
        String afterVersion = null;
        while (true) {
            ListObjectVersionsResponse page = page(prefix, keys, afterKey, afterVersion);
            each.accept(page);
            if (!bucket.required(page.isTruncated())) {
                return;
            }
            requireGoesOn(page, afterKey, afterVersion);
            afterKey = page.nextKeyMarker();
            afterVersion = page.nextVersionIdMarker();
        }
    }

    private void requireGoesOn(ListObjectVersionsResponse page, String afterKey, String afterVersion) {
        boolean same = Objects.equals(page.nextKeyMarker(), afterKey)
                && Objects.equals(page.nextVersionIdMarker(), afterVersion);
        if (page.nextKeyMarker() == null || same) {
            throw bucket.failures().of(FailureKind.UNAVAILABLE, "the store's list of versions does not go on");
        }
    }

    /** Removes the marks that hide an object. */
    void reveal(String object) {
        while (isHidden(object)) {
            of(object).stream()
                    .filter(version -> version.mark() && version.newest())
                    .forEach(version -> delete(object, version));
        }
    }

    /** Without a version; returns whether this left a mark, because the bucket does keep versions. */
    private boolean plainly(String object) {
        String key = bucket.key(object);
        try {
            DeleteObjectResponse answer = bucket.remove(
                    object,
                    client -> client.deleteObject(
                            each -> each.bucket(bucket.bucket()).key(key)));
            if (answer.sdkHttpResponse().statusCode() != HTTP_NO_CONTENT) {
                bucket.required(answer.sdkHttpResponse()
                        .firstMatchingHeader("x-amz-request-id")
                        .orElse(null));
            }
            boolean marked = Boolean.TRUE.equals(answer.deleteMarker());
            if (marked) {
                keeps = Optional.of(true);
            }
            return marked;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Deletes one version for good; returns until when it is locked, if that is why it could not be. */
    private Optional<Instant> delete(String object, Version version) {
        String key = bucket.key(object);
        try {
            bucket.remove(
                    object,
                    client -> client.deleteObject(
                            each -> each.bucket(bucket.bucket()).key(key).versionId(version.id())));
            return Optional.empty();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            if (e.kind() != FailureKind.REFUSED || version.mark()) {
                throw e;
            }
            Optional<Instant> until = lockedUntil(object, version);
            if (until.isEmpty() && isHeld(object, version)) {
                throw bucket.failures()
                        .of(FailureKind.REFUSED, "the store keeps this object under a legal hold")
                        .with("object", object)
                        .cure("Nothing is to be done until whoever set the hold ends it")
                        .causedBy(e);
            }
            if (until.isEmpty()) {
                throw e;
            }
            return until;
        }
    }

    /** A store's refusal does not say whether a lock is the reason. */
    private Optional<Instant> lockedUntil(String object, Version version) {
        try {
            return S3Lock.retention(bucket, object, version.id())
                    .map(ObjectLockRetention::retainUntilDate)
                    .filter(clock.instant()::isBefore);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private boolean isHeld(String object, Version version) {
        try {
            return bucket.call(
                                    object,
                                    client -> client.getObjectLegalHold(each -> each.bucket(bucket.bucket())
                                            .key(bucket.key(object))
                                            .versionId(version.id())))
                            .legalHold()
                            .status()
                    == ObjectLockLegalHoldStatus.ON;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return false;
        }
    }

    /** Oldest first, so that a delete that is cut off brings no older version to light. */
    private List<Version> of(String object) {
        String key = bucket.key(object);
        List<Version> found = new ArrayList<>();
        String afterKey = null;
        String afterVersion = null;
        while (true) {
            ListObjectVersionsResponse page = page(object, key, afterKey, afterVersion);
            page.versions().stream()
                    .filter(each -> each.key().equals(key))
                    .forEach(each ->
                            found.add(new Version(each.versionId(), false, each.isLatest(), each.lastModified())));
            page.deleteMarkers().stream()
                    .filter(each -> each.key().equals(key))
                    .forEach(each ->
                            found.add(new Version(each.versionId(), true, each.isLatest(), each.lastModified())));
            boolean more = bucket.required(page.isTruncated());
            if (!more || !key.equals(page.nextKeyMarker())) {
                found.sort(java.util.Comparator.comparing(Version::newest));
                return found;
            }
            if (page.nextVersionIdMarker() == null || page.nextVersionIdMarker().equals(afterVersion)) {
                throw bucket.failures().of(FailureKind.UNAVAILABLE, "the store's list of versions does not go on");
            }
            afterKey = page.nextKeyMarker();
            afterVersion = page.nextVersionIdMarker();
        }
    }

    private ListObjectVersionsResponse page(String object, String key, String afterKey, String afterVersion) {
        try {
            return bucket.call(
                    object,
                    client -> client.listObjectVersions(each -> each.bucket(bucket.bucket())
                            .prefix(key)
                            .maxKeys(bucket.pageSize())
                            .keyMarker(afterKey)
                            .versionIdMarker(afterVersion)));
        } catch (StrongroomException e) {
            throw e.kind() == FailureKind.REFUSED ? notListed().causedBy(e) : e;
        }
    }

    /** @throws StrongroomException REFUSED if these credentials may not list versions */
    void requireLists() {
        of("tier.id");
    }

    private StrongroomException notListed() {
        return bucket.failures()
                .of(
                        FailureKind.REFUSED,
                        "the bucket keeps versions, and these credentials may not list them: nothing can be deleted for good")
                .cure("Allow s3:ListBucketVersions, as docs/operations.md, A locked bucket, says");
    }
}
