package org.strongroom.plugin.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.strongroom.core.control.LivingFile;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Seals files anew under another key, each under a uuid of its own, and then lets Orthanc's names mean the new files (format.md §6, entry 16). A
 * kill at any moment leaves each name with a file that is whole. {@link #some} is for one thread; the rest is thread-safe.
 */
public final class Resealing {
    /** What waits for it waits for minutes; whoever wants more asks again. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Arrival arrival;
    private final Aliases aliases;
    private final Journal journal;
    private final Reserve reserve;
    private final Path spool;
    private final List<Way> ways;
    private final RunningTime time;
    /** Held while a removal is journaled. */
    private final ReadWriteLock removals = new ReentrantReadWriteLock();
    /** Names that Orthanc removed since the files were listed; null while nothing is moved. */
    private Set<UUID> removed;

    /** One way to a sealed file. */
    @FunctionalInterface
    interface Way {
        /** Empty if it is not there. What is opened may turn out to be damaged while it is read. */
        Optional<Opened> open(UUID sealed) throws IOException;
    }

    /**
     * A sealed file, until it is closed.
     *
     * @param file what holds its bytes
     */
    record Opened(SealedReader reader, Closeable file) implements Closeable {
        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Tells of files that a key sealed and that Orthanc had not removed when it was asked. */
    @FunctionalInterface
    public interface Listing {
        void list(Consumer<LivingFile> each) throws IOException;
    }

    /** Has Orthanc forget what is made again when somebody wants it. */
    @FunctionalInterface
    public interface MadeAgain {
        /** @param series what Orthanc may call the series whose metadata DICOMweb has attached to it */
        void forget(Set<String> series);
    }

    /** Journals that Orthanc removed something. */
    @FunctionalInterface
    interface Removal {
        void journal() throws IOException;
    }

    /** @param ways to a sealed file, the nearest first */
    Resealing(
            Arrival arrival,
            Aliases aliases,
            Journal journal,
            Reserve reserve,
            Path spool,
            List<Way> ways,
            RunningTime time) {
        this.arrival = arrival;
        this.aliases = aliases;
        this.journal = journal;
        this.reserve = reserve;
        this.spool = spool;
        this.ways = List.copyOf(ways);
        this.time = time;
    }

    /** Orthanc removes what has this name: either it is not moved any more, or what it was moved to is removed. */
    void remove(UUID name, Removal removal) throws IOException {
        removals.readLock().lock();
        try {
            note(name);
            removal.journal();
        } finally {
            removals.readLock().unlock();
        }
    }

    /**
     * Journals that Orthanc does not have what is sealed so under any of the names that it was first known by.
     *
     * @throws IOException if that could not be made durable
     */
    public void forget(UUID sealed) throws IOException {
        for (UUID name : aliases.firstNames(sealed)) {
            remove(name, () -> journal.tombstone(name));
        }
    }

    private synchronized void note(UUID name) {
        if (removed != null) {
            removed.add(name);
        }
    }

    /** From now on removals are watched; those that had begun before are in the journal when this returns. */
    private void watch() {
        removals.writeLock().lock();
        try {
            set(new HashSet<>());
        } finally {
            removals.writeLock().unlock();
        }
    }

    private synchronized void set(Set<UUID> since) {
        removed = since;
    }

    /**
     * Moves some of what a key sealed to the key that the study has now. One that cannot be moved holds up no other.
     *
     * @param key one that nothing is sealed with any more
     * @return how many files; 0 if there are none left
     * @throws StrongroomException the first failure, after the others were tried: UNAVAILABLE or FULL if it has to wait, CORRUPT if a file does
     *     not open
     */
    public int some(UUID key, Listing listing, MadeAgain orthanc) throws IOException {
        watch(); // before anybody looks what there is
        try {
            List<LivingFile> living = new ArrayList<>();
            listing.list(living::add);
            Duration end = time.now().plus(TURN);
            int moved = 0;
            StrongroomException failed = null;
            for (LivingFile file : living) {
                if (time.now().compareTo(end) > 0) {
                    break;
                }
                try {
                    move(key, file, orthanc);
                    moved++;
                } catch (StrongroomException e) {
                    failed = failed == null ? e.with("file", file.sealed()) : failed;
                }
            }
            if (failed != null) {
                throw failed;
            }
            return moved;
        } finally {
            set(null);
        }
    }

    /**
     * The new file is removed before it is there, and its name brings it back: whatever happens in between, nobody takes it for an image that
     * arrived.
     */
    private void move(UUID key, LivingFile file, MadeAgain orthanc) throws IOException {
        for (UUID name : file.names()) {
            requireNames(name, file.sealed());
        }
        UUID fresh = UUID.randomUUID();
        journal.tombstone(fresh);
        if (seal(key, file, fresh, orthanc) && !rename(file, fresh)) {
            Files.deleteIfExists(Home.sharded(spool, fresh)); // Orthanc removed it meanwhile
        }
    }

    /** A copy that cannot be read, or does not open, is no reason to give up while there is another one. */
    private boolean seal(UUID key, LivingFile file, UUID fresh, MadeAgain orthanc) {
        StrongroomException damaged =
                StrongroomException.of(FailureKind.NOT_FOUND, "the bytes of a file are neither here nor in a tier");
        for (Way way : ways) {
            try (Opened old = way.open(file.sealed()).orElse(null)) {
                if (old != null) {
                    old.reader().verify(); // or what is damaged would be taken for content that nobody understands
                    return seal(key, old.reader(), fresh, file.arrived(), orthanc);
                }
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                damaged = e;
            } catch (IOException e) {
                damaged = DiskFailures.ofRead(e, "a file cannot be read from disk");
            }
        }
        throw damaged.cure("Look what there is of it, then try again: strongroom fsck --deep");
    }

    /** Whether it is sealed; what is made again is forgotten instead. */
    private boolean seal(UUID key, SealedReader plain, UUID fresh, Instant arrived, MadeAgain orthanc) {
        if (!plain.header().key().equals(key)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "a file is sealed under another key than the sidecar says")
                    .with("key", key);
        }
        try {
            Optional<Identity> series = arrival.seriesOfMetadata(plain.header().contentType(), plain);
            if (series.isPresent()) {
                orthanc.forget(OrthancId.ofSeries(series.get())); // it tells of images that are erased
                return false;
            }
            reserve.require(plain.size());
            Attachment attachment = new Attachment(fresh, plain.header().contentType());
            arrival.reseal(attachment, plain, key, FileTime.from(arrived));
            return true;
        } catch (IOException e) {
            throw DiskFailures.ofWrite(spool, e, "a file could not be sealed anew");
        }
    }

    /** Whoever removes one of the names meanwhile did so before, or finds the new file by it. */
    private synchronized boolean rename(LivingFile file, UUID fresh) throws IOException {
        boolean any = false;
        for (UUID name : file.names()) {
            if (!removed.contains(name)) {
                try {
                    journal.moved(name, fresh);
                } finally {
                    aliases.move(name, fresh); // the journal may have it although it failed, and both files are there
                }
                any = true;
            }
        }
        return any;
    }

    private void requireNames(UUID name, UUID sealed) {
        if (!aliases.sealed(name).equals(sealed)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "the sidecar calls a file by a name that is another one's")
                    .with("attachment", name)
                    .cure("Restart Orthanc; if it happens again the ledger is wrong: strongroom fsck --rebuild");
        }
    }
}
