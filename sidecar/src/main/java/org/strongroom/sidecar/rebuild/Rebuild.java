package org.strongroom.sidecar.rebuild;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackFooter;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.intake.Intake;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/** The way from an empty ledger to a full one. Thread-safe. */
public final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final String RUNNING = "rebuilding";
    private static final int BATCH = 500;

    private final Home home;
    private final UUID installation;
    private final Intake intake;
    private final FileTable files;
    private final PackTable packs;
    private final TierTable table;
    private final Problems problems;
    private final InstantSource clock;
    private final RunningTime time;
    /** Of tiers that are being read. */
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    private volatile boolean running;
    private boolean cacheRead;

    public Rebuild(
            Home home,
            UUID installation,
            Intake intake,
            FileTable files,
            PackTable packs,
            TierTable table,
            Problems problems,
            InstantSource clock,
            RunningTime time) {
        this.time = time;
        this.home = home;
        this.installation = installation;
        this.intake = intake;
        this.files = files;
        this.packs = packs;
        this.table = table;
        this.problems = problems;
        this.clock = clock;
        this.running = table.remembered(RUNNING).isPresent();
    }

    /**
     * Begins; does nothing if no key was ever made, and so nothing ever stored. To be called once on a new ledger, before anything else
     * runs.
     *
     * @return the time that the ledger before this one must have known of: the journal was written then
     */
    public Optional<Instant> begin() throws IOException {
        if (!Files.exists(home.keyring())) {
            return Optional.empty();
        }
        table.remember(RUNNING, "yes");
        running = true;
        Optional<Instant> newest = Optional.empty();
        try (DirectoryStream<Path> journal = Files.newDirectoryStream(home.journal())) {
            for (Path file : journal) {
                Instant written = Files.getLastModifiedTime(file).toInstant();
                newest = newest.filter(written::isBefore).or(() -> Optional.of(written));
            }
        } catch (NoSuchFileException e) {
            return newest; // nothing was written yet
        }
        return newest;
    }

    /** Whether there may be files and packs that the ledger does not know. */
    public boolean isRunning() {
        return running;
    }

    /**
     * Reads the packs of a tier that this ledger has not listed yet. One that the tier does not give holds up no other one; but until it
     * does, the tier is not listed. Goes on where it was.
     *
     * @return whether it is listed
     * @throws StrongroomException if the tier is away or not ours, or many objects in a row cannot be read
     */
    public boolean list(MarkedTier marked) throws IOException {
        if (table.isListed(marked.name())) {
            return true;
        }
        if (running) {
            readCache();
        }
        Reading reading =
                readings.computeIfAbsent(marked.name(), tier -> new Reading(marked, this::read, table, problems, time));
        if (!reading.isDone()) {
            return false;
        }
        table.listed(marked.name());
        readings.remove(marked.name());
        reading.forget();
        return true;
    }

    /** Before any tier is listed: once one is, a former process has come to the end of this. */
    private synchronized void readCache() throws IOException {
        if (cacheRead) {
            return;
        }
        int unreadable = intake.readCache();
        cacheRead = true;
        if (unreadable > 0) {
            problems.raise(
                    "rebuild/cache",
                    FailureKind.CORRUPT,
                    unreadable + " files in the cache cannot be used",
                    "Look at Home's disk; run strongroom fsck when the tiers are read: it tells what no tier has");
        }
    }

    private boolean read(Tier tier, Tier.ObjectInfo object) throws IOException {
        if (object.size() < PackPrologue.SIZE + PackFooter.SIZE) {
            return false;
        }
        byte[] end = bytes(tier, object.name(), object.size() - PackFooter.SIZE, PackFooter.SIZE);
        PackFooter footer = PackFooter.decode(end);
        if (footer.packLength() != object.size()) {
            return false;
        }
        PackLayout layout = PackLayout.decode(
                bytes(tier, object.name(), 0, PackPrologue.SIZE),
                bytes(tier, object.name(), footer.indexOffset(), (int) footer.indexLength()),
                end);
        PackPrologue prologue = layout.prologue();
        return prologue.installation().equals(installation)
                && PackPrologue.objectName(prologue.pack()).equals(object.name())
                && packs.found(layout, tier.name(), clock.instant()).isPresent();
    }

    private static byte[] bytes(Tier tier, String name, long offset, int length) throws IOException {
        try (InputStream in = tier.get(name, offset, length)) {
            return in.readNBytes(length);
        }
    }

    /** Ends it, if every tier has been listed. */
    public synchronized void finish(Set<String> tiers) throws IOException {
        if (!running) {
            return;
        }
        for (String tier : tiers) {
            if (!table.isListed(tier)) {
                problems.raise(
                        RUNNING,
                        FailureKind.UNAVAILABLE,
                        Protocol.REBUILDING + " and tier " + tier
                                + (Reading.hasUnread(table, tier)
                                        ? " has not been read to its end"
                                        : " has not been read")
                                + "; nothing new is shipped",
                        "Bring the tier back, or take it out of the settings");
                return;
            }
        }
        backToSpool();
        heads();
        table.forget(RUNNING);
        running = false;
        problems.clear(RUNNING);
        LOG.info("the ledger is rebuilt");
    }

    /** Whole files in the cache that no tier has after all: to be shipped like new ones. */
    private void backToSpool() throws IOException {
        long behind = 0;
        for (List<FileRow> page = files.cachedUnplanned(behind, BATCH);
                !page.isEmpty();
                page = files.cachedUnplanned(behind, BATCH)) {
            List<Long> moved = new ArrayList<>();
            for (FileRow file : page) {
                behind = file.id();
                Path to = home.spooled(file.uuid());
                DurableFiles.createDirectories(to.getParent());
                try {
                    Files.move(home.cached(file.uuid()), to, StandardCopyOption.ATOMIC_MOVE);
                    DurableFiles.fsyncDirectory(to.getParent());
                    moved.add(file.id());
                } catch (NoSuchFileException e) {
                    LOG.debug("{} left the cache meanwhile", file.uuid());
                }
            }
            files.moved(moved, Place.SPOOL);
        }
    }

    private void heads() throws IOException {
        Set<Long> known = new HashSet<>();
        for (int shard = 0; shard < 256; shard++) {
            try (DirectoryStream<Path> heads = Files.newDirectoryStream(
                    home.cache().resolve(String.format(Locale.ROOT, "%02x", shard)), "*.head")) {
                for (Path head : heads) {
                    owner(head).filter(file -> file.place() == Place.ABSENT).ifPresent(file -> known.add(file.id()));
                }
            } catch (NoSuchFileException e) {
                continue; // nothing was ever cached there
            }
            files.moved(known, Place.HEAD);
            known.clear();
        }
    }

    private Optional<FileRow> owner(Path head) {
        String name = head.getFileName().toString();
        try {
            return files.find(UUID.fromString(name.substring(0, name.length() - ".head".length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
