package org.strongroom.plugin.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;

/** One export's tree as a ZIP file (zip64 where it has to be). Stateless. */
final class Zip {
    private static final int BUFFER = 1 << 20;

    private Zip() {}

    /**
     * Makes one of all that is in {@code tree}; it has its name when all of it was written, made durable, and read back.
     *
     * @throws StrongroomException CORRUPT if it was not read back as it was written
     */
    static void make(Path tree, Path zip, List<Manifest.Entry> entries) throws IOException {
        Path temporary = DurableFiles.writeTemporary(zip, channel -> write(tree, channel));
        try {
            verify(tree, temporary, entries);
            DurableFiles.rename(temporary, zip);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path tree, FileChannel channel) throws IOException {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED); // many images are compressed already
        for (Path file : files(tree)) {
            ZipEntry entry = new ZipEntry(name(tree, file));
            entry.setLastModifiedTime(Files.getLastModifiedTime(file));
            zip.putNextEntry(entry);
            Files.copy(file, zip);
            zip.closeEntry();
        }
        zip.finish(); // the channel is not ours to close
        out.flush();
    }

    private static List<Path> files(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !DurableFiles.isTemporary(file)) // of a run that was killed
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path tree, Path file) {
        return tree.relativize(file).toString();
    }

    private static void verify(Path tree, Path written, List<Manifest.Entry> entries) throws IOException {
        Map<String, String> sums = new HashMap<>();
        entries.forEach(entry -> sums.put(entry.file(), entry.sha256()));
        long read = 0;
        try (ZipFile zip = new ZipFile(written.toFile(), StandardCharsets.UTF_8)) {
            for (Path file : files(tree)) {
                String name = name(tree, file);
                if (!sums.containsKey(name) && !Manifest.BESIDE.contains(name)) {
                    throw notWhole(written);
                }
                String expected = sums.containsKey(name) ? sums.remove(name) : Export.digest(file);
                ZipEntry entry = zip.getEntry(name);
                if (entry == null || !digest(zip, entry).equals(expected)) {
                    throw notWhole(written);
                }
                read++;
            }
            if (read != zip.size() || !sums.isEmpty()) {
                throw notWhole(written);
            }
        } catch (ZipException e) {
            throw notWhole(written);
        }
    }

    private static StrongroomException notWhole(Path written) {
        return StrongroomException.of(FailureKind.CORRUPT, "a ZIP is not read back as it was to be written")
                .with("folder", written.toAbsolutePath().getParent())
                .cure(
                        "Run the same command again; if it fails again, a file in the folder tree was changed, or the disk"
                                + " is not to be trusted: name a new folder, on another one");
    }

    private static String digest(ZipFile zip, ZipEntry entry) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(zip.getInputStream(entry), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * What its manifest lists.
     *
     * @throws StrongroomException NOT_FOUND if it is not there, CORRUPT if it is none
     */
    static List<Manifest.Entry> entries(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "a ZIP of this export is not in its folder any more")
                    .with("file", file)
                    .cure(
                            "Put it back until all are there: by it the command knows what is done. Or name a new folder");
        }
        try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
            ZipEntry entry = zip.getEntry(Manifest.NAME);
            if (entry == null) {
                throw new ZipException("no manifest");
            }
            String manifest = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
            return manifest.lines().skip(1).map(Manifest.Entry::read).toList();
        } catch (ZipException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a ZIP of this export is damaged")
                    .with("file", file)
                    .causedBy(e)
                    .cure("Name a new folder, on a disk that can be trusted");
        }
    }
}
