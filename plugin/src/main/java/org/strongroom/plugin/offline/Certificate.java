package org.strongroom.plugin.offline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.Remains;
import org.strongroom.plugin.erase.Erasure;

/**
 * What is left of an erasure at a moment. Immutable.
 *
 * @param remains of each of its keys
 */
record Certificate(Erasure erasure, List<Remains> remains, Instant at) {
    static final List<String> NOT_KNOWN = List.of(
            "A copy of a key bundle that somebody made outside this installation's tiers while it was there opens, with the root key or"
                    + " the recovery kit, what a copy of a pack made there holds.",
            "A backup of Home, and what a disk keeps of overwritten bytes, may hold the wrapped key.",
            "Tiers that are not in the settings any more, and disks that carried packs to a tier (seed), are not looked at.",
            "Versions that a store hides (marks of deletion, soft delete, snapshots of a file system) may hold what was deleted.",
            "Snapshots of Orthanc's index name the patient until they are gone, Snapshots.Keep times Every later, or when a lock ends.",
            "Files that users attached, DICOM whose study could not be read, and what is in clear from before Strongroom are not"
                    + " part of it; texts of holds may name the patient, and stay.",
            "Whoever was sent or exported the images has them; Orthanc's index keeps what its database keeps of deleted rows.",
            "The two names prove that they were typed; one person who has the root key could have typed both.");

    Certificate {
        remains = List.copyOf(remains);
    }

    boolean isComplete() {
        return erasure.state().equals("destroyed") && left().isEmpty();
    }

    /** What is still somewhere, in words. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        long here = remains.stream().mapToLong(Remains::here).sum();
        if (here > 0) {
            left.add("on this machine: " + Amounts.count(here, "sealed file"));
        }
        TreeSet<String> tiers = new TreeSet<>();
        for (Remains one : remains) {
            for (Map.Entry<String, String> tier : one.tiers().entrySet()) {
                tiers.add("in tier " + tier.getKey() + ": " + tier.getValue());
            }
        }
        left.addAll(tiers);
        return left;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add((isComplete() ? "COMPLETE" : "PENDING") + "  erasure " + erasure.id() + " at " + at);
        lines.add("ordered " + erasure.since() + " by " + erasure.ordered().owner() + ": "
                + erasure.ordered().reason());
        erasure.approved().ifPresent(text -> lines.add("approved by " + text.owner() + ": " + text.reason()));
        lines.add(erasure.state() + ": " + Amounts.count(erasure.destroyed().size(), "study key") + " of "
                + erasure.keys().size());
        left().forEach(line -> lines.add("left " + line));
        lines.add("What nobody here can know:");
        NOT_KNOWN.forEach(line -> lines.add("- " + line));
        return lines;
    }
}
