package org.strongroom.plugin.export;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keys.Keyring;

/**
 * ZIP files in a folder, one after the other: each is first a tree of files, as an {@link Export} writes it, then a ZIP that was read
 * back, then a line of {@code volumes.jsonl}; then its tree goes. So a ZIP is there whole or not at all, and whatever interrupts it
 * is gone on with. Each is a file-set of its own; names in them are of all of them. Used by one thread.
 */
public final class ZippedExport implements Destination {
    private static final String LINES = "volumes.jsonl";
    /** How every ZIP's name begins. */
    private static final String ZIP = "export";
    /** What is the next ZIP. */
    private static final String TREE = "tree";
    /** A tree whose ZIP is there. */
    private static final String DONE = "tree.done";
    /** What a file takes in a ZIP beside its bytes, with its lines in manifest and DICOMDIR: rather more. */
    private static final long ENTRY = 4096;

    private final Path folder;
    private final Keyring keyring;
    private final Optional<DicomDir> directory;
    private final String selection;
    private final long largest;
    private final JsonLines lines;
    private final List<Volume> volumes = new ArrayList<>();
    private final Set<UUID> zipped = new HashSet<>();
    private final Set<String> studies = new HashSet<>();
    private final Set<String> fresh = new HashSet<>();
    private final Map<String, Long> failures = new HashMap<>();
    private final Tree names = new Tree();
    private Export open;
    private long filled;
    private long written;
    private Optional<byte[]> enclosed = Optional.empty();

    /** A line of what is done. */
    private record Volume(String zip, String sha256, long size, long bytes, long images, long listed) {
        static Volume read(String line) {
            return ControlJson.readAnswer(line.getBytes(StandardCharsets.UTF_8), Volume.class);
        }
    }

    /**
     * @param largest bytes of one ZIP; of more only if a single file is larger
     * @param directory makes the DICOMDIRs; empty: none are made
     * @param selection what of the installation it is, in words that tell it from every other
     * @throws StrongroomException REFUSED if {@code folder} holds anything but ZIPs of the same
     */
    public ZippedExport(
            Path folder, Keyring keyring, Optional<DicomDir> directory, String selection, Optional<Long> largest)
            throws IOException {
        this.folder = folder;
        this.keyring = keyring;
        this.directory = directory;
        this.selection = selection;
        this.largest = largest.orElse(Long.MAX_VALUE);
        JsonLines.Opened<Volume> opened = JsonLines.open(
                folder, LINES, new Manifest.Subject(keyring.installation(), selection + " as ZIP"), Volume::read);
        lines = opened.lines();
        volumes.addAll(opened.said());
        discard();
        for (Volume volume : volumes) {
            Zip.entries(folder.resolve(volume.zip())).forEach(entry -> {
                zipped.add(entry.attachment());
                studies.add(entry.study());
                names.note(entry);
            });
        }
        open = next();
    }

    /** What a run left behind that was killed: half a ZIP, or a tree of which there is one. */
    private void discard() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path file : found) {
                boolean isZip = String.valueOf(file.getFileName()).startsWith("." + ZIP);
                if (isZip && DurableFiles.isTemporary(file)) {
                    Files.delete(file);
                }
            }
        }
        delete(folder.resolve(DONE));
        Path manifest = folder.resolve(TREE).resolve(Manifest.NAME);
        if (!Files.exists(manifest)) {
            delete(folder.resolve(TREE)); // nothing is in it yet
        } else if (JsonLines.isOf(manifest, subject(volumes.size()))) {
            discardTree();
        }
    }

    private void discardTree() throws IOException {
        DurableFiles.rename(folder.resolve(TREE), folder.resolve(DONE));
        delete(folder.resolve(DONE));
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Manifest.Subject subject(int volume) {
        return new Manifest.Subject(keyring.installation(), words(volume));
    }

    private String words(int volume) {
        return selection + ", volume " + volume;
    }

    private Export next() throws IOException {
        Export tree = new Export(folder.resolve(TREE), keyring, directory, words(volumes.size() + 1), names);
        dropUnlisted(tree.entries());
        filled =
                tree.entries().stream().mapToLong(entry -> inZip(entry.bytes())).sum();
        return tree;
    }

    /** What a run that was killed wrote, and did not come to list, is written again; nothing goes into a ZIP that its manifest does not name. */
    private void dropUnlisted(List<Manifest.Entry> entries) throws IOException {
        Path tree = folder.resolve(TREE);
        Set<Path> listed = new HashSet<>();
        listed.add(tree.resolve(Manifest.NAME));
        entries.forEach(entry -> listed.add(tree.resolve(entry.file())));
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!listed.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** What does not get smaller gets a little larger. */
    private static long inZip(long bytes) {
        return bytes + bytes / 1000 + ENTRY;
    }

    @Override
    public boolean has(UUID attachment) {
        return zipped.contains(attachment) || open.has(attachment);
    }

    /** While a ZIP is made its tree is there as well. */
    @Override
    public void requireRoom(long bytes) throws IOException {
        Export.requireRoom(folder, bytes + Math.min(largest, bytes + filled));
    }

    @Override
    public void write(SealedHeader header, List<Sealed> places) throws IOException {
        if (filled > 0 && filled > largest - Math.min(largest, inZip(header.plainSize()))) {
            try {
                zip();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a ZIP was made");
            }
        }
        long before = open.written();
        open.write(header, places);
        if (open.written() > before) {
            filled += inZip(open.newest().bytes());
            written++;
        }
    }

    /** Makes a ZIP of the tree, and begins another tree. */
    private void zip() throws IOException, InterruptedException {
        enclosed.ifPresent(open::enclose);
        open.describe();
        int number = volumes.size() + 1;
        String name = number == 1 && largest == Long.MAX_VALUE
                ? ZIP + ".zip"
                : String.format(Locale.ROOT, "%s-%04d.zip", ZIP, number);
        Path zip = folder.resolve(name);
        Zip.make(folder.resolve(TREE), zip, open.entries());
        Volume volume =
                new Volume(name, Export.digest(zip), Files.size(zip), open.bytes(), open.images(), open.listed());
        lines.addDurably(volume);
        volumes.add(volume);
        fresh.add(name);
        open.entries().forEach(entry -> zipped.add(entry.attachment()));
        studies.addAll(open.studies());
        open.failures().forEach((reason, files) -> failures.merge(reason, files, Long::sum));
        discardTree();
        open = next();
    }

    @Override
    public void enclose(byte[] about) {
        enclosed = Optional.of(about.clone());
    }

    @Override
    public void failed(long files, String reason) {
        failures.merge(reason, files, Long::sum);
    }

    @Override
    public void finish(Progress progress) throws IOException, InterruptedException {
        if (!open.entries().isEmpty()) {
            zip();
        }
        delete(folder.resolve(TREE)); // the next one's, with nothing in it
        long done = 0;
        StringBuilder sums = new StringBuilder();
        for (Volume volume : volumes) {
            if (!fresh.contains(volume.zip())
                    && !Export.digest(folder.resolve(volume.zip())).equals(volume.sha256())) {
                failed(1, volume.zip() + " is not what was written: put a good copy back, or name a new folder");
            }
            sums.append(volume.sha256()).append("  ").append(volume.zip()).append('\n');
            progress.show(++done, volumes.size());
        }
        DurableFiles.replace(folder.resolve(Manifest.SUMS), sums.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> zips() {
        return volumes.stream().map(Volume::zip).toList();
    }

    @Override
    public long oversized() {
        return volumes.stream().filter(volume -> volume.size() > largest).count();
    }

    @Override
    public long bytes() {
        return volumes.stream().mapToLong(Volume::bytes).sum() + open.bytes();
    }

    @Override
    public long images() {
        return volumes.stream().mapToLong(Volume::images).sum() + open.images();
    }

    @Override
    public Set<String> studies() {
        Set<String> all = new HashSet<>(studies);
        all.addAll(open.studies());
        all.remove("");
        return all;
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public long listed() {
        return volumes.stream().mapToLong(Volume::listed).sum() + open.listed();
    }

    @Override
    public Map<String, Long> failures() {
        Map<String, Long> all = new HashMap<>(failures);
        open.failures().forEach((reason, files) -> all.merge(reason, files, Long::sum));
        return Map.copyOf(all);
    }
}
