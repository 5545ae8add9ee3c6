package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.bridge.StorageArea.Commit;

/**
 * Puts a sealed file into the spool, and into the mirror on a second disk if there is one: durable in both, or in none.
 * Thread-safe.
 */
final class SpoolWriter {
    private final List<Path> spools;

    SpoolWriter(Home home, Optional<Path> mirror) {
        List<Path> all = new ArrayList<>();
        all.add(home.spool());
        mirror.ifPresent(all::add);
        this.spools = List.copyOf(all);
    }

    /**
     * Writes {@code content}, copies it to the mirror, asks {@code commit}, then makes all copies visible.
     *
     * @throws StrongroomException REFUSED if Orthanc has given up meanwhile; nothing is left behind then
     */
    void write(UUID attachment, DurableFiles.Content content, Commit commit) throws IOException {
        List<Path> temporaries = new ArrayList<>(spools.size());
        List<Path> visible = new ArrayList<>(spools.size());
        try {
            for (Path spool : spools) {
                Path target = Home.sharded(spool, attachment);
                DurableFiles.createDirectories(target.getParent());
                temporaries.add(DurableFiles.writeTemporary(
                        target, temporaries.isEmpty() ? content : copyOf(temporaries.get(0))));
            }
            if (!commit.enter()) {
                throw StrongroomException.of(FailureKind.REFUSED, "Orthanc gave up before the attachment was sealed")
                        .with("attachment", attachment);
            }
            // The spool itself last: the sidecar must not see a file whose mirror could still fail.
            for (int i = spools.size() - 1; i >= 0; i--) {
                Path target = Home.sharded(spools.get(i), attachment);
                visible.add(target);
                DurableFiles.rename(temporaries.get(i), target);
            }
        } catch (IOException | RuntimeException | Error e) {
            discard(temporaries, e);
            discard(visible, e);
            throw e;
        }
    }

    /** The mirror holds the same bytes: sealing twice would give two different files of one name. */
    private static DurableFiles.Content copyOf(Path file) {
        return target -> {
            try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
                long size = source.size();
                for (long done = 0; done < size; ) {
                    done += source.transferTo(done, size - done, target);
                }
            }
        };
    }

    private static void discard(List<Path> files, Throwable cause) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException | RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
