package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Tier;

/**
 * Holds a log, if there still is one, against every copy of it in some tiers, and reads these copies from end to end. Believes nothing but
 * the verifier key; without one from an auditor that is the key beside the log, and every log in a tier that another key signed counts
 * against it. For one thread, once.
 */
public final class AnchorVerification {
    static final String NOT_ANCHORED = "a tier holds no copy of the log";
    static final String COPY = "the copy in a tier is not what was signed";
    static final String OTHER_KEY = "a tier holds a log of this installation that another key signed";

    /** A log that grows all the time has a newer checkpoint at the end of each look, damaged or not. */
    private static final int LOOKS = 3;

    private final Path folder;
    private final List<Tier> tiers;
    private final Predicate<NoteKey> isFormer;
    private final Cosignatures witnesses;

    private AnchorVerification(Path folder, List<Tier> tiers, Predicate<NoteKey> isFormer, Cosignatures witnesses) {
        this.witnesses = witnesses;
        this.folder = folder;
        this.tiers = tiers;
        this.isFormer = isFormer;
    }

    /**
     * @param verdict on all of them together
     * @param anchored how many entries the newest checkpoint of each tier speaks of, by the tier's name; what was recorded behind that
     *     only this machine vouches for
     */
    public record Outcome(Verdict verdict, Map<String, Long> anchored) {
        public Outcome {
            anchored = Collections.unmodifiableMap(new TreeMap<>(anchored));
        }
    }

    /**
     * @param log the folder; absent or empty: the copies in the tiers are all that is left
     * @param key the file with the verifier key; empty for the one in the folder
     * @param seen as for {@link LogVerification#of(Path, Path, List)}
     * @param former files with verifier keys of earlier logs that ended with everybody's knowledge
     * @throws StrongroomException NOT_FOUND if there is no key, and the tiers do not hold exactly one
     */
    public static Outcome of(Path log, Optional<Path> key, List<Path> seen, List<Tier> tiers, List<Path> former)
            throws IOException {
        return of(log, key, seen, tiers, former, new Cosignatures(log));
    }

    /**
     * The same, also against what witnesses signed.
     *
     * @throws StrongroomException as the other one
     */
    public static Outcome of(
            Path log, Optional<Path> key, List<Path> seen, List<Tier> tiers, List<Path> former, Cosignatures witnesses)
            throws IOException {
        List<String> ended = new ArrayList<>();
        for (Path file : former) {
            ended.add(LogReader.keyIn(file).encode());
        }
        AnchorVerification verification =
                new AnchorVerification(log, tiers, found -> ended.contains(found.encode()), witnesses);
        return verification.outcome(key, seen);
    }

    private Outcome outcome(Optional<Path> file, List<Path> seen) throws IOException {
        List<AnchoredLog> all = new ArrayList<>();
        for (Tier tier : tiers) {
            all.addAll(AnchoredLog.all(tier));
        }
        boolean here = LogVerification.isHere(folder);
        boolean keyless = here && file.isEmpty() && keyBeside().isEmpty();
        NoteKey key;
        try {
            key = key(file, all);
        } catch (StrongroomException e) {
            if (keyless) {
                return new Outcome(Verdict.bad(0, null, LogVerification.NO_KEY), anchored(List.of()));
            }
            throw e;
        }
        List<AnchoredLog> ours = all.stream()
                .filter(log -> log.key().encode().equals(key.encode()))
                .toList();
        List<Sighting> sightings = new ArrayList<>(LogVerification.sightings(seen, key));
        ours.forEach(log -> sightings.addAll(log.sightings()));
        sightings.addAll(witnesses.sightings());
        Verdict verdict = here
                ? LogVerification.of(Tiles.in(folder), key, sightings)
                : ours.isEmpty() ? Verdict.bad(0, null, NOT_ANCHORED) : settled(ours.get(0), sightings);
        if (here && LogVerification.NO_CHECKPOINT.equals(verdict.reason())) {
            verdict = resigned(verdict, ours);
        }
        for (AnchoredLog copy : ours) {
            verdict = verdict.earlier(copyOf(copy, verdict.size()));
        }
        for (AnchoredLog other : all) {
            if (!ours.contains(other) && !isFormer.test(other.key())) {
                verdict = verdict.earlier(apart(other, verdict.size()));
            }
        }
        for (Tier tier : tiers) {
            if (ours.stream().noneMatch(log -> log.tier().equals(tier.name()))) {
                verdict = verdict.earlier(Verdict.bad(verdict.size(), null, NOT_ANCHORED));
            }
        }
        if (keyless && verdict.ok()) {
            verdict = Verdict.bad(verdict.size(), null, LogVerification.NO_KEY); // the tiers' copies have it
        }
        return new Outcome(witnesses.verdict(verdict, key.name()), anchored(ours));
    }

    private Map<String, Long> anchored(List<AnchoredLog> ours) throws IOException {
        Map<String, Long> anchored = new HashMap<>();
        tiers.forEach(tier -> anchored.put(tier.name(), 0L));
        for (AnchoredLog log : ours) {
            long size = log.newest().map(Checkpoint::size).orElse(0L);
            anchored.merge(log.tier(), size, Math::max);
        }
        return anchored;
    }

    private NoteKey key(Optional<Path> file, List<AnchoredLog> all) throws IOException {
        Optional<NoteKey> given = file.isPresent() ? Optional.of(LogReader.keyIn(file.get())) : keyBeside();
        if (given.isPresent()) {
            return given.get();
        }
        List<String> keys =
                all.stream().map(log -> log.key().encode()).distinct().toList();
        if (keys.size() != 1) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing tells which audit log is meant")
                    .with("logs", keys.size())
                    .cure("Give the verifier key that your auditor has: --key FILE");
        }
        return NoteKey.parse(keys.get(0));
    }

    /** Empty if it is not there, or is none. */
    private Optional<NoteKey> keyBeside() throws IOException {
        try {
            return Optional.of(LogReader.keyIn(folder.resolve(CheckpointSigner.PUBLIC)));
        } catch (StrongroomException e) {
            return Optional.empty();
        }
    }

    /** The log here is not signed by the right key: what the tiers hold tells where it was changed. */
    private Verdict resigned(Verdict verdict, List<AnchoredLog> ours) throws IOException {
        Verdict earliest = verdict;
        for (AnchoredLog log : ours) {
            Optional<Long> first = firstDifference(log);
            if (first.isPresent()) {
                earliest = earliest.earlier(Verdict.bad(0, first.get(), LogVerification.NO_CHECKPOINT));
            }
        }
        return earliest;
    }

    private Verdict copyOf(AnchoredLog copy, long size) throws IOException {
        Verdict its = settled(copy, List.of());
        return its.ok() ? Verdict.good(size) : Verdict.bad(size, its.firstBad(), COPY);
    }

    /** The right edge that a checkpoint speaks of goes a while after a newer one is there: then that one is the log. */
    private static Verdict settled(AnchoredLog log, List<Sighting> sightings) throws IOException {
        Optional<Checkpoint> before = log.newest();
        Verdict verdict = LogVerification.of(log, log.key(), sightings);
        for (int looks = 1; looks < LOOKS && !verdict.ok(); looks++) {
            Optional<Checkpoint> after = log.newest();
            if (after.equals(before)) {
                return verdict;
            }
            before = after;
            verdict = LogVerification.of(log, log.key(), sightings);
        }
        return verdict;
    }

    private Verdict apart(AnchoredLog other, long size) throws IOException {
        return Verdict.bad(size, firstDifference(other).orElse(null), OTHER_KEY);
    }

    /** From where on the log here, whoever signed it, is not that log; empty if all of that is in it. */
    private Optional<Long> firstDifference(AnchoredLog log) throws IOException {
        Optional<Checkpoint> newest = log.newest();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Sighting sighting = new Sighting(newest.get(), Optional.of(log));
        return Optional.ofNullable(LogVerification.firstDifference(Tiles.in(folder), sizeHere(), sighting));
    }

    private long sizeHere() throws IOException {
        try {
            return LogReader.checkpoint(Tiles.in(folder), LogReader.key(folder)).size();
        } catch (StrongroomException e) {
            return 0; // not even that holds together
        }
    }
}
