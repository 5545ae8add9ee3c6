package org.strongroom.plugin.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/**
 * A folder: what is sealed is written as plain files, each durable, and named in the manifest with its digest, before the next one; what an earlier
 * run wrote is left as it is. Used by one thread.
 */
public final class Export implements Destination {
    private static final int PIECE = 1 << 20;
    /** What Orthanc compressed is inflated in memory. */
    private static final long LARGEST_INFLATED = 1L << 30;

    private final Path folder;
    private final Keyring keyring;
    private final Manifest manifest;
    private final Optional<DicomDir> directory;
    private final Tree tree;
    private final Map<String, Long> failures = new TreeMap<>();
    private long written;
    private long listed;
    private Optional<byte[]> enclosed = Optional.empty();

    /**
     * @param directory makes the DICOMDIR; empty: none is made
     * @param selection what of the installation it is, in words that tell it from every other
     * @throws StrongroomException REFUSED if {@code folder} holds anything but an export of the same
     */
    public Export(Path folder, Keyring keyring, Optional<DicomDir> directory, String selection) throws IOException {
        this(folder, keyring, directory, selection, new Tree());
    }

    /** @param tree names that are taken already */
    Export(Path folder, Keyring keyring, Optional<DicomDir> directory, String selection, Tree tree) throws IOException {
        this.folder = folder;
        this.keyring = keyring;
        this.directory = directory;
        this.tree = tree;
        this.manifest = Manifest.open(folder, new Manifest.Subject(keyring.installation(), selection));
        manifest.entries().forEach(tree::note);
    }

    @Override
    public boolean has(UUID attachment) {
        return manifest.has(attachment);
    }

    @Override
    public void requireRoom(long bytes) throws IOException {
        requireRoom(folder, bytes);
    }

    static void requireRoom(Path folder, long bytes) throws IOException {
        long room = DiskSpace.of(folder).usable();
        if (room < bytes) {
            throw StrongroomException.of(FailureKind.FULL, "the export does not fit on the disk")
                    .with("--to", folder)
                    .with("needed", bytes)
                    .with("free", room)
                    .cure("Make room, or name a folder on a larger disk; nothing was written");
        }
    }

    @Override
    public void write(SealedHeader header, List<Sealed> places) throws IOException {
        String failure = "its bytes are nowhere";
        for (Sealed place : places) {
            try {
                SealedReader reader =
                        SealedReader.open(place.open(), keyring.installation(), header.attachment(), keyring::keyOf);
                reader.verify();
                ByteSource plain = inflated(reader);
                manifest.add(header.isDicom() ? image(header, plain) : other(header, plain));
                written++;
                return;
            } catch (StrongroomException e) {
                failure = e.text();
            } catch (UnreadableFileException e) {
                failure = "the disk does not give its bytes";
            }
        }
        failed(1, failure);
    }

    @Override
    public void failed(long files, String reason) {
        failures.merge(reason, files, Long::sum);
    }

    private Manifest.Entry image(SealedHeader header, ByteSource plain) throws IOException {
        Optional<DicomHeader> dicom = DicomHeader.read(plain).filter(one -> one.sopInstanceUid().length > 0);
        if (dicom.isEmpty()) {
            return other(header, plain);
        }
        String patient = text(dicom.get().patientId());
        String study = text(dicom.get().studyInstanceUid());
        String series = text(dicom.get().seriesInstanceUid());
        String name = tree.next(patient, study, series);
        return new Manifest.Entry(
                name,
                header.attachment(),
                store(name, plain),
                plain.size(),
                patient,
                study,
                series,
                text(dicom.get().sopInstanceUid()),
                tenant(header));
    }

    /** What belongs to a study and is no image: an attachment of a user, or one that nobody understands. */
    private Manifest.Entry other(SealedHeader header, ByteSource plain) throws IOException {
        String name = "OTHER/" + header.attachment();
        return new Manifest.Entry(
                name, header.attachment(), store(name, plain), plain.size(), "", "", "", "", tenant(header));
    }

    /** Whose it is now, which need not be for whom it was sealed. */
    private String tenant(SealedHeader header) {
        return keyring.tenantName(keyring.owners().of(header.key(), header.tenant())).orElse("");
    }

    /** Raw values of a file may be in any character set; a manifest is read by people. */
    private static String text(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    }

    private static ByteSource inflated(ByteSource stored) throws IOException {
        OptionalLong size = OrthancZlib.inflatedSize(stored);
        if (size.isEmpty() || size.getAsLong() > LARGEST_INFLATED) {
            return stored;
        }
        return OrthancZlib.inflatedPrefix(stored, (int) size.getAsLong())
                .filter(plain -> plain.size() == size.getAsLong())
                .orElse(stored);
    }

    private String store(String name, ByteSource plain) throws IOException {
        Path target = folder.resolve(name);
        DurableFiles.createDirectories(target.getParent());
        MessageDigest digest = Sha256.digest();
        Path temporary = DurableFiles.writeTemporary(target, channel -> copy(plain, channel, digest));
        String sha256 = HexFormat.of().formatHex(digest.digest());
        try {
            if (Files.exists(target) && !digest(target).equals(sha256)) {
                throw StrongroomException.of(FailureKind.REFUSED, "another file stands where one is to be written")
                        .with("file", target)
                        .cure("Name a new folder: nothing is ever written over");
            }
            DurableFiles.rename(temporary, target);
            return sha256;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void copy(ByteSource plain, FileChannel to, MessageDigest digest) throws IOException {
        byte[] piece = new byte[(int) Math.min(PIECE, plain.size())];
        for (long done = 0; done < plain.size(); ) {
            int count = (int) Math.min(piece.length, plain.size() - done);
            plain.read(done, piece, 0, count);
            digest.update(piece, 0, count);
            DurableFiles.writeFully(to, ByteBuffer.wrap(piece, 0, count));
            done += count;
        }
    }

    /** SHA-256 of a file, in hexadecimal. */
    static String digest(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (FileSource source = FileSource.open(file)) {
            byte[] piece = new byte[PIECE];
            for (long done = 0; done < source.size(); ) {
                int count = (int) Math.min(piece.length, source.size() - done);
                source.read(done, piece, 0, count);
                digest.update(piece, 0, count);
                done += count;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void finish(Progress progress) throws IOException, InterruptedException {
        long done = 0;
        for (Manifest.Entry entry : manifest.entries()) {
            Path file = folder.resolve(entry.file());
            if (!Files.isRegularFile(file)) {
                failed(1, "a file that was written is gone");
            } else if (!digest(file).equals(entry.sha256())) {
                failed(1, "a file is not what was written");
            }
            progress.show(++done, manifest.entries().size());
        }
        describe();
    }

    @Override
    public void enclose(byte[] about) {
        enclosed = Optional.of(about.clone());
    }

    /** Writes what lists the files, and goes with them. */
    void describe() throws IOException, InterruptedException {
        if (enclosed.isPresent()) {
            DurableFiles.replace(folder.resolve(Manifest.ABOUT), enclosed.get());
        }
        manifest.writeSums();
        listed = directory.isPresent() && images() > 0 ? directory.get().make(folder) : 0;
    }

    /** What was written last, by this run. */
    Manifest.Entry newest() {
        return manifest.newest();
    }

    List<Manifest.Entry> entries() {
        return manifest.entries();
    }

    @Override
    public List<String> zips() {
        return List.of();
    }

    @Override
    public long bytes() {
        return manifest.entries().stream().mapToLong(Manifest.Entry::bytes).sum();
    }

    @Override
    public long images() {
        return manifest.entries().stream().filter(Manifest.Entry::isImage).count();
    }

    @Override
    public Set<String> studies() {
        return manifest.entries().stream()
                .map(Manifest.Entry::study)
                .filter(study -> !study.isEmpty())
                .collect(Collectors.toSet());
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public long oversized() {
        return 0;
    }

    @Override
    public long listed() {
        return listed;
    }

    @Override
    public Map<String, Long> failures() {
        return Map.copyOf(failures);
    }
}
