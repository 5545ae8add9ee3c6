package org.strongroom.plugin.offline.shred;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.Remains;
import org.strongroom.plugin.erase.Erasure;

/**
 * What is left of an erasure at a moment, and what proves that it was carried out. Immutable.
 *
 * @param remains of each of its keys
 * @param file with its proofs, once nothing is left of what the log can prove; empty until then
 * @param unproved why there are no proofs although nothing else is left; empty if there are
 */
record Certificate(
        Erasure erasure, List<Remains> remains, Instant at, Optional<CertificateFile> file, Optional<String> unproved) {
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

    Certificate(Erasure erasure, List<Remains> remains, Instant at) {
        this(erasure, remains, at, Optional.empty(), Optional.empty());
    }

    Certificate provedBy(CertificateFile proofs) {
        return new Certificate(erasure, remains, at, Optional.of(proofs), Optional.empty());
    }

    Certificate unproved(String why) {
        return new Certificate(erasure, remains, at, Optional.empty(), Optional.of(why));
    }

    /** Whether nothing is left, whatever the log says. */
    boolean isDone() {
        return erasure.state().equals("destroyed") && remaining().isEmpty();
    }

    boolean isComplete() {
        return isDone() && file.isPresent();
    }

    /** What is still somewhere, or still to be proved, in words. */
    List<String> left() {
        List<String> left = remaining();
        unproved.ifPresent(why -> left.add("to be proved by the audit log: " + why));
        return left;
    }

    private List<String> remaining() {
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

    /**
     * What it says when nothing is left: the same of one erasure as long as the tiers are, so that it stands in the log once (format.md §9.7).
     *
     * @param installation whose it is
     * @param salt without which nobody can try texts on the digest in the log
     * @param tiers that were looked at
     */
    List<String> statement(UUID installation, String salt, Set<String> tiers) {
        List<String> more = new ArrayList<>(List.of("installation " + installation, "salt " + salt, ordered()));
        approved().ifPresent(more::add);
        List<String> end = new ArrayList<>(List.of(
                "These keys are destroyed, and nothing that they sealed is left on this machine"
                        + (tiers.isEmpty() ? "" : " and in tier " + String.join(", ", new TreeSet<>(tiers))) + ".",
                "What nobody here can know:"));
        NOT_KNOWN.forEach(line -> end.add("- " + line));
        return CertificateFile.statement(erasure.id(), more, List.copyOf(erasure.keys()), end);
    }

    private String ordered() {
        return "ordered " + erasure.since() + " by " + erasure.ordered().owner() + ": "
                + erasure.ordered().reason();
    }

    private Optional<String> approved() {
        return erasure.approved().map(text -> "approved by " + text.owner() + ": " + text.reason());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add((isComplete() ? "COMPLETE" : "PENDING") + "  erasure " + erasure.id() + " at " + at);
        lines.add(ordered());
        approved().ifPresent(lines::add);
        lines.add(erasure.state() + ": " + Amounts.count(erasure.destroyed().size(), "study key") + " of "
                + erasure.keys().size());
        left().forEach(line -> lines.add("left " + line));
        file.ifPresent(
                proofs -> lines.add("proved by " + Amounts.count(proofs.events().size(), "event")
                        + " of the audit log; --to FILE writes the certificate with the proofs"));
        lines.add("What nobody here can know:");
        NOT_KNOWN.forEach(line -> lines.add("- " + line));
        return lines;
    }
}
