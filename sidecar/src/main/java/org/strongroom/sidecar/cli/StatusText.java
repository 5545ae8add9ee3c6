package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Table;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.Status.TierStatus;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.control.StudyStatus.PackStatus;

/** Status as people read it. */
final class StatusText {
    private StatusText() {}

    static List<String> of(Status status, Instant now) {
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
        lines.add("Orthanc  " + (status.plugin() == Status.Plugin.connected ? "connected" : "not connected"));
        lines.add("");
        lines.addAll(tiers(status.tiers()));
        for (Status.Problem problem : status.problems()) {
            lines.add("");
            lines.add(problem.kind() + ": " + problem.message());
            if (!problem.cure().isEmpty()) {
                lines.add("  Cure: " + problem.cure());
            }
        }
        return lines;
    }

    private static List<String> tiers(Map<String, TierStatus> tiers) {
        Table table = new Table("TIER", "KIND", "STATE", "OBJECTS", "SIZE", "QUEUED", "LAST ERROR");
        tiers.forEach((name, tier) -> table.row(
                name,
                tier.kind(),
                (tier.healthy() ? "healthy" : "not healthy") + (tier.counts() ? "" : ", same disk: does not count"),
                String.valueOf(tier.objects()),
                Amounts.bytes(tier.bytes()),
                String.valueOf(tier.queued()),
                tier.lastError() == null ? "" : tier.lastError()));
        return tiers.isEmpty() ? List.of("No tiers: this machine holds the only copy.") : table.lines();
    }

    static List<String> of(List<StudyStatus> studies) {
        Table table =
                new Table("STUDY KEY", "INSTANCES", "RAW", "SEALED", "WAITING", "LOCAL", "REMOVED", "RECEIVED BY");
        for (StudyStatus study : studies) {
            table.row(
                    study.key().toString(),
                    String.valueOf(study.instances()),
                    Amounts.bytes(study.rawBytes()),
                    Amounts.bytes(study.bytes()),
                    String.valueOf(study.waiting()),
                    String.valueOf(study.local()),
                    String.valueOf(study.removed()),
                    receivers(study));
        }
        return table.lines();
    }

    static List<String> of(StudyStatus study) {
        List<String> lines = new ArrayList<>(of(List.of(study)));
        Table packs = new Table("PACK", "MEMBERS", "SIZE", "TIERS");
        for (PackStatus pack : study.packs()) {
            List<String> states = new ArrayList<>();
            new TreeMap<>(pack.tiers()).forEach((tier, state) -> states.add(tier + " " + state));
            packs.row(
                    pack.pack().toString(),
                    String.valueOf(pack.members()),
                    Amounts.bytes(pack.bytes()),
                    String.join(", ", states));
        }
        lines.add("");
        lines.addAll(packs.lines());
        return lines;
    }

    /** The tiers that received every pack of the study. */
    private static String receivers(StudyStatus study) {
        Iterator<PackStatus> packs = study.packs().iterator();
        if (!packs.hasNext()) {
            return "";
        }
        Map<String, String> all = new TreeMap<>(packs.next().tiers());
        all.values().removeIf(state -> !state.equals("received"));
        packs.forEachRemaining(pack ->
                all.keySet().removeIf(tier -> !"received".equals(pack.tiers().get(tier))));
        return String.join(", ", all.keySet());
    }
}
