package org.strongroom.sidecar.receipt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.problem.Problems;

/**
 * Moves the files of packs that enough tiers hold from the spool to the cache. Only in this direction, so that a reader that
 * looks into the spool first, then into the cache, never misses one. Runs as one round.
 */
public final class Settler {
    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);
    private static final String MIRROR = "settle/mirror";
    private static final int PAGE = 100;

    private final Home home;
    private final Optional<Path> mirror;
    private final FileTable files;
    private final PackTable packs;
    private final Receipts receipts;
    private final Problems problems;
    private final BlockingQueue<Long> due = new LinkedBlockingQueue<>();

    /** @param mirror the second spool, if one is configured */
    public Settler(
            Home home, Optional<Path> mirror, FileTable files, PackTable packs, Receipts receipts, Problems problems) {
        this.home = home;
        this.mirror = mirror;
        this.files = files;
        this.packs = packs;
        this.receipts = receipts;
        this.problems = problems;
    }

    /** Notes that a pack got a receipt. */
    public void received(long pack) {
        due.add(pack);
    }

    /** Looks at the packs that got receipts since the last call. */
    public void settleReceived() throws IOException {
        List<Long> now = new ArrayList<>();
        due.drainTo(now);
        for (long pack : new TreeSet<>(now)) {
            Optional<PackRow> row = packs.find(pack);
            if (row.isPresent()) {
                settle(row.get());
            }
        }
    }

    /** Looks at every pack whose files are still in the spool. */
    public void settleAll() throws IOException {
        long behind = 0;
        while (true) {
            List<PackRow> page = packs.unsettled(behind, PAGE);
            if (page.isEmpty()) {
                return;
            }
            for (PackRow pack : page) {
                settle(pack);
                behind = pack.id();
            }
        }
    }

    private void settle(PackRow pack) throws IOException {
        if (pack.settled() || !receipts.isReceived(pack.id())) {
            return;
        }
        List<Long> moved = new ArrayList<>();
        List<UUID> mirrored = new ArrayList<>();
        Set<Path> changed = new TreeSet<>();
        for (MemberRow member : packs.members(pack.id())) {
            if (member.place() == Place.SPOOL && move(member, changed)) {
                moved.add(member.file());
                mirrored.add(member.uuid());
            }
        }
        for (Path folder : changed) {
            DurableFiles.fsyncDirectory(folder);
        }
        files.moved(moved, Place.CACHE);
        packs.settled(pack.id(), true);
        removeFromMirror(mirrored);
    }

    /** A second disk that fails keeps nothing from being settled: {@link #sweepMirror} does what is left undone here. */
    private void removeFromMirror(List<UUID> attachments) {
        if (mirror.isEmpty()) {
            return;
        }
        try {
            for (UUID attachment : attachments) {
                Files.deleteIfExists(Home.sharded(mirror.get(), attachment));
            }
            problems.clear(MIRROR);
        } catch (IOException e) {
            mirrorFailed(e);
        }
    }

    private void mirrorFailed(IOException e) {
        LOG.debug("the second spool", e);
        problems.raise(
                MIRROR,
                FailureKind.UNAVAILABLE,
                "what the tiers have cannot be removed from SpoolMirror: "
                        + e.getClass().getSimpleName(),
                "Check the disk of SpoolMirror");
    }

    /** Removes what lies in the second spool although enough tiers hold it. To be called every hour or so. */
    public void sweepMirror() {
        if (mirror.isEmpty()) {
            return;
        }
        try {
            new MirrorSweep(mirror.get(), this::isSettled).run();
            problems.clear(MIRROR);
        } catch (IOException e) {
            mirrorFailed(e);
        }
    }

    private boolean isSettled(UUID attachment) {
        Optional<FileRow> file = files.find(attachment);
        if (file.isEmpty() || file.get().place() == Place.SPOOL || Files.exists(home.spooled(attachment))) {
            return false;
        }
        return receipts.isReceived(file.get());
    }

    private boolean move(MemberRow member, Set<Path> changed) throws IOException {
        Path from = home.spooled(member.uuid());
        Path to = home.cached(member.uuid());
        DurableFiles.createDirectories(to.getParent());
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // A crash came between the move and its recording, or the file is lost: tiers have it.
            return Files.exists(to);
        }
        changed.add(to.getParent());
        changed.add(from.getParent());
        return true;
    }
}
