package org.strongroom.plugin.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code manifest.jsonl} of an export: first of what it is, then one line a file, written when the file is durable. By it an
 * interrupted export goes on, and nobody else's folder is written to. Used by one thread.
 */
final class Manifest {
    static final String NAME = "manifest.jsonl";

    private final Path folder;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<UUID, Entry> byAttachment = new HashMap<>();

    private Manifest(Path folder) {
        this.folder = folder;
    }

    /** What an export is of: two that differ never share a folder. */
    record Subject(UUID installation, String selection) {}

    /**
     * One file.
     *
     * @param file path below the folder
     * @param attachment that it was sealed as
     * @param patient PatientID, empty with {@code study}, {@code series} and {@code instance} if it is no image that says whose it is
     */
    record Entry(
            String file,
            UUID attachment,
            String sha256,
            long bytes,
            String patient,
            String study,
            String series,
            String instance) {}

    /**
     * Opens or begins it.
     *
     * @throws StrongroomException REFUSED if the folder holds anything but an export of the same
     */
    static Manifest open(Path folder, Subject subject) throws IOException {
        Manifest manifest = new Manifest(folder);
        Path file = folder.resolve(NAME);
        List<String> lines;
        try {
            lines = wholeLines(file);
        } catch (NoSuchFileException e) {
            requireEmpty(folder);
            DurableFiles.createDirectories(folder);
            DurableFiles.replace(file, line(subject));
            return manifest;
        }
        if (lines.isEmpty() || !lines.get(0).equals(new String(line(subject), StandardCharsets.UTF_8).strip())) {
            throw StrongroomException.of(FailureKind.REFUSED, "the folder holds another export")
                    .with("--to", folder)
                    .cure("Name a new folder");
        }
        for (String line : lines.subList(1, lines.size())) {
            manifest.note(ControlJson.readAnswer(line.getBytes(StandardCharsets.UTF_8), Entry.class));
        }
        return manifest;
    }

    /** A last line that a crash cut off is of a file that is written again. */
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

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            if (found.iterator().hasNext()) {
                throw StrongroomException.of(FailureKind.REFUSED, "the folder is not empty, and holds no export")
                        .with("--to", folder)
                        .cure("Name a new folder: nothing is ever written over");
            }
        }
    }

    private static byte[] line(Object json) {
        return (new String(ControlJson.write(json), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void note(Entry entry) {
        entries.add(entry);
        byAttachment.put(entry.attachment(), entry);
    }

    boolean has(UUID attachment) {
        return byAttachment.containsKey(attachment);
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Adds a file that is durable; the line itself need not be yet. */
    void add(Entry entry) throws IOException {
        Files.write(folder.resolve(NAME), line(entry), StandardOpenOption.APPEND);
        note(entry);
    }

    /** Writes {@code SHA256SUMS}, for {@code sha256sum --check}. */
    void writeSums() throws IOException {
        StringBuilder sums = new StringBuilder();
        entries.forEach(entry ->
                sums.append(entry.sha256()).append("  ").append(entry.file()).append('\n'));
        DurableFiles.replace(folder.resolve("SHA256SUMS"), sums.toString().getBytes(StandardCharsets.UTF_8));
    }
}
