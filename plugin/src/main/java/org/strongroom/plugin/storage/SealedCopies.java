package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Quarantine;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/**
 * The copies that there are of a sealed file: this machine's, the second disk's, the tiers'. They are called by what they are sealed as, not by
 * what Orthanc may call them since. Thread-safe.
 */
final class SealedCopies {
    private static final Logger LOG = System.getLogger(SealedCopies.class.getName());

    private final Home home;
    private final SealedFiles local;
    private final SpoolMirror mirror;
    private final Quarantine quarantine;
    private final Keyring keyring;
    private final Supplier<ControlClient> sidecar;
    private final Duration deadline;

    /**
     * @param secondDisk this installation's folder on it
     * @param deadline how long each question to the sidecar may wait for a tier
     */
    SealedCopies(
            Home home, Optional<Path> secondDisk, Keyring keyring, Supplier<ControlClient> sidecar, Duration deadline) {
        this.home = home;
        this.local = new SealedFiles(home);
        this.mirror = new SpoolMirror(home, secondDisk);
        this.quarantine = new Quarantine(home);
        this.keyring = keyring;
        this.sidecar = sidecar;
        this.deadline = deadline;
    }

    /** The whole file on this machine; the caller closes it. */
    Optional<FileSource> whole(UUID sealed) throws IOException {
        return local.whole(sealed);
    }

    /** The head of a file whose rest only tiers have; the caller closes it. */
    Optional<FileSource> head(UUID sealed) throws IOException {
        return local.head(sealed);
    }

    /** The second disk's copy; the caller closes it. */
    Optional<FileSource> mirrored(UUID sealed) throws IOException {
        return mirror.open(sealed);
    }

    /**
     * The file in a tier, to be fetched as it is read.
     *
     * @param doubt whether what came before did not open
     * @throws StrongroomException NOT_FOUND if no tier, and nobody here, ever had it
     */
    SealedReader inTier(UUID sealed, boolean doubt) throws IOException {
        return open(sealed, new RemoteFile(sidecar.get(), sealed, deadline, doubt));
    }

    /** As {@link #inTier}; empty where that says NOT_FOUND. */
    Optional<SealedReader> ifInTier(UUID sealed, boolean doubt) throws IOException {
        try {
            return Optional.of(inTier(sealed, doubt));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Opens the bytes of a sealed file with its key. What is damaged may show only when it is read. */
    SealedReader open(UUID sealed, ByteSource bytes) throws IOException {
        return SealedReader.open(bytes, keyring.installation(), sealed, keyring::keyOf);
    }

    /** Each way to a copy, the nearest first. */
    List<Resealing.Way> ways() {
        return List.of(
                uuid -> opened(uuid, whole(uuid)),
                uuid -> opened(uuid, mirrored(uuid)),
                uuid -> fetched(uuid, false),
                uuid -> fetched(uuid, true));
    }

    private Optional<Resealing.Opened> opened(UUID sealed, Optional<FileSource> file) throws IOException {
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new Resealing.Opened(open(sealed, file.get()), file.get()));
    }

    private Optional<Resealing.Opened> fetched(UUID sealed, boolean doubt) throws IOException {
        return ifInTier(sealed, doubt).map(reader -> new Resealing.Opened(reader, () -> {}));
    }

    /** Makes the names durable under which the file is on this machine. */
    void sync(UUID sealed) throws IOException {
        local.sync(sealed);
    }

    /** Whether the spool has it: then tiers may not. */
    boolean isSpooled(UUID sealed) {
        return !Files.notExists(home.spooled(sealed));
    }

    /** Moves what this machine has of it out of the way, into {@code Home/quarantine}. */
    void setAside(UUID sealed) throws IOException {
        quarantine.setAside(sealed);
    }

    /** As {@link #setAside}, but a disk with bad sectors, which may take no rename either, keeps nobody from another copy. */
    void trySetAside(UUID sealed) {
        try {
            setAside(sealed);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The file could not be set aside", e);
        }
    }

    /** Whether the second disk has a copy of which everything opens: another one would only be set aside in its turn. */
    boolean mirrorOpens(UUID sealed) {
        try (FileSource copy = mirrored(sealed).orElse(null)) {
            if (copy == null) {
                return false;
            }
            open(sealed, copy).verify();
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Strongroom.SpoolMirror cannot be read", e);
            return false;
        }
    }

    /** Puts the second disk's copy into the spool; false if it has none. */
    boolean restore(UUID sealed) throws IOException {
        boolean back = mirror.restore(sealed);
        if (back) {
            LOG.log(Level.WARNING, "Brought back into the spool from Strongroom.SpoolMirror: {0}", sealed);
        }
        return back;
    }
}
