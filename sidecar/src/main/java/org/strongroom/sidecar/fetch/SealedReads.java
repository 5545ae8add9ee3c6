package org.strongroom.sidecar.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.replica.OwnDiskException;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.uplink.Uplink;

/** Bytes of sealed files from wherever they are. Thread-safe. */
public final class SealedReads implements AutoCloseable {
    /** A range of a big member up to this size is answered before the whole is here. */
    private static final long DIRECT = 4L << 20;

    private final Home home;
    private final FetchRules rules;
    private final FileTable files;
    private final BooleanSupplier rebuilding;
    private final Recalls recalls;
    private final Fetches fetches;
    private final TierBlocks blocks;
    private final Prefetch prefetch;
    private final Semaphore slots;

    /**
     * @param tight whether the disk has no room for what nobody waits for
     * @param rebuilding whether files may exist that the ledger does not know yet
     * @param room for what nobody waits for
     */
    public SealedReads(
            Home home,
            FetchRules rules,
            Replicas replicas,
            Recalls recalls,
            Uplink uplink,
            FileTable files,
            StudyTable studies,
            PackTable packs,
            InstantSource clock,
            RunningTime time,
            BooleanSupplier tight,
            BooleanSupplier rebuilding,
            Prefetch.Room room,
            Sleeper sleeper) {
        this.home = home;
        this.rules = rules;
        this.files = files;
        this.rebuilding = rebuilding;
        this.recalls = recalls;
        this.fetches =
                new Fetches(home, replicas, uplink, files, studies, packs, clock, time, tight, rules.readAhead());
        this.blocks = new TierBlocks(replicas, uplink);
        this.slots = new Semaphore(rules.waiting());
        this.prefetch = new Prefetch(files, studies, fetches, recalls, tight, rebuilding, room, time, sleeper);
    }

    /**
     * Bytes of a sealed file.
     *
     * @throws StrongroomException NOT_FOUND if it was never seen
     */
    public long size(UUID uuid) throws IOException {
        Optional<FileRow> known = files.find(uuid);
        if (known.isPresent()) {
            return known.get().bytes();
        }
        try (FileChannel fresh = FileChannel.open(home.spooled(uuid), StandardOpenOption.READ)) {
            return fresh.size();
        } catch (NoSuchFileException e) {
            if (rebuilding.getAsBoolean()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the ledger is being rebuilt")
                        .causedBy(e);
            }
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such sealed file")
                    .with("attachment", uuid)
                    .causedBy(e);
        }
    }

    /**
     * Opens a range; the caller closes the stream.
     *
     * @param deadline how long to wait for bytes that are not here; empty for the setting's
     * @param doubt whether what was given before did not open: only bytes that were compared with their digest are given
     * @throws StrongroomException UNAVAILABLE if they do not come in time (the fetch goes on), too many wait, or the tiers refuse them; ARCHIVED if they
     *     are being brought back from an archive, from now on at least; CORRUPT if no tier has them right
     */
    public InputStream open(UUID uuid, long offset, long length, Optional<Duration> deadline, boolean doubt)
            throws IOException {
        Optional<InputStream> local = openLocal(uuid, offset);
        if (local.isPresent()) {
            return local.get();
        }
        if (!slots.tryAcquire()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "too many reads wait for evicted files");
        }
        try {
            return openCold(uuid, offset, length, deadline.orElse(rules.deadline()), doubt);
        } finally {
            slots.release();
        }
    }

    private InputStream openCold(UUID uuid, long offset, long length, Duration deadline, boolean doubt)
            throws IOException {
        FileRow file = files.find(uuid)
                .orElseThrow(() -> StrongroomException.of(FailureKind.UNAVAILABLE, "a sealed file was just moved"));
        boolean headOnly = offset + length <= file.header().headPieceSize();
        boolean sound = headOnly
                && !doubt
                && isAsLong(home.cachedHead(uuid), file.header().headPieceSize());
        if (sound) {
            Optional<InputStream> head = head(uuid, offset, (int) length);
            if (head.isPresent()) {
                return head.get();
            }
        }
        Fetches.Packed packed = fetches.locate(file);
        // Heads do not wait for the disk: a power cut may have damaged this one; or the disk does not give it.
        if (headOnly && fetches.hasRightHead(packed)) {
            Optional<InputStream> head = head(uuid, offset, (int) length);
            if (head.isPresent()) {
                return head.get();
            }
        }
        try {
            return openCold(packed, offset, length, deadline, doubt, headOnly);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.ARCHIVED) {
                throw recalls.ask(packed.pack(), Urgency.CLINICAL, e);
            }
            if (e.kind() == FailureKind.REFUSED) {
                // A person has to mend that at the tier; nothing is refused to whoever reads.
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "no tier that has the bytes gives them now")
                        .with("attachment", uuid)
                        .with("reason", e.text())
                        .causedBy(e);
            }
            throw e;
        }
    }

    private InputStream openCold(
            Fetches.Packed packed, long offset, long length, Duration deadline, boolean doubt, boolean headOnly)
            throws IOException {
        UUID uuid = packed.member().uuid();
        if (doubt) {
            blocks.forget(packed.pack());
        }
        if (!doubt && !headOnly && packed.member().member().size() > SeriesFetch.BIG && length <= DIRECT) {
            InputStream range = blocks.read(packed.pack(), packed.member().member(), offset, (int) length);
            fetches.fetchBehind(packed);
            return range;
        }
        try {
            await(fetches.fetch(packed, !headOnly), deadline);
        } catch (StrongroomException e) {
            if (!doubt && OwnDiskException.isCauseOf(e) && length <= DIRECT) {
                return blocks.read(packed.pack(), packed.member().member(), offset, (int) length);
            }
            throw e;
        }
        Optional<InputStream> here = openFetched(uuid, offset, length, headOnly);
        if (here.isEmpty()) {
            here = openFetched(uuid, offset, length, headOnly);
        }
        return here.orElseThrow(
                () -> StrongroomException.of(FailureKind.UNAVAILABLE, "a fetched file was evicted at once"));
    }

    /** Brings all of a pack to the cache; done when it is there. */
    public CompletableFuture<Void> fetchAll(PackRow pack) {
        return fetches.fetchAll(pack);
    }

    /** Brings studies before anybody opens them. */
    public Prefetch prefetch() {
        return prefetch;
    }

    private static void await(CompletableFuture<Void> fetch, Duration deadline) {
        try {
            fetch.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the bytes did not come in time; the fetch goes on")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "stopped while waiting for bytes")
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StrongroomException failure) {
                throw failure;
            }
            throw StrongroomException.of(FailureKind.BUG, "fetching failed").causedBy(e);
        }
    }

    /** Reading ahead may make a whole file of a head between the two looks: who finds neither looks once more. */
    private Optional<InputStream> openFetched(UUID uuid, long offset, long length, boolean headOnly)
            throws IOException {
        Optional<InputStream> whole = openLocal(uuid, offset);
        return whole.isEmpty() && headOnly ? head(uuid, offset, (int) length) : whole;
    }

    /** Open, never exists-then-open; files only move from the spool to the cache. */
    private Optional<InputStream> openLocal(UUID uuid, long offset) throws IOException {
        Optional<InputStream> spooled = open(home.spooled(uuid), offset);
        return spooled.isPresent() ? spooled : open(home.cached(uuid), offset);
    }

    /** Read before anything is answered: a tier has what the disk does not give. */
    private Optional<InputStream> head(UUID uuid, long offset, int length) throws IOException {
        try (FileSource head = FileSource.open(home.cachedHead(uuid))) {
            return Optional.of(new ByteArrayInputStream(head.read(offset, length)));
        } catch (NoSuchFileException | UnreadableFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isAsLong(Path file, long length) throws IOException {
        try {
            return Files.size(file) == length;
        } catch (FileSystemException e) {
            return false; // absent, or its inode is bad
        }
    }

    private static Optional<InputStream> open(Path file, long offset) throws IOException {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(offset);
            return Optional.of(Channels.newInputStream(channel));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class) {
                throw e;
            }
            return Optional.empty(); // its inode is bad: a tier may have it
        }
    }

    @Override
    public void close() {
        prefetch.close();
        fetches.close();
    }
}
