package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.format.v1.Sha256;

/** Where the files of one log are: Home's folder, or an anchor in a tier. Safe for one reader beside one writer. */
@FunctionalInterface
interface Tiles {
    /** Bytes of a full bundle of the longest entries: no file of a log is longer. */
    long LARGEST = (long) TilePath.FULL * (Short.BYTES + AuditEntry.LONGEST);

    /** The file at a path of tlog-tiles; empty if it is absent. */
    Optional<byte[]> read(String path) throws IOException;

    /** Those in a folder. Of a partial one that is not there any more, because the log grew, a wider one has all that was in it. */
    static Tiles in(Path folder) {
        return path -> {
            Optional<byte[]> found = file(folder.resolve(path));
            return found.isPresent() ? found : WiderTile.of(path).read(folder);
        };
    }

    /**
     * The bytes of a file; of one that is longer than any of a log can be, enough to see that. Empty if it is absent, or something else
     * is in its place or in that of one of its folders: who reads a pipe waits for ever.
     */
    static Optional<byte[]> file(Path file) throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                return Optional.empty();
            }
            return Optional.of(found.size() > LARGEST ? beginning(file) : Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw e; // whoever asks may not see it: that says nothing of the log
        } catch (FileSystemException e) {
            if (isBehindNoFolder(file.toAbsolutePath())) {
                return Optional.empty();
            }
            throw e; // a disk that fails says nothing of the log either
        }
    }

    /** Whether a link is in a file's place, or something that is no folder in that of one of its folders. */
    private static boolean isBehindNoFolder(Path file) {
        for (Path at = file; at != null; at = at.getParent()) {
            Optional<BasicFileAttributes> found = found(at);
            if (found.isPresent()) {
                // A folder that is a link may lead to a disk that fails.
                return at.equals(file)
                        ? !found.get().isRegularFile()
                        : !found.get().isDirectory() && !found.get().isSymbolicLink();
            }
        }
        return false;
    }

    /** Empty if only what is above it says more. */
    private static Optional<BasicFileAttributes> found(Path at) {
        try {
            return Optional.of(Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes((int) LARGEST + 1);
        }
    }

    /**
     * {@code width} hashes of a tile; a full one stands for a partial one. Empty if neither is there, or what is there is no such tile:
     * nobody signed what stands behind its last hash.
     */
    default Optional<List<Sha256>> tile(int level, long index, int width) throws IOException {
        Optional<byte[]> partial = read(TilePath.tile(level, index, width));
        Optional<byte[]> bytes = partial.isPresent() ? partial : read(TilePath.tile(level, index, TilePath.FULL));
        int there = partial.isPresent() ? width : TilePath.FULL;
        if (bytes.isEmpty() || bytes.get().length != there * Sha256.SIZE) {
            return Optional.empty();
        }
        List<Sha256> hashes = new ArrayList<>(width);
        for (int at = 0; at < bytes.get().length; at += Sha256.SIZE) {
            hashes.add(new Sha256(Arrays.copyOfRange(bytes.get(), at, at + Sha256.SIZE)));
        }
        return Optional.of(hashes.subList(0, width));
    }

    /**
     * The entries of a bundle, all that are there, and more if somebody added some; of a full one, which stands for a partial one, at most
     * {@code width}. Empty if neither is there.
     */
    default Optional<List<byte[]>> entries(long index, int width) throws IOException {
        Optional<byte[]> found = read(TilePath.entries(index, width));
        return found.isPresent()
                ? found.map(Tiles::split)
                : read(TilePath.entries(index, TilePath.FULL))
                        .map(Tiles::split)
                        .map(all -> all.subList(0, Math.min(width, all.size())));
    }

    /**
     * A bundle's entries, or one more than it can have; what is no whole one at its end is an entry that nobody wrote, with what stands for
     * its length.
     */
    static List<byte[]> split(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bundle);
        while (in.hasRemaining() && entries.size() <= TilePath.FULL) {
            int left = in.remaining() - Short.BYTES;
            int length = left < 0 ? 1 : Short.toUnsignedInt(in.getShort(in.position()));
            boolean whole = length <= left;
            byte[] entry = new byte[whole ? length : in.remaining()];
            in.position(in.position() + (whole ? Short.BYTES : 0)).get(entry);
            entries.add(entry);
        }
        return entries;
    }

    /** The bundle of these entries. */
    static byte[] bundle(List<byte[]> entries) {
        int size =
                entries.stream().mapToInt(entry -> Short.BYTES + entry.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        for (byte[] entry : entries) {
            out.putShort((short) entry.length).put(entry);
        }
        return out.array();
    }

    /** The tile of these hashes. */
    static byte[] tile(List<Sha256> hashes) {
        ByteBuffer out = ByteBuffer.allocate(hashes.size() * Sha256.SIZE);
        hashes.forEach(hash -> out.put(hash.toBytes()));
        return out.array();
    }
}
