package org.strongroom.core.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Where the bytes of one study key are: one JSON line of {@code GET /v1/studies}, answer of {@code GET /v1/studies/{key}}.
 *
 * @param key random id of the study key
 * @param instances images that Orthanc has not removed
 * @param attachments sealed files that it has not removed: the images, and what it attached to the study and its series
 * @param bytes their sealed size
 * @param rawBytes what Orthanc gave us
 * @param waiting of the attachments, those in the spool: without all their receipts
 * @param local of the attachments, those whose whole bytes are on this machine
 * @param removed sealed files that Orthanc removed and that are still kept
 * @param lastArrival when the newest of them arrived
 * @param packs where they were packed, oldest pack first
 */
public record StudyStatus(
        UUID key,
        UUID tenant,
        long instances,
        long attachments,
        long bytes,
        long rawBytes,
        long waiting,
        long local,
        long removed,
        Instant lastArrival,
        List<PackStatus> packs) {

    public StudyStatus {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(tenant, "tenant");
        packs = List.copyOf(packs);
    }

    /**
     * One pack of the study.
     *
     * @param tiers per tier: {@code queued}, {@code uploading}, {@code uploaded}, {@code checked}, {@code received},
     *     {@code suspect}, {@code purged}, {@code seeded}
     * @param archived per tier in whose archive it is or was: {@code archived}, {@code coming back, ready about TIME},
     *     {@code back until TIME}, {@code ready to be archived}
     */
    public record PackStatus(
            UUID pack, long members, long bytes, Map<String, String> tiers, Map<String, String> archived) {}
}
