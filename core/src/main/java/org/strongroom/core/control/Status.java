package org.strongroom.core.control;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;

/**
 * Answer of {@code GET /v1/status} (docs/control.md, Status). Sizes are bytes.
 *
 * @param plugin whether a plugin has asked for work lately
 * @param clear files of the time before Strongroom; null if there are none, or the plugin has not told
 * @param drills the last trial recovery from each tier that there was one from
 * @param witnesses of the audit log, by their names in the settings
 * @param erasing what is destroyed and not yet gone everywhere; null if there is nothing
 */
public record Status(
        UUID installation,
        Plugin plugin,
        Backlog backlog,
        Stored stored,
        Local local,
        Line line,
        Forecast forecast,
        ClearProgress clear,
        Map<String, TierStatus> tiers,
        Map<String, DrillResult> drills,
        Map<String, WitnessStatus> witnesses,
        Erasing erasing,
        List<Problem> problems) {

    public Status {
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(plugin, "plugin");
        Objects.requireNonNull(backlog, "backlog");
        Objects.requireNonNull(stored, "stored");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(line, "line");
        Objects.requireNonNull(forecast, "forecast");
        Objects.requireNonNull(tiers, "tiers");
        Objects.requireNonNull(drills, "drills");
        Objects.requireNonNull(witnesses, "witnesses");
        problems = List.copyOf(problems);
    }

    /**
     * Keys that were destroyed for good, of which something is left that has to go.
     *
     * @param here keys with sealed files on this machine
     * @param tiers keys by the tier that may hold something of them
     */
    public record Erasing(long here, Map<String, Long> tiers) {
        public Erasing {
            tiers = Map.copyOf(tiers);
        }
    }

    /** The side with the keys, as the sidecar sees it. */
    public enum Plugin {
        connected,
        absent
    }

    /**
     * What is acknowledged and does not have its receipts yet.
     *
     * @param instances images of it
     * @param bytes sealed size of all of it, attachments of the series included; 0 only if nothing waits
     * @param oldest when the oldest of it arrived; null if there is none
     * @param waitsFor what stands in its way now; if one of them cannot be retried, only a person can take it away
     */
    public record Backlog(long instances, long bytes, Instant oldest, List<Problem> waitsFor) {
        public Backlog {
            waitsFor = List.copyOf(waitsFor);
        }
    }

    /**
     * Everything that Orthanc has and has not removed.
     *
     * @param instances images of it
     * @param rawBytes what Orthanc gave us
     * @param tierBytes what the tiers hold, all copies
     */
    public record Stored(long instances, long rawBytes, long tierBytes) {}

    /**
     * What is on this machine.
     *
     * @param headsBytes heads that stayed when their bodies were evicted; part of {@code cacheBytes}
     * @param freeBytes free on Home's file system
     */
    public record Local(long bytes, long spoolBytes, long cacheBytes, long freeBytes, long headsBytes) {}

    /**
     * What was measured of the line.
     *
     * @param bytesPerSecond what the slowest tier was sent lately; null if nothing is known
     */
    public record Line(Long bytesPerSecond) {}

    /**
     * What will be if all goes on as it did lately.
     *
     * @param drainsAt when every tier has what waits; null if nothing waits, a tier is away, nothing is known, or not within ten years
     * @param autonomyDays for so long images can be taken in with no line at all; null if nothing is known
     * @param intakeBytesPerDay sealed bytes that arrive; null if nothing is known
     * @param exceedsLineBytesPerDay how much of what is to go to a tier the line there does not carry, of the tier where it is most;
     *     negative: what it could carry more; null if nothing is known
     */
    public record Forecast(
            Instant drainsAt, Double autonomyDays, Long intakeBytesPerDay, Long exceedsLineBytesPerDay) {}

    /**
     * One tier.
     *
     * @param counts false for a directory on Home's own file system without {@code AllowSameDisk}
     * @param objects packs that it holds, or should: with a receipt, or damaged or gone since they had one
     * @param queued packs that are planned and have no receipt from this tier
     * @param lastError null if the last call succeeded
     * @param copies packs with a receipt
     * @param damaged packs that had one, and are damaged or gone
     * @param scrubbedThrough every copy was read and was right at this time or later; null if some never were, or there are none
     * @param drain {@code draining to NAME} or {@code drained to NAME}; null if the tier is not being left
     * @param archived packs in an archive class, brought back or not; they are counted in {@code copies}, and not read again
     * @param comingBack of them, those that are being brought back
     * @param permitted whether tenants' data may be there
     * @param anchored everything that was signed into the audit log until then is known to be there; null if nothing is
     * @param seeded of those {@code queued}, packs on disks that are carried there by hand
     * @param abilities what the store was seen to do, and not to do; empty if there is nothing to see, or it was not asked yet
     * @param classes how many packs were moved to each storage class by their age; empty if none were
     */
    public record TierStatus(
            boolean healthy,
            String kind,
            boolean counts,
            long objects,
            long bytes,
            long queued,
            String lastError,
            long copies,
            long damaged,
            Instant scrubbedThrough,
            String drain,
            long archived,
            long comingBack,
            boolean permitted,
            Instant anchored,
            long seeded,
            Map<String, String> abilities,
            Map<String, Long> classes) {
        public TierStatus {
            classes = classes == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(classes));
            // A sidecar of the version before says nothing of them.
            abilities = abilities == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(abilities));
        }
    }

    /**
     * One witness of the audit log.
     *
     * @param cosigned when it signed the last time; null if it never did
     * @param events how many events of the log it signed for then; null if it never did
     * @param lastError why it did not sign when it was last asked; null if it did
     * @param disagrees whether it saw another log than the one that is here, or a longer one
     */
    public record WitnessStatus(Instant cosigned, Long events, String lastError, boolean disagrees) {}

    /** Something that a person should look at. */
    public record Problem(FailureKind kind, String message, String cure) {
        public Problem {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(cure, "cure");
        }
    }
}
