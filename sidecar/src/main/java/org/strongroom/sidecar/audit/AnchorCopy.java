package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.tier.Tier;

/** Takes the logs that a tier holds back into folders, in the layout of {@code HOME/audit}. Stateless. */
public final class AnchorCopy {
    private AnchorCopy() {}

    /**
     * Writes every log of the tier, as far as its newest checkpoint goes, into a folder of its own; it believes the tier: verify them.
     *
     * @param into a folder that is made, or empty
     * @return the folders
     * @throws StrongroomException NOT_FOUND if the tier holds none; CORRUPT if a part of one is missing there; REFUSED if the folder is in use
     */
    public static List<Path> write(Tier tier, Path into) throws IOException {
        DurableFiles.createDirectories(into);
        try (var files = Files.list(into)) {
            if (files.findAny().isPresent()) {
                throw StrongroomException.of(FailureKind.REFUSED, "the folder is not empty")
                        .with("folder", into)
                        .cure("Name another one: what is there may be evidence");
            }
        }
        List<Path> folders = new ArrayList<>();
        for (AnchoredLog log : AnchoredLog.all(tier)) {
            long minimum = MinimumIndex.read(log);
            Optional<byte[]> newest = log.read(AuditLog.CHECKPOINT); // behind it: so it covers the event that says so
            if (newest.isPresent()) {
                folders.add(write(log, newest.get(), minimum, into.resolve(AnchorName.log(log.key()))));
            }
        }
        if (folders.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, AnchorVerification.NOT_ANCHORED)
                    .with("tier", tier.name());
        }
        return folders;
    }

    private static Path write(AnchoredLog log, byte[] checkpoint, long minimum, Path folder) throws IOException {
        long size = LogReader.open(checkpoint, log.key()).size();
        for (int level = 0; level < TilePath.LEVELS; level++) {
            long full = TilePath.fullTiles(level, size);
            int last = TilePath.lastWidth(level, size);
            for (long index = TilePath.fullTiles(level, minimum); index < full + (last > 0 ? 1 : 0); index++) {
                int width = index < full ? TilePath.FULL : last;
                copy(log, TilePath.tile(level, index, width), folder);
                if (level == 0) {
                    copy(log, TilePath.entries(index, width), folder);
                }
            }
        }
        put(folder.resolve(CheckpointSigner.PUBLIC), AnchorName.keyFile(log.key()));
        if (minimum > 0) {
            put(folder.resolve(MinimumIndex.FILE), MinimumIndex.file(minimum));
        }
        put(folder.resolve(AuditLog.CHECKPOINT), checkpoint);
        return folder;
    }

    private static void copy(AnchoredLog log, String path, Path folder) throws IOException {
        put(folder.resolve(path), log.read(path).orElseThrow(AnchorCopy::missing));
    }

    private static void put(Path file, byte[] content) throws IOException {
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, content);
    }

    private static StrongroomException missing() {
        return StrongroomException.of(FailureKind.CORRUPT, "a part of an anchored audit log is missing in the tier")
                .cure("Another tier may have it; or write it again: it comes by itself while Home/audit is whole");
    }
}
