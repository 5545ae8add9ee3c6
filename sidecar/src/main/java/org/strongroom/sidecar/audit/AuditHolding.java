package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.scrub.Holding;
import org.strongroom.sidecar.tier.WrittenOnce;

/**
 * What a tier holds of this Home's audit log (format.md §9.5). What is gone is put again; what differs is left as it is, for it may be
 * evidence.
 */
public final class AuditHolding implements Holding {
    private final Home home;
    private final MarkedTier marked;
    private final TierTable table;

    public AuditHolding(Home home, MarkedTier marked, TierTable table) {
        this.home = home;
        this.marked = marked;
        this.table = table;
    }

    @Override
    public String prefix() {
        return AnchorName.PREFIX;
    }

    /** Its key, and all full tiles and their entries that were anchored, as far as they are here. */
    @Override
    public Set<String> expected() throws IOException {
        Set<String> names = new HashSet<>();
        Optional<Remembered> anchored = anchored();
        if (anchored.isEmpty()) {
            return names;
        }
        String log = anchored.get().log();
        long size = anchored.get().size();
        names.add(AnchorName.key(log));
        for (int level = 0; level < TilePath.LEVELS; level++) {
            for (long i = 0; i < TilePath.fullTiles(level, size); i++) {
                add(names, log, TilePath.tile(level, i, TilePath.FULL));
                if (level == 0) {
                    add(names, log, TilePath.entries(i, TilePath.FULL));
                }
            }
        }
        return names;
    }

    private void add(Set<String> names, String log, String path) {
        if (Files.exists(home.audit().resolve(path))) {
            names.add(AnchorName.file(log, path));
        }
    }

    @Override
    public Verdict compare(String name, byte[] bytes) throws IOException {
        Optional<Remembered> anchored = anchored();
        if (anchored.isEmpty() || AnchorName.isPartial(name)) {
            return Verdict.WHOLE; // the right edge is written anew as the log grows
        }
        if (name.startsWith(AnchorName.checkpoints(anchored.get().log()))) {
            return isSigned(name, bytes) ? Verdict.WHOLE : Verdict.DAMAGED;
        }
        return content(name, anchored.get().log())
                        .filter(here -> !Arrays.equals(here, bytes))
                        .isPresent()
                ? Verdict.DAMAGED
                : Verdict.WHOLE;
    }

    /** By this log's key, and of what the name says. */
    private boolean isSigned(String name, byte[] note) throws IOException {
        NoteKey key = LogReader.key(home.audit());
        try {
            Checkpoint signed = LogReader.open(note, key);
            return AnchorName.claim(key.name(), name).filter(signed::equals).isPresent();
        } catch (StrongroomException e) {
            return false;
        }
    }

    @Override
    public boolean mend(String name, boolean absent) throws IOException {
        Optional<Remembered> anchored = anchored();
        Optional<byte[]> here =
                absent && anchored.isPresent() ? content(name, anchored.get().log()) : Optional.empty();
        return here.isPresent() && WrittenOnce.ensure(marked.tier(), name, here.get());
    }

    /** Empty if this is no part of the log, or is not here. */
    private Optional<byte[]> content(String name, String log) throws IOException {
        if (name.equals(AnchorName.key(log))) {
            return Optional.of(AnchorName.keyFile(LogReader.key(home.audit())));
        }
        String folder = AnchorName.file(log, "");
        if (!name.startsWith(folder + "tile/")) {
            return Optional.empty();
        }
        Path file = home.audit().resolve(name.substring(folder.length()));
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What this log's tier was last known to hold. */
    private Optional<Remembered> anchored() throws IOException {
        Optional<Remembered> last =
                table.remembered(TierAnchor.fact(marked.name())).flatMap(Remembered::parse);
        if (last.isEmpty()) {
            return last;
        }
        String log = AnchorName.log(LogReader.key(home.audit()));
        return last.filter(one -> one.log().equals(log));
    }
}
