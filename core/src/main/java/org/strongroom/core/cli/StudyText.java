package org.strongroom.core.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.control.StudyStatus.PackStatus;

/** Where the bytes of studies are, as people read it. */
public final class StudyText {
    private StudyText() {}

    /** One line per study. */
    public static List<String> of(List<StudyStatus> studies) {
        Table table = new Table(
                "STUDY KEY", "INSTANCES", "ATTACHMENTS", "RAW", "SEALED", "WAITING", "LOCAL", "REMOVED", "RECEIVED BY");
        for (StudyStatus study : studies) {
            table.row(
                    study.key().toString(),
                    String.valueOf(study.instances()),
                    String.valueOf(study.attachments()),
                    Amounts.bytes(study.rawBytes()),
                    Amounts.bytes(study.bytes()),
                    String.valueOf(study.waiting()),
                    String.valueOf(study.local()),
                    String.valueOf(study.removed()),
                    receivers(study));
        }
        return table.lines();
    }

    /** One study and its packs. */
    public static List<String> of(StudyStatus study) {
        List<String> lines = new ArrayList<>(of(List.of(study)));
        Table packs = new Table("PACK", "MEMBERS", "SIZE", "TIERS");
        for (PackStatus pack : study.packs()) {
            List<String> states = new ArrayList<>();
            new TreeMap<>(pack.tiers()).forEach((tier, state) -> {
                String archived = pack.archived().get(tier);
                states.add(tier + " " + state + (archived == null ? "" : " (" + archived + ")"));
            });
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
