package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Table;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.Status.TierStatus;
import org.strongroom.core.control.Status.WitnessStatus;

/** Status as people read it. */
final class StatusText {
    private StatusText() {}

    static List<String> of(Status status, Instant now, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        Status.Backlog backlog = status.backlog();
        String oldest = backlog.oldest() == null
                ? ""
                : ", the oldest for " + Amounts.time(Duration.between(backlog.oldest(), now));
        Status.Stored stored = status.stored();
        Status.Local local = status.local();
        lines.add("Backlog  " + Amounts.count(backlog.instances(), "instance") + ", " + Amounts.bytes(backlog.bytes())
                + oldest);
        lines.add("Stored   " + Amounts.count(stored.instances(), "instance") + ", " + Amounts.bytes(stored.rawBytes())
                + ", as " + Amounts.bytes(stored.tierBytes()) + " in all tiers");
        lines.add(
                "Local    " + Amounts.bytes(local.bytes()) + ": spool " + Amounts.bytes(local.spoolBytes()) + ", cache "
                        + Amounts.bytes(local.cacheBytes()) + " (heads " + Amounts.bytes(local.headsBytes()) + "); "
                        + Amounts.bytes(local.freeBytes()) + " free");
        if (status.clear() != null) {
            lines.add(clear(status.clear()));
        }
        lines.addAll(ForecastText.of(status, now, zone));
        lines.add("Orthanc  " + (status.plugin() == Status.Plugin.connected ? "connected" : "not connected"));
        status.drills().forEach((tier, drill) -> lines.add(drill(tier, drill, now)));
        status.witnesses().forEach((name, witness) -> lines.add(witness(name, witness, now)));
        if (status.erasing() != null) {
            lines.add(erasing(status.erasing()));
        }
        lines.add("");
        lines.addAll(tiers(status.tiers(), now));
        for (Status.Problem problem : status.problems()) {
            lines.add("");
            lines.add(problem.kind() + ": " + problem.message());
            if (!problem.cure().isEmpty()) {
                lines.add("  Cure: " + problem.cure());
            }
        }
        return lines;
    }

    /** Files of the time before Strongroom: how many of how many are sealed. */
    private static String clear(ClearProgress clear) {
        String unknown = clear.unknown() == 0
                ? ""
                : "; " + Amounts.count(clear.unknown(), "file") + " not in Orthanc's index, left alone";
        return "Clear    " + clear.sealed() + " of " + Amounts.count(clear.sealed() + clear.waiting(), "file")
                + " of the time before sealed, " + Amounts.bytes(clear.sealedBytes()) + " of "
                + Amounts.bytes(clear.sealedBytes() + clear.waitingBytes()) + unknown;
    }

    /** The last trial recovery from a tier. */
    private static String drill(String tier, DrillResult drill, Instant now) {
        List<String> words = new ArrayList<>();
        words.add(drill.proven() ? "proven" : "FAILED (" + drill.reason() + ")");
        if (drill.secondsToList() != null) {
            words.add("everything listed after " + Amounts.time(Duration.ofSeconds(drill.secondsToList())));
        }
        if (drill.secondsToRead() != null) {
            words.add("all read in about " + Amounts.time(Duration.ofSeconds(drill.secondsToRead())));
        }
        if (drill.point() != null) {
            words.add("whole up to " + drill.point());
        }
        String ago = Amounts.time(Duration.between(drill.ended(), now));
        return "Drill    from " + tier + " " + ago + " ago: " + String.join(", ", words);
    }

    /** What is erased for good and not gone everywhere yet. */
    private static String erasing(Status.Erasing left) {
        List<String> places = new ArrayList<>();
        if (left.here() > 0) {
            places.add("on this machine: " + Amounts.count(left.here(), "study key"));
        }
        new TreeMap<>(left.tiers())
                .forEach((tier, keys) -> places.add("in tier " + tier + ": " + Amounts.count(keys, "study key")));
        return "Erasing  " + String.join("; ", places) + " (strongroom shred certificate says what, and why)";
    }

    /** Up to where a witness of the audit log signed. */
    private static String witness(String name, WitnessStatus witness, Instant now) {
        String signed = witness.cosigned() == null || witness.events() == null
                ? "has signed nothing of the audit log yet"
                : "signed the first " + Amounts.count(witness.events(), "event") + " of the audit log "
                        + Amounts.time(Duration.between(witness.cosigned(), now)) + " ago";
        return "Witness  " + name + (witness.disagrees() ? " SAW ANOTHER LOG; " : " ") + signed
                + (witness.lastError() == null ? "" : " (" + witness.lastError() + ")");
    }

    private static List<String> tiers(Map<String, TierStatus> tiers, Instant now) {
        Table table = new Table(
                "TIER", "KIND", "STATE", "COPIES", "SIZE", "QUEUED", "CHECKED SINCE", "AUDIT LOG", "LAST ERROR");
        tiers.forEach((name, tier) -> table.row(
                name,
                tier.kind(),
                state(tier),
                String.valueOf(tier.copies()),
                Amounts.bytes(tier.bytes()),
                String.valueOf(tier.queued()),
                tier.scrubbedThrough() == null
                        ? ""
                        : LocalDate.ofInstant(tier.scrubbedThrough(), ZoneOffset.UTC)
                                .toString(),
                tier.anchored() == null ? "" : Amounts.time(Duration.between(tier.anchored(), now)) + " ago",
                tier.lastError() == null ? "" : tier.lastError()));
        if (tiers.isEmpty()) {
            return List.of("No tiers: this machine holds the only copy.");
        }
        List<String> lines = new ArrayList<>(table.lines());
        tiers.forEach((name, tier) -> {
            if (!tier.abilities().isEmpty()) {
                lines.add("Store    " + name + ": "
                        + String.join(
                                ", ",
                                tier.abilities().entrySet().stream()
                                        .map(each -> each.getKey() + " " + each.getValue())
                                        .toList()));
            }
        });
        return lines;
    }

    private static String state(TierStatus tier) {
        List<String> words = new ArrayList<>();
        words.add(tier.healthy() ? "healthy" : "not healthy");
        if (!tier.counts()) {
            words.add("same disk: does not count");
        }
        if (tier.damaged() > 0) {
            words.add(tier.damaged() + " damaged");
        }
        if (tier.archived() > 0) {
            words.add(tier.archived() + " archived"
                    + (tier.comingBack() > 0 ? " (" + tier.comingBack() + " coming back)" : ""));
        }
        tier.classes().forEach((name, packs) -> words.add(packs + " in " + name));
        if (tier.seeded() > 0) {
            words.add(tier.seeded() + " on disks");
        }
        if (tier.drain() != null) {
            words.add(tier.drain());
        }
        if (!tier.permitted()) {
            words.add("outside the jurisdictions: not used");
        }
        return String.join(", ", words);
    }
}
