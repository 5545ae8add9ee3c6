package org.strongroom.plugin.offline.unseal;

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
    private final Unsealed written;

    Unsealing(ControlClient sidecar, Keyring keyring, Home home, SpoolMirror mirror, ClearFolder folder)
            throws IOException {
        this.sidecar = sidecar;
        this.keyring = keyring;
        this.local = new SealedFiles(home);
        this.mirror = mirror;
        this.folder = folder;
        this.written = Unsealed.of(home);
    }

    /**
     * Whether the clear file is there already, with the bytes of the sealed one. What an earlier run wrote was compared before it got
     * its name, and is not read again as long as nobody touched it.
     *
     * @throws StrongroomException REFUSED if it is there with other bytes; what kept the sealed one from being opened, if that cannot be told
     */
    boolean isThere(FileLine file) throws IOException {
        OptionalLong size = folder.size(file.attachment());
        if (size.isEmpty()) {
            return false;
        }
        if (size.getAsLong() != file.bytes()) {
            throw other(file, "a file of this name and another size is in StorageDirectory");
        }
        if (!written.has(file.attachment(), folder.stamp(file.attachment()))) {
            everywhere(file, copy -> requireSame(file, copy));
            note(file);
        }
        return true;
    }

    private void requireSame(FileLine file, ByteSource sealed) throws IOException {
        SealedReader reader = open(file, sealed);
        try (FileChannel clear = folder.open(file.attachment())) {
            if (!MessageDigest.isEqual(digest(reader), digest(clear))) {
                throw other(file, "a file of this name with other bytes is in StorageDirectory");
            }
        }
    }

    private static StrongroomException other(FileLine file, String text) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("attachment", file.attachment())
                .cure("Keep a copy of it, move it away, and run this again");
    }

    private void note(FileLine file) throws IOException {
        written.add(file.attachment(), folder.stamp(file.attachment()));
    }

    /**
     * Writes it, from this machine, else from the second disk, else from a tier. Durable and compared when this returns.
     *
     * @throws StrongroomException what kept every copy from being read or opened
     */
    void unseal(FileLine file) throws IOException {
        everywhere(file, copy -> write(file, copy));
        note(file);
    }

    /** What is done with a sealed file. */
    @FunctionalInterface
    private interface Use {
        void with(ByteSource sealed) throws IOException;
    }

    private void everywhere(FileLine file, Use use) throws IOException {
        if (isUsed(local.whole(file.sealed()), use) || isUsed(mirrored(file.sealed()), use)) {
            return;
        }
        try {
            use.with(new RemoteFile(sidecar, file.sealed(), WAIT, false));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            use.with(new RemoteFile(sidecar, file.sealed(), WAIT, true));
        }
    }

    /** What does not open, or what the disk does not give, is looked for elsewhere. */
    private static boolean isUsed(Optional<FileSource> copy, Use use) throws IOException {
        if (copy.isEmpty()) {
            return false;
        }
        try (FileSource sealed = copy.get()) {
            use.with(sealed);
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

    private SealedReader open(FileLine file, ByteSource sealed) throws IOException {
        SealedReader reader = SealedReader.open(sealed, keyring.installation(), file.sealed(), keyring::keyOf);
        reader.prove();
        return reader;
    }

    private void write(FileLine file, ByteSource sealed) throws IOException {
        SealedReader reader = open(file, sealed);
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

    private static byte[] digest(SealedReader reader) throws IOException {
        MessageDigest digest = sha256();
        reader.copy(0, reader.size(), (position, bytes, offset, length) -> digest.update(bytes, offset, length));
        return digest.digest();
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
