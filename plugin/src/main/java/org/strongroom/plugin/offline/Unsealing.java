package org.strongroom.plugin.offline;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FileLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.plugin.storage.RemoteFile;

/** Writes one sealed file after the other into Orthanc's folder, in clear. Nothing sealed is touched. For one thread. */
final class Unsealing {
    private static final Duration WAIT = Duration.ofMinutes(10);
    private static final int PIECE = 1 << 20;

    private final ControlClient sidecar;
    private final Keyring keyring;
    private final SealedFiles local;
    private final SpoolMirror mirror;
    private final ClearFolder folder;

    Unsealing(ControlClient sidecar, Keyring keyring, Home home, SpoolMirror mirror, ClearFolder folder) {
        this.sidecar = sidecar;
        this.keyring = keyring;
        this.local = new SealedFiles(home);
        this.mirror = mirror;
        this.folder = folder;
    }

    /**
     * Whether the clear file is there already. One gets its name only when it is whole and compared, so its size says enough; one of
     * another size is not Orthanc's.
     *
     * @throws StrongroomException REFUSED if it is there and has another size
     */
    boolean isThere(FileLine file) throws IOException {
        OptionalLong size = folder.size(file.attachment());
        if (size.isPresent() && size.getAsLong() != file.bytes()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "a file of this name and another size is in StorageDirectory")
                    .with("attachment", file.attachment())
                    .cure("Move it away, and run this again");
        }
        return size.isPresent();
    }

    /**
     * Writes it, from this machine, else from the second disk, else from a tier. Durable and compared when this returns.
     *
     * @throws StrongroomException what kept every copy from being read or opened
     */
    void unseal(FileLine file) throws IOException {
        if (written(file, local.whole(file.sealed())) || written(file, mirrored(file.sealed()))) {
            return;
        }
        try {
            there(file, false);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            there(file, true);
        }
    }

    /** What does not open, or what the disk does not give, is looked for elsewhere. */
    private boolean written(FileLine file, Optional<FileSource> copy) throws IOException {
        if (copy.isEmpty()) {
            return false;
        }
        try (FileSource sealed = copy.get()) {
            write(file, sealed);
            return true;
        } catch (StrongroomException e) {
            // A key that nobody knows: its id may be what is damaged.
            if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            return false;
        } catch (UnreadableFileException e) {
            return false;
        }
    }

    private Optional<FileSource> mirrored(UUID sealed) {
        try {
            return mirror.open(sealed);
        } catch (IOException e) {
            return Optional.empty(); // a second disk that died hides nothing that a tier has
        }
    }

    private void there(FileLine file, boolean doubt) throws IOException {
        write(file, new RemoteFile(sidecar, file.sealed(), WAIT, doubt));
    }

    private void write(FileLine file, ByteSource sealed) throws IOException {
        SealedReader reader = SealedReader.open(sealed, keyring.installation(), file.sealed(), keyring::keyOf);
        reader.prove();
        MessageDigest expected = sha256();
        folder.write(file.attachment(), plain(reader, expected), written -> {
            if (written.size() != reader.size() || !MessageDigest.isEqual(expected.digest(), digest(written))) {
                throw new EOFException("the disk did not keep what was written");
            }
        });
    }

    private static DurableFiles.Content plain(SealedReader reader, MessageDigest digest) {
        return channel -> reader.copy(0, reader.size(), (position, bytes, offset, length) -> {
            digest.update(bytes, offset, length);
            DurableFiles.writeFully(channel, ByteBuffer.wrap(bytes, offset, length));
        });
    }

    private static byte[] digest(FileChannel written) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (written.read(piece) >= 0) {
            digest.update(piece.flip());
            piece.clear();
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
