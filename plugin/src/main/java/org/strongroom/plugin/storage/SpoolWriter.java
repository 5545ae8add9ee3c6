package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.bridge.StorageArea.Commit;

/**
 * Puts a sealed file into the spool, and into the mirror on a second disk if there is one: durable in both, or in none.
 * Thread-safe.
 */
final class SpoolWriter {
    private final Home home;
    /** The file that says whose Home it is, which nobody writes while Orthanc runs; of a scratch folder empty. */
    private final byte[] owner;

    private final List<Path> spools;
    private final Optional<MirrorDisk> mirror;
    /** Folders whose own entry is known to be on the disk: another thread may have made one and not synced it yet. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /**
     * For what {@code home} is now.
     *
     * @throws StrongroomException UNAVAILABLE if it cannot be read
     */
    SpoolWriter(Home home, Optional<MirrorDisk> mirror) {
        this.home = home;
        try {
            this.owner = owner(home);
        } catch (IOException e) {
            throw gone(home).causedBy(e);
        }
        this.mirror = mirror;
        List<Path> all = new ArrayList<>();
        all.add(home.spool());
        mirror.map(MirrorDisk::folder).ifPresent(all::add);
        this.spools = List.copyOf(all);
    }

    /** The same of what nobody misses. */
    void write(
            UUID attachment, DurableFiles.Content content, Optional<FileTime> arrived, Commit commit, Runnable recorded)
            throws IOException {
        write(attachment, content, arrived, commit, recorded, () -> {});
    }

    /**
     * Writes {@code content}, copies it to the mirror, asks {@code commit}, then makes all copies visible.
     *
     * @param arrived when Orthanc got it, if that is not now
     * @param recorded returns when what has to be on the disk beside them is; if it throws, nothing is left behind either
     * @param withdrawn told if the file was visible for a moment: the sidecar may have seen it
     * @throws StrongroomException UNAVAILABLE if Orthanc has given up meanwhile, or Home or the second disk is not there;
     *     nothing is left behind then
     */
    void write(
            UUID attachment,
            DurableFiles.Content content,
            Optional<FileTime> arrived,
            Commit commit,
            Runnable recorded,
            Runnable withdrawn)
            throws IOException {
        List<Path> temporaries = new ArrayList<>(spools.size());
        List<Path> visible = new ArrayList<>(spools.size());
        requireDisks();
        try {
            for (Path spool : spools) {
                Path target = Home.sharded(spool, attachment);
                makeReady(target.getParent());
                temporaries.add(DurableFiles.writeTemporary(
                        target, temporaries.isEmpty() ? content : SpoolMirror.copyOf(temporaries.get(0))));
            }
            if (arrived.isPresent()) {
                for (Path temporary : temporaries) {
                    Files.setLastModifiedTime(temporary, arrived.get());
                }
            }
            requireDisks();
            if (!commit.enter()) {
                throw StrongroomException.of(
                                FailureKind.UNAVAILABLE, "Orthanc gave up before the attachment was sealed")
                        .with("attachment", attachment);
            }
            // The spool itself last: the sidecar must not see a file whose mirror could still fail.
            for (int i = spools.size() - 1; i >= 0; i--) {
                Path target = Home.sharded(spools.get(i), attachment);
                visible.add(target);
                DurableFiles.rename(temporaries.get(i), target);
            }
            recorded.run();
        } catch (IOException | RuntimeException | Error e) {
            discard(temporaries, e);
            discard(visible, e);
            if (!visible.isEmpty()) {
                withdrawn.run();
            }
            throw e;
        }
    }

    /** An unmounted disk leaves a folder that takes files too, which nobody sees any more when it is mounted again. */
    private void requireDisks() throws IOException {
        if (!Arrays.equals(owner(home), owner)) {
            throw gone(home);
        }
        if (mirror.isPresent()) {
            mirror.get().require();
        }
    }

    /** By its file, not by an inode: in Docker's and some network file systems a folder may have another one from time to time. */
    private static byte[] owner(Home home) throws IOException {
        try {
            return Files.readAllBytes(home.installation());
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static StrongroomException gone(Home home) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "Home's disk is not there any more")
                .with("Strongroom.Home", home.root())
                .cure("Mount it again; until then no image is taken");
    }

    private void makeReady(Path folder) throws IOException {
        if (!durable.contains(folder)) {
            DurableFiles.createDirectories(folder);
            DurableFiles.fsyncDirectory(folder.getParent());
            durable.add(folder);
        }
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
