package org.strongroom.plugin.offline.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.FsckLine.Repair;
import org.strongroom.core.control.RepairResult;

/** What one comparison found: exact counts, the first findings of each kind, and all that can be repaired. Used by one thread. */
final class FsckReport {
    /** More of one kind is told by its count. */
    private static final int LISTED = 1_000;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Finding> listed = new ArrayList<>();
    private final Map<Repair, List<Finding>> repairs = new EnumMap<>(Repair.class);
    private final Set<String> notCompared = new LinkedHashSet<>();
    private FsckLine.Result result;
    private RepairResult repaired;
    private LedgerRebuild rebuilt;

    void add(Finding finding) {
        long count = counts.merge(finding.kind(), 1L, Long::sum);
        if (count <= LISTED) {
            listed.add(finding);
        }
        if (finding.repair() != null) {
            repairs.computeIfAbsent(finding.repair(), repair -> new ArrayList<>())
                    .add(finding);
        }
    }

    void add(FsckLine.Result compared) {
        result = compared;
        notCompared.addAll(compared.notAsked());
    }

    /** Something could not be looked at, so that nobody knows. */
    void notCompared(String what) {
        notCompared.add(what);
    }

    void repaired(RepairResult done) {
        repaired = done;
    }

    /** The ledger was made anew before. */
    void rebuilt(LedgerRebuild done) {
        rebuilt = done;
    }

    /** @param attachment null for any */
    boolean knows(Kind kind, UUID attachment, String tier, String object, String file) {
        return listed.stream()
                .anyMatch(finding -> finding.kind() == kind
                        && (attachment == null || attachment.equals(finding.attachment()))
                        && java.util.Objects.equals(finding.tier(), tier)
                        && java.util.Objects.equals(finding.object(), object)
                        && java.util.Objects.equals(finding.file(), file));
    }

    boolean isComplete() {
        return result != null;
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Findings by what can be done about them. */
    Map<Repair, List<Finding>> repairs() {
        return repairs;
    }

    boolean sound() {
        return counts.isEmpty() && notCompared.isEmpty();
    }

    void tell(Console console) {
        console.object(json());
        if (rebuilt != null) {
            rebuilt.lines().forEach(console::line);
        }
        for (Finding finding : listed) {
            console.line(finding.kind() + ": " + finding.what() + where(finding));
            console.line("  Cure: " + finding.cure());
        }
        for (Kind kind : Kind.values()) {
            if (count(kind) > LISTED) {
                console.line("… and " + (count(kind) - LISTED) + " more of kind " + kind);
            }
        }
        console.line(Amounts.count(result.attachments(), "attachment") + " in Orthanc's index (" + result.clear()
                + " in clear), " + Amounts.count(result.local(), "file") + " on this machine, "
                + Amounts.count(result.objects(), "pack") + " in the tiers, "
                + Amounts.count(result.forgotten(), "forgotten file") + ", "
                + Amounts.count(result.quarantined(), "file") + " in quarantine");
        console.line(count(Kind.orphan) + " orphans, " + count(Kind.missing) + " missing, " + count(Kind.duplicate)
                + " duplicates, " + count(Kind.corrupt) + " corrupt");
        notCompared.forEach(what -> console.line("Not compared: " + what));
        tellPlan(console);
        console.line(sound() ? "Everything is where it belongs." : "Not everything is where it belongs.");
    }

    private void tellPlan(Console console) {
        plan().forEach(step ->
                console.line("Plan: " + step.get("what") + " (" + step.get("count") + "): " + step.get("command")));
        if (repaired != null) {
            console.line(Amounts.count(repaired.done(), "finding") + " repaired");
            repaired.kept()
                    .forEach(kept ->
                            console.line(Amounts.count(kept.instances(), "finding") + " left: " + kept.reason()));
        }
    }

    /** The plan as people read it, before they agree. */
    List<String> planLines() {
        return plan().stream()
                .map(step -> step.get("count") + " × " + step.get("what"))
                .toList();
    }

    private List<Map<String, Object>> plan() {
        List<Map<String, Object>> plan = new ArrayList<>();
        repairs.forEach((repair, findings) -> {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("repair", repair);
            step.put("count", findings.size());
            step.put("what", words(repair));
            step.put("command", "strongroom fsck --repair");
            plan.add(step);
        });
        return plan;
    }

    private static String words(Repair repair) {
        return switch (repair) {
            case giveBack -> "store the image in Orthanc again if it does not have it, then forget the old file";
            case forget -> "forget a file that is no image; it stays for Forget.Grace";
            case remake -> "send the pack to the tier once more";
            case abort -> "give up an upload that leads nowhere";
            case setAside -> "move the file to Home/quarantine";
            case removeAgain -> "delete in Orthanc what was deleted there before";
            case fromMirror -> "copy the file back from SpoolMirror";
        };
    }

    private static String where(Finding finding) {
        StringBuilder where = new StringBuilder(" (");
        if (finding.attachment() != null) {
            where.append("attachment ").append(finding.attachment()).append(", ");
        }
        if (finding.tier() != null) {
            where.append("tier ").append(finding.tier()).append(", ").append(finding.object());
        } else {
            where.append(finding.file() == null ? "" : finding.file());
        }
        return where.append(')').toString().replace(", )", ")").replace(" ()", "");
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("orphans", count(Kind.orphan));
        json.put("missing", count(Kind.missing));
        json.put("duplicates", count(Kind.duplicate));
        json.put("corrupt", count(Kind.corrupt));
        json.put("sound", sound());
        json.put("notCompared", notCompared);
        json.put("compared", result);
        json.put("findings", listed);
        json.put("plan", plan());
        json.put("repaired", repaired);
        if (rebuilt != null) {
            json.put("rebuilt", rebuilt.json());
        }
        return json;
    }
}
