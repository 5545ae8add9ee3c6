package org.strongroom.plugin.export;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/** A file of JSON lines in a folder of its own, that says first what it is of, and then what is done of that. Used by one thread. */
final class JsonLines {
    private final Path file;

    private JsonLines(Path file) {
        this.file = file;
    }

    /** An open one, and what it said. */
    record Opened<T>(JsonLines lines, List<T> said) {}

    /**
     * Opens or begins it; a last line that a crash cut off is dropped.
     *
     * @param read makes of a line what it says
     * @throws StrongroomException REFUSED if the folder holds anything but an export of the same
     */
    static <T> Opened<T> open(Path folder, String name, Object subject, Function<String, T> read) throws IOException {
        Path file = folder.resolve(name);
        List<String> lines;
        try {
            lines = wholeLines(file);
        } catch (NoSuchFileException e) {
            requireEmpty(folder, name);
            DurableFiles.createDirectories(folder);
            DurableFiles.replace(file, line(subject));
            return new Opened<>(new JsonLines(file), List.of());
        }
        if (!isOf(lines, subject)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the folder holds another export")
                    .with("--to", folder)
                    .cure("Name a new folder");
        }
        return new Opened<>(
                new JsonLines(file), lines.stream().skip(1).map(read).toList());
    }

    /** Whether there is such a file, and it is of this. */
    static boolean isOf(Path file, Object subject) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(file), StandardCharsets.UTF_8))) { // what a crash cut off need not be text
            String first = lines.readLine();
            return first != null && isOf(List.of(first), subject);
        }
    }

    private static boolean isOf(List<String> lines, Object subject) {
        return !lines.isEmpty() && lines.get(0).equals(new String(line(subject), StandardCharsets.UTF_8).strip());
    }

    private static List<String> wholeLines(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            DurableFiles.replace(file, Arrays.copyOf(bytes, end));
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
    }

    private static void requireEmpty(Path folder, String name) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path file : found) {
                boolean begun = String.valueOf(file.getFileName()).startsWith("." + name + ".");
                if (!begun || !DurableFiles.isTemporary(file)) { // a run that was killed when it began leaves one
                    throw StrongroomException.of(FailureKind.REFUSED, "the folder is not empty, and holds no export")
                            .with("--to", folder)
                            .cure("Name a new folder: nothing is ever written over");
                }
            }
        }
    }

    private static byte[] line(Object json) {
        return (new String(ControlJson.write(json), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Adds a line, which need not be durable when this returns: without it something is only done again. */
    void add(Object json) throws IOException {
        Files.write(file, line(json), StandardOpenOption.APPEND);
    }

    /** Adds a line; durable when this returns. */
    void addDurably(Object json) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line(json)));
            channel.force(true);
        }
    }
}
