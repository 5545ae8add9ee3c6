package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/** Reads a log from its first entry to its last and believes nothing but its verifier key. For one thread, once. */
public final class LogVerification {
    static final String NO_LOG = "there is no audit log here";
    static final String NO_KEY = "the verifier key beside the log is not there, or is none";
    static final String NO_CHECKPOINT = "the checkpoint is not there, or not signed by the key of this log";
    static final String ALTERED = "an entry is not the one that was signed";
    static final String MISSING = "entries are missing";
    static final String NUMBERS = "an entry does not follow the one before it in its series";
    static final String TREE = "the tree is not the one that was signed";
    static final String DAMAGED = "a tile is damaged or missing; every entry is the one that was signed";
    static final String OLDER = "the log is older than a checkpoint that was seen";
    static final String FORKED = "the log is not the one that was seen";

    /** A log that is pruned meanwhile is looked at again. */
    private static final int LOOKS = 3;

    private final Tiles tiles;
    private final Checkpoint checkpoint;
    private final NavigableMap<Long, List<Sighting>> sightings = new TreeMap<>();
    private final long minimum;
    private Edge edge = new Edge();
    private final Map<String, Long> numbers = new HashMap<>();
    private boolean gapTold;
    /** Whether an entry says that those before the first one are not kept. */
    private boolean pruningTold;
    /** Nothing was found so far that a tile alone could not cause. */
    private boolean onlyTilesDiffer = true;

    private Verdict verdict;

    private LogVerification(Tiles tiles, Checkpoint checkpoint, long minimum, List<Sighting> sightings) {
        this.tiles = tiles;
        this.minimum = minimum;
        this.checkpoint = checkpoint;
        sightings.forEach(sighting -> this.sightings
                .computeIfAbsent(sighting.checkpoint().size(), size -> new ArrayList<>())
                .add(sighting));
        this.verdict = Verdict.good(checkpoint.size());
    }

    /**
     * Verifies the whole of the log in a folder, against its own checkpoint and those that were seen; it may grow meanwhile.
     *
     * @param key the file with its verifier key; an auditor has one of his own
     * @param seen files with checkpoints, and folders with copies of the log
     * @throws StrongroomException NOT_FOUND if there is no key, CORRUPT if it or a seen checkpoint is not what it should be
     */
    public static Verdict of(Path log, Path key, List<Path> seen) throws IOException {
        NoteKey verifier = LogReader.keyIn(key);
        return withPartials(log, of(Tiles.in(log), verifier, sightings(seen, verifier)));
    }

    /**
     * The same, also against what witnesses signed, whoever has the log's key.
     *
     * @param key empty for the one beside the log: whoever takes that away, or all of the log, has altered it
     */
    public static Verdict of(Path log, Optional<Path> key, List<Path> seen, Cosignatures witnesses) throws IOException {
        NoteKey verifier;
        try {
            verifier = LogReader.keyIn(key.orElse(log.resolve(CheckpointSigner.PUBLIC)));
        } catch (StrongroomException e) {
            if (key.isPresent()) {
                throw e;
            }
            return Verdict.bad(0, null, isHere(log) ? NO_KEY : NO_LOG);
        }
        List<Sighting> all = new ArrayList<>(sightings(seen, verifier));
        all.addAll(witnesses.sightings());
        return witnesses.verdict(withPartials(log, of(Tiles.in(log), verifier, all)), verifier.name());
    }

    /** A part of the log that is there twice must not be altered in the one that the checkpoint does not name. */
    private static Verdict withPartials(Path log, Verdict verdict) throws IOException {
        OptionalLong altered = verdict.ok() ? PartialTiles.firstAltered(log, verdict.size()) : OptionalLong.empty();
        return altered.isPresent() ? Verdict.bad(verdict.size(), altered.getAsLong(), ALTERED) : verdict;
    }

    /** Whether there is anything of a log in a folder, beside its key. */
    static boolean isHere(Path log) {
        return Files.exists(log.resolve(AuditLog.CHECKPOINT)) || Files.exists(log.resolve("tile"));
    }

    /** @throws StrongroomException CORRUPT if one is not what the key signed */
    static List<Sighting> sightings(List<Path> seen, NoteKey verifier) throws IOException {
        List<Sighting> sightings = new ArrayList<>();
        for (Path each : seen) {
            sightings.add(
                    Files.isDirectory(each)
                            ? new Sighting(LogReader.checkpoint(Tiles.in(each), verifier), Optional.of(Tiles.in(each)))
                            : new Sighting(LogReader.open(Files.readAllBytes(each), verifier), Optional.empty()));
        }
        return sightings;
    }

    /** Verifies the whole of the log, against its own checkpoint and those of {@code sightings}. */
    static Verdict of(Tiles tiles, NoteKey key, List<Sighting> sightings) throws IOException {
        OptionalLong minimum = minimum(tiles); // before the checkpoint, which so covers the event that says so
        Verdict verdict = of(tiles, key, minimum, sightings);
        for (int looks = 1; looks < LOOKS && !verdict.ok(); looks++) {
            OptionalLong now = minimum(tiles);
            if (now.equals(minimum)) {
                return verdict;
            }
            minimum = now;
            verdict = of(tiles, key, minimum, sightings);
        }
        return verdict;
    }

    /** Empty if what is there is none. */
    private static OptionalLong minimum(Tiles tiles) throws IOException {
        try {
            return OptionalLong.of(MinimumIndex.read(tiles));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return OptionalLong.empty();
        }
    }

    private static Verdict of(Tiles tiles, NoteKey key, OptionalLong minimum, List<Sighting> sightings)
            throws IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = LogReader.checkpoint(tiles, key);
        } catch (StrongroomException e) {
            return Verdict.bad(0, null, NO_CHECKPOINT);
        }
        if (minimum.isEmpty()) {
            return Verdict.bad(checkpoint.size(), 0L, MISSING);
        }
        LogVerification verification = new LogVerification(tiles, checkpoint, minimum.getAsLong(), sightings);
        verification.run();
        return verification.verdict;
    }

    private void run() throws IOException {
        checkLonger();
        if (minimum > 0 && !begin()) {
            return;
        }
        checkSightings();
        long bundles = (checkpoint.size() + TilePath.FULL - 1) / TilePath.FULL;
        for (long index = minimum / TilePath.FULL; index < bundles; index++) {
            int width = (int) Math.min(TilePath.FULL, checkpoint.size() - index * TilePath.FULL);
            if (!bundle(index, width)) {
                judgeTiles();
                return;
            }
        }
        if (verdict.ok() && !edge.root().equals(checkpoint.root())) {
            bad(null, TREE);
        }
        if (verdict.ok() && minimum > 0 && !pruningTold) {
            bad(0L, MISSING); // nobody signed that they are not kept
        }
    }

    /** What stands before the first event that is kept, as the tiles say; the root that was signed tells whether that is so. */
    private boolean begin() throws IOException {
        Optional<Edge> before =
                minimum > checkpoint.size() ? Optional.empty() : Edge.load(tiles, minimum, checkpoint.size());
        if (before.isEmpty()) {
            bad(minimum, MISSING);
            return false;
        }
        edge = before.get();
        return true;
    }

    /** Entries that give the root that was signed are the right ones, whatever a tile between them and the root says. */
    private void judgeTiles() throws IOException {
        if (!onlyTilesDiffer) {
            return;
        }
        Edge all = minimum == 0
                ? new Edge()
                : Edge.load(tiles, minimum, checkpoint.size()).orElseThrow();
        for (long first = minimum; first < checkpoint.size(); first += TilePath.FULL) {
            int width = (int) Math.min(TilePath.FULL, checkpoint.size() - first);
            List<byte[]> entries = tiles.entries(first / TilePath.FULL, width).orElse(List.of());
            if (entries.size() != width) {
                return;
            }
            for (byte[] entry : entries) {
                all.add(Merkle.leaf(entry), (level, index, hashes) -> {});
            }
        }
        if (all.root().equals(checkpoint.root())) {
            verdict = Verdict.bad(checkpoint.size(), null, DAMAGED);
        }
    }

    /** Whether there is any use in going on. */
    private boolean bundle(long index, int width) throws IOException {
        long first = index * TilePath.FULL;
        Optional<List<byte[]>> entries = tiles.entries(index, width);
        Optional<List<Sha256>> signed = tiles.tile(0, index, width);
        int found = entries.map(List::size).orElse(0);
        for (int at = 0; at < Math.min(found, width); at++) {
            byte[] entry = entries.get().get(at);
            Sha256 leaf = Merkle.leaf(entry);
            if (signed.isPresent() && !signed.get().get(at).equals(leaf)) {
                bad(first + at, ALTERED);
                return false;
            }
            if (!follows(entry)) {
                bad(first + at, NUMBERS);
            }
            edge.add(leaf, this::filled);
            checkSightings();
        }
        if (found < width) {
            bad(first + found, MISSING);
            return false;
        }
        if (signed.isEmpty()) {
            bad(first, TREE);
            return false;
        }
        if (found > width) {
            bad(first + width, ALTERED);
            return false;
        }
        return verdict.ok();
    }

    /** A full tile's hash stands in the tile above: if that differs, entries and tile were changed together. */
    private void filled(int level, long index, List<Sha256> hashes) throws IOException {
        int above = level + 1;
        long parent = index / TilePath.FULL;
        int place = (int) (index % TilePath.FULL);
        boolean full = parent < TilePath.fullTiles(above, checkpoint.size());
        int width = full ? TilePath.FULL : TilePath.lastWidth(above, checkpoint.size());
        Optional<List<Sha256>> signed = tiles.tile(above, parent, width);
        if (signed.isEmpty() || !signed.get().get(place).equals(Merkle.root(hashes))) {
            bad(index << (8 * above), TREE);
        }
    }

    private boolean follows(byte[] json) {
        pruningTold |= minimum > 0 && PruneNotice.tells(json, minimum);
        AuditEntry entry;
        try {
            entry = AuditEntry.decode(json);
        } catch (StrongroomException e) {
            return true; // of a later version: its hash is all that can be checked here
        }
        Long before = numbers.put(entry.writer(), entry.number());
        boolean follows = before == null ? minimum > 0 || entry.number() == 1 : entry.number() == before + 1;
        boolean jumps = gapTold && entry.number() > (before == null ? 0 : before);
        gapTold = entry.event().type() == AuditType.RECORDING_GAP;
        return follows || jumps;
    }

    private void checkSightings() throws IOException {
        for (Sighting sighting : sightings.getOrDefault(edge.size(), List.of())) {
            if (!sighting.checkpoint().root().equals(edge.root())
                    && sighting.genuine().ask()) {
                bad(firstDifference(tiles, checkpoint.size(), sighting), FORKED);
            }
        }
    }

    /** The longest log that was seen says most about one that is shorter. */
    private void checkLonger() throws IOException {
        for (List<Sighting> longer :
                sightings.tailMap(checkpoint.size(), false).descendingMap().values()) {
            for (Sighting sighting : longer) {
                if (sighting.genuine().ask()) {
                    Long first = firstDifference(tiles, checkpoint.size(), sighting);
                    boolean older = first == null || first >= checkpoint.size();
                    bad(older ? Long.valueOf(checkpoint.size()) : first, older ? OLDER : FORKED);
                    return;
                }
            }
        }
    }

    /** Where the first {@code size} entries of a log and the tiles of a sighting part; null if it has none, or they do not. */
    static Long firstDifference(Tiles tiles, long size, Sighting sighting) throws IOException {
        if (sighting.tiles().isEmpty()) {
            return null;
        }
        long seenSize = sighting.checkpoint().size();
        for (long first = minimum(tiles).orElse(0); first < seenSize; first += TilePath.FULL) {
            long index = first / TilePath.FULL;
            int width = (int) Math.min(TilePath.FULL, seenSize - first);
            int widthHere = (int) Math.max(0, Math.min(TilePath.FULL, size - first));
            Optional<List<Sha256>> seen = sighting.tiles().get().tile(0, index, width);
            List<byte[]> here =
                    widthHere == 0 ? List.of() : tiles.entries(index, widthHere).orElse(List.of());
            for (int at = 0; seen.isPresent() && at < width; at++) {
                if (at >= Math.min(here.size(), widthHere)
                        || !Merkle.leaf(here.get(at)).equals(seen.get().get(at))) {
                    return first + at;
                }
            }
        }
        return null;
    }

    private void bad(Long index, String reason) {
        onlyTilesDiffer &= reason.equals(ALTERED) || reason.equals(TREE);
        verdict = verdict.earlier(Verdict.bad(checkpoint.size(), index, reason));
    }
}
