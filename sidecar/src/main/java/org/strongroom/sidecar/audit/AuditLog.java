package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * The one writer of a log. What its checkpoint covers is the log; files beyond that are what a kill left, and are written anew. After a
 * failure of {@link #append} it must be opened again. For one thread.
 */
final class AuditLog {
    static final String CHECKPOINT = "checkpoint";

    private final Path folder;
    private final CheckpointSigner signer;
    private final Edge edge;
    /** Entries of the last bundle, if it is not full. */
    private final List<byte[]> bundle;

    private AuditLog(Path folder, CheckpointSigner signer, Edge edge, List<byte[]> bundle) {
        this.folder = folder;
        this.signer = signer;
        this.edge = edge;
        this.bundle = new ArrayList<>(bundle);
    }

    /**
     * Opens the log, or begins one.
     *
     * @throws StrongroomException CORRUPT or REFUSED if what is there is not what was signed: nothing is ever signed on top of that
     */
    static AuditLog open(Path folder, UUID installation) throws IOException {
        boolean begun = Files.exists(folder.resolve("tile")) || Files.exists(folder.resolve(CHECKPOINT));
        CheckpointSigner signer = CheckpointSigner.open(folder, installation, begun);
        if (!begun) {
            AuditLog log = new AuditLog(folder, signer, new Edge(), List.of());
            log.sign();
            return log;
        }
        Tiles tiles = Tiles.in(folder);
        Checkpoint checkpoint = LogReader.checkpoint(tiles, signer.key());
        int width = TilePath.lastWidth(0, checkpoint.size());
        Optional<Edge> edge = Edge.load(tiles, checkpoint.size());
        Optional<List<byte[]>> bundle =
                width == 0 ? Optional.of(List.of()) : tiles.entries(TilePath.fullTiles(0, checkpoint.size()), width);
        if (edge.isEmpty() || bundle.isEmpty() || bundle.get().size() < width) {
            throw corrupt(folder, "a part of the audit log is missing");
        }
        List<byte[]> last = bundle.get().subList(0, width);
        if (!edge.get().root().equals(checkpoint.root())
                || !last.stream().map(Merkle::leaf).toList().equals(edge.get().hashes(0))) {
            throw corrupt(folder, "the audit log is not what its checkpoint says");
        }
        return new AuditLog(folder, signer, edge.get(), last);
    }

    long size() {
        return edge.size();
    }

    /** Appends entries and signs that they are there; durable on return. */
    void append(List<byte[]> entries) throws IOException {
        for (byte[] entry : entries) {
            if (entry.length > AuditEntry.LONGEST) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
            }
            bundle.add(entry);
            if (bundle.size() == TilePath.FULL) {
                write(TilePath.entries(TilePath.fullTiles(0, edge.size()), TilePath.FULL), Tiles.bundle(bundle));
                bundle.clear();
            }
            edge.add(
                    Merkle.leaf(entry),
                    (level, index, hashes) -> write(TilePath.tile(level, index, TilePath.FULL), Tiles.tile(hashes)));
        }
        writePartials();
        sign();
    }

    private void writePartials() throws IOException {
        if (!bundle.isEmpty()) {
            write(TilePath.entries(TilePath.fullTiles(0, edge.size()), bundle.size()), Tiles.bundle(bundle));
        }
        for (int level = 0; level < TilePath.LEVELS; level++) {
            int width = edge.hashes(level).size();
            if (width > 0) {
                long index = TilePath.fullTiles(level, edge.size());
                write(TilePath.tile(level, index, width), Tiles.tile(edge.hashes(level)));
            }
        }
    }

    private void sign() throws IOException {
        Checkpoint checkpoint = new Checkpoint(signer.key().name(), edge.size(), edge.root());
        DurableFiles.replace(folder.resolve(CHECKPOINT), signer.sign(checkpoint));
    }

    private void write(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, content);
    }

    /** The full one serves everybody who would ask for a part of it. */
    static void dropPartials(Path full) throws IOException {
        Path partials = full.resolveSibling(full.getFileName() + ".p");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partials)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(partials);
    }

    private static StrongroomException corrupt(Path folder, String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text)
                .with("folder", folder)
                .cure("Run \"strongroom audit verify\": it names the first entry that is wrong. Events are kept in"
                        + " audit/pending meanwhile; bring the folder back from a tier's anchor, or set it aside"
                        + " as evidence");
    }
}
