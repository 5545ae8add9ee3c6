package org.strongroom.plugin.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code manifest.jsonl} of an export: first of what it is, then one line a file, written when the file is durable. By it an
 * interrupted export goes on, and nobody else's folder is written to. Used by one thread.
 */
final class Manifest {
    static final String NAME = "manifest.jsonl";
    static final String SUMS = "SHA256SUMS";
    /** What is known beside the images, if somebody wanted it. */
    static final String ABOUT = "about.json";
    /** All that may be in an export and is not in its manifest. */
    static final Set<String> BESIDE = Set.of(NAME, SUMS, ABOUT, DicomDir.NAME);

    private final Path folder;
    private final JsonLines lines;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<UUID, Entry> byAttachment = new HashMap<>();

    private Manifest(Path folder, JsonLines lines) {
        this.folder = folder;
        this.lines = lines;
    }

    /** What an export is of: two that differ never share a folder. */
    record Subject(UUID installation, String selection) {}

    /**
     * One file.
     *
     * @param file path below the folder
     * @param attachment that it was sealed as
     * @param patient PatientID, empty with {@code study}, {@code series} and {@code instance} if it is no image that says whose it is
     * @param tenant whose it is; empty if nobody knows, and in what an older version wrote
     */
    record Entry(
            String file,
            UUID attachment,
            String sha256,
            long bytes,
            String patient,
            String study,
            String series,
            String instance,
            String tenant) {
        Entry {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(attachment, "attachment");
            Objects.requireNonNull(sha256, "sha256");
            Objects.requireNonNull(instance, "instance");
            tenant = Objects.requireNonNullElse(tenant, "");
        }

        boolean isImage() {
            return !instance.isEmpty();
        }

        /** Reads a line of a manifest. */
        static Entry read(String line) {
            return ControlJson.readRequest(line.getBytes(StandardCharsets.UTF_8), Entry.class);
        }
    }

    /**
     * Opens or begins it.
     *
     * @throws StrongroomException REFUSED if the folder holds anything but an export of the same
     */
    static Manifest open(Path folder, Subject subject) throws IOException {
        JsonLines.Opened<Entry> opened = JsonLines.open(folder, NAME, subject, Entry::read);
        Manifest manifest = new Manifest(folder, opened.lines());
        opened.said().forEach(manifest::note);
        return manifest;
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

    /** What was added last. */
    Entry newest() {
        return entries.get(entries.size() - 1);
    }

    /** Adds a file that is durable; the line itself need not be yet. */
    void add(Entry entry) throws IOException {
        lines.add(entry);
        note(entry);
    }

    /** Writes {@code SHA256SUMS}, for {@code sha256sum --check}. */
    void writeSums() throws IOException {
        StringBuilder sums = new StringBuilder();
        entries.forEach(entry ->
                sums.append(entry.sha256()).append("  ").append(entry.file()).append('\n'));
        DurableFiles.replace(folder.resolve(SUMS), sums.toString().getBytes(StandardCharsets.UTF_8));
    }
}
