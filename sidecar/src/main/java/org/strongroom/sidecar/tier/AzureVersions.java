package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.AzureXml.Blob;
import org.strongroom.sidecar.tier.Tier.Lingering;

/**
 * What a storage account keeps under one name. With versions a delete only hides; with soft delete whatever is deleted, versions too, can be
 * brought back for some days. What is soft-deleted is never brought back here: deleting it once more would begin these days anew. Thread-safe.
 */
final class AzureVersions {
    /** Versions first, then what soft delete keeps of them. */
    private static final int PASSES = 2;

    private final AzureContainer container;
    private final AzureBlobs blobs;
    private final InstantSource clock;
    /** Whether the account was seen to let nobody end the days of soft delete. */
    private volatile boolean keepsDays;
    /**
     * Whether versions may not be deleted, or not be seen: then what Strongroom deletes is hidden for as long as the account likes, looks like
     * what somebody else hid, and is not brought back.
     */
    private volatile boolean keepsVersions;

    AzureVersions(AzureContainer container, AzureBlobs blobs) {
        this.container = container;
        this.blobs = blobs;
        this.clock = container.clock();
    }

    /**
     * Deletes a blob with its snapshots and versions. What the account keeps of them, because of soft delete or because these credentials may
     * not delete a version, is {@link #lingering}.
     */
    void delete(String object) {
        blobs.delete(object);
        try {
            deleteVersions(object);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.REFUSED) {
                throw e;
            }
            keepsVersions = true;
        }
    }

    private void deleteVersions(String object) {
        for (int pass = 0; pass < PASSES; pass++) {
            List<Blob> left = behind(object);
            if (left.stream().allMatch(each -> each.deleted() && (keepsDays || !hasId(each)))) {
                return;
            }
            left.forEach(each -> delete(object, each));
        }
    }

    private void delete(String object, Blob one) {
        if (!one.deleted()) {
            blobs.deleteAlone(request(object, one));
        } else if (hasId(one) && !keepsDays) {
            try {
                blobs.deleteAlone(request(object, one).query("deletetype", "permanent"));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.REFUSED) {
                    throw e;
                }
                keepsDays =
                        true; // not allowed in the account, or not to these credentials: it goes when its days are over
            }
        }
    }

    private static AzureRequest request(String object, Blob one) {
        AzureRequest request = AzureRequest.of("DELETE", object);
        return one.snapshot().isEmpty()
                ? request.query("versionid", one.version())
                : request.query("snapshot", one.snapshot());
    }

    private static boolean hasId(Blob one) {
        return !one.version().isEmpty() || !one.snapshot().isEmpty();
    }

    /** All that is kept of this blob and not read by its name. */
    private List<Blob> behind(String object) {
        String name = container.prefix() + object;
        List<Blob> found = new ArrayList<>();
        blobs.listAll(name, blob -> {
            if (blob.name().equals(name) && !blob.isSeen()) {
                found.add(blob);
            }
        });
        return found;
    }

    /** Whether nothing is read by this name, and a version of it is there. */
    boolean isHidden(String object) {
        return hidden(object).contains(object);
    }

    /** Names below a prefix of which that is true. */
    List<String> hidden(String prefix) {
        if (keepsVersions) {
            return List.of();
        }
        Map<String, Boolean> seen = new LinkedHashMap<>();
        blobs.listAll(container.prefix() + ObjectName.checkPrefix(prefix), blob -> {
            if (!blob.deleted() && !blob.metadata().containsKey(AzureBlobs.ABANDONED)) {
                seen.merge(blob.name(), blob.isSeen(), Boolean::logicalOr);
            }
        });
        return seen.entrySet().stream()
                .filter(each -> !each.getValue())
                .map(each -> container.name(each.getKey()))
                .toList();
    }

    /** Copies the newest version in place of what is gone; the versions stay for {@link #delete}. */
    void reveal(String object) {
        Optional<Blob> newest = behind(object).stream()
                .filter(each -> !each.deleted()
                        && !each.version().isEmpty()
                        && !each.metadata().containsKey(AzureBlobs.ABANDONED))
                .max(Comparator.comparing(Blob::version)); // a time, always written in the same way
        if (newest.isEmpty() || blobs.properties(object).isPresent()) {
            return;
        }
        String source = container.source(object, newest.get().version()).toString();
        String status = container.call(
                AzureRequest.of("PUT", object)
                        .header("x-ms-copy-source", source)
                        .header("if-none-match", "*"),
                answer -> AzureContainer.header(answer, "x-ms-copy-status"));
        if (!status.equals("success")) {
            throw container
                    .failures()
                    .of(FailureKind.UNAVAILABLE, "the store is still copying a version to its place")
                    .with("object", object);
        }
    }

    /** What is kept and not seen, and when the last of it goes. The service counts whole days. */
    Optional<Lingering> lingering(String prefix) {
        List<Blob> found = new ArrayList<>();
        blobs.listAll(container.prefix() + ObjectName.checkPrefix(prefix), blob -> {
            if (!blob.isSeen()) {
                found.add(blob);
            }
        });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> until = found.stream().allMatch(Blob::deleted)
                ? found.stream()
                        .map(each -> clock.instant().plus(Duration.ofDays(each.daysLeft() + 1)))
                        .max(Comparator.naturalOrder())
                : Optional.empty();
        return Optional.of(new Lingering(found.size(), until));
    }
}
