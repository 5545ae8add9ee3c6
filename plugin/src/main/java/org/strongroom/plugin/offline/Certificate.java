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
            "Whoever was sent or exported the images has them; Orthanc's index keeps what its database keeps of deleted rows.");

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
