package org.strongroom.plugin.retention;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;

/**
 * Which plans people approved, and what was done by them. In a sealed file of Home; without it nothing is approved. Every change is durable
 * when it returns. For one thread of one process.
 */
public final class Approvals {
    /** Under which it is sealed (format.md §5.5). */
    private static final String NAME = "retention-approvals";

    static final int DIGITS = 32;

    private final StateFile<Contents> file;
    private final Map<String, Approval> approvals = new LinkedHashMap<>();

    private record Contents(List<Approval> approvals) {
        Contents {
            approvals = List.copyOf(approvals);
        }
    }

    private Approvals(StateFile<Contents> file) {
        this.file = file;
    }

    /** @throws StrongroomException CORRUPT if the file is not what was written here */
    public static Approvals read(Home home, Keyring keyring) throws IOException {
        Approvals read = new Approvals(
                new StateFile<>(home.retention().resolve("approvals.strs"), NAME, keyring, Contents.class));
        read.file
                .read(
                        "what was approved cannot be read",
                        "Bring the file back from a backup of Home, or move it away: then nothing is approved")
                .ifPresent(contents -> contents.approvals().forEach(one -> read.approvals.put(one.digest(), one)));
        return read;
    }

    /** The name of a plan: the same only if the same studies are due, until the same days. */
    public static String digest(List<PlannedStudy> plan) {
        String all = due(plan).stream()
                .map(study -> study.key() + " " + study.until() + "\n")
                .sorted()
                .collect(Collectors.joining());
        return Sha256.of(all.getBytes(StandardCharsets.US_ASCII)).toString().substring(0, DIGITS);
    }

    /** What may go. */
    public static List<PlannedStudy> due(List<PlannedStudy> plan) {
        return plan.stream().filter(study -> study.fate() == Fate.DUE).toList();
    }

    /** All, the oldest first. */
    public List<Approval> all() {
        return List.copyOf(approvals.values());
    }

    /** Every key that an approval is about, or that was handed over by one. */
    public Set<UUID> keys() {
        Set<UUID> keys = new HashSet<>();
        approvals.values().forEach(one -> {
            keys.addAll(one.keys());
            one.handed().forEach(handed -> keys.addAll(handed.keys()));
        });
        return keys;
    }

    /** One that somebody may agree to, or take back. */
    public Optional<Approval> open(String digest) {
        return Optional.ofNullable(approvals.get(digest)).filter(one -> one.undone() == null);
    }

    /** One that was approved, whatever became of it. */
    public Optional<Approval> named(String digest) {
        return Optional.ofNullable(approvals.get(digest));
    }

    /** Somebody approves what is due now. */
    public Approval approve(List<PlannedStudy> plan, Consent consent) {
        String digest = digest(plan);
        // If the same was approved and taken back, what was done by it counts on for the limit of the day.
        List<Approval.Handed> before =
                Optional.ofNullable(approvals.get(digest)).map(Approval::handed).orElse(List.of());
        return put(
                new Approval(digest, due(plan).stream().map(PlannedStudy::key).toList(), consent, null, null, before));
    }

    /**
     * Somebody else agrees.
     *
     * @throws StrongroomException as {@link Approval#requireAnother}
     */
    public Approval agree(Approval approval, Consent consent) {
        approval.requireAnother(consent);
        return put(approval.agreed(consent));
    }

    /** Nothing more is deleted by it. */
    public Approval undo(Approval approval, Consent consent) {
        return put(approval.undone(consent));
    }

    /**
     * A study is about to be erased by it.
     *
     * @throws StrongroomException REFUSED if it was handed over already: by another run
     */
    public void hand(String digest, Approval.Handed study) {
        Approval approval = approvals.get(digest);
        if (study.keys().stream().anyMatch(key -> approval.handed(key).isPresent())) {
            throw StrongroomException.of(FailureKind.REFUSED, "another run is at this study")
                    .cure("Let one run end before the next begins");
        }
        put(approval.with(study));
    }

    /** How many studies were handed over in the 24 hours before. */
    public long handedBefore(Instant now) {
        Instant since = now.minus(Duration.ofDays(1));
        return approvals.values().stream()
                .flatMap(one -> one.handed().stream())
                .filter(one -> one.at().isAfter(since))
                .count();
    }

    private Approval put(Approval approval) {
        approvals.put(approval.digest(), approval);
        file.write(new Contents(all()));
        return approval;
    }
}
