package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/**
 * One upload to a directory: {@code upload} (name and size of the object), {@code data} (the object, written at offsets),
 * and per durable part a file {@code <number>.part} (offset, size, MD5). Parts may be written by several threads.
 */
final class DirectoryUpload {
    private static final String NUMBER = "([0-9]{1,18})";
    /** The object's name and its size. */
    private static final Pattern UPLOAD = Pattern.compile("([^ ]+) " + NUMBER);
    /** Where a part begins, its size and its digest. */
    private static final Pattern PART = Pattern.compile(NUMBER + " " + NUMBER + " ([0-9a-f]+)");

    private static final Pattern PART_FILE = Pattern.compile("([0-9]{1,9})\\.part");

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final String object;
    private final long size;

    private DirectoryUpload(Path folder, String object, long size) {
        this.folder = folder;
        this.object = object;
        this.size = size;
    }

    static void create(Path folder, String object, long size) throws IOException {
        Files.createDirectory(folder);
        Files.createFile(folder.resolve("data"));
        DurableFiles.replace(folder.resolve("upload"), text(object + ' ' + size));
        DurableFiles.fsyncDirectory(folder.getParent());
    }

    /** The upload in {@code folder}; empty if there is none (or its beginning was cut short, or a power cut left zeros of it). */
    static Optional<DirectoryUpload> open(Path folder) throws IOException {
        try {
            Matcher upload = UPLOAD.matcher(text(folder.resolve("upload")));
            return upload.matches()
                    ? Optional.of(new DirectoryUpload(folder, upload.group(1), Long.parseLong(upload.group(2))))
                    : Optional.empty();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    String object() {
        return object;
    }

    Path data() {
        return folder.resolve("data");
    }

    boolean hasData() {
        return Files.exists(data());
    }

    PartReceipt write(int number, long offset, ByteSource content, byte[] md5) throws IOException {
        if (offset < 0 || offset > size - content.size()) {
            throw StrongroomException.of(FailureKind.BUG, "a part leaves its object")
                    .with("object", object);
        }
        Path receipt = folder.resolve(number + ".part");
        if (Files.deleteIfExists(receipt)) {
            DurableFiles.fsyncDirectory(folder); // a half rewritten part must not have the old one's receipt
        }
        try (PartStream bytes = new PartStream(content, md5);
                FileChannel channel = FileChannel.open(data(), StandardOpenOption.WRITE)) {
            channel.position(offset);
            byte[] buffer = new byte[BUFFER];
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                DurableFiles.writeFully(channel, ByteBuffer.wrap(buffer, 0, count));
            }
            channel.force(true);
        }
        String tag = HexFormat.of().formatHex(md5);
        DurableFiles.replace(receipt, text(offset + " " + content.size() + ' ' + tag));
        return new PartReceipt(number, content.size(), tag);
    }

    /** The durable parts, by number; one whose receipt cannot be understood is none, and is sent again. */
    List<PartReceipt> receipts() throws IOException {
        List<PartReceipt> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*.part")) {
            for (Path file : files) {
                Matcher name = PART_FILE.matcher(file.getFileName().toString());
                Matcher part = PART.matcher(text(file));
                if (name.matches() && part.matches()) {
                    found.add(new PartReceipt(
                            Integer.parseInt(name.group(1)), Long.parseLong(part.group(2)), part.group(3)));
                }
            }
        }
        found.sort(Comparator.comparingInt(PartReceipt::number));
        return found;
    }

    /** Makes sure that {@code parts} are here, durable, and make up the whole object without gap or overlap. */
    void check(List<PartReceipt> parts) throws IOException {
        if (!receipts().containsAll(parts)) {
            throw incomplete();
        }
        long end = 0;
        for (PartReceipt part : parts) {
            Matcher begin = PART.matcher(text(folder.resolve(part.number() + ".part")));
            if (!begin.matches() || Long.parseLong(begin.group(1)) != end) {
                throw incomplete();
            }
            end += part.size();
        }
        if (end != size) {
            throw incomplete();
        }
    }

    /** Receipts first, so that none outlives its bytes; the upload's own file last, so that a delete cut short is repeated. */
    void delete() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[.0-9]*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        DurableFiles.fsyncDirectory(folder);
        Files.deleteIfExists(data());
        Files.deleteIfExists(folder.resolve("upload"));
        Files.deleteIfExists(folder);
        DurableFiles.fsyncDirectory(folder.getParent());
    }

    /** Removes what is left of an upload without a name. */
    static void removeRemains(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return; // its delete went on meanwhile, or it is somebody's file
        }
    }

    private StrongroomException incomplete() {
        return StrongroomException.of(FailureKind.NOT_FOUND, "the tier does not hold all parts of this upload")
                .with("object", object);
    }

    private static byte[] text(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whatever its bytes are. */
    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
