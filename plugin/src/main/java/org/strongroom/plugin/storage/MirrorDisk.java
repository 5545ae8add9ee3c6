package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/**
 * The second disk, told from the bare folder that is left where it is not mounted: a marker in it names the installation,
 * and Home remembers which folder was marked. Thread-safe.
 */
final class MirrorDisk {
    static final String MARKER = "mirror.id";

    private static final String SETTING = "Strongroom.SpoolMirror";
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path folder;
    private final String installation;

    private MirrorDisk(Path folder, UUID installation) {
        this.folder = folder;
        this.installation = installation.toString();
    }

    /**
     * The mirror of this installation; an empty folder that was never used becomes it.
     *
     * @throws StrongroomException REFUSED if the folder does not exist, cannot be used, is another installation's, or is not
     *     the one that was marked
     */
    static MirrorDisk take(Home home, Path folder, UUID installation) {
        try {
            return mark(home, folder, installation);
        } catch (IOException e) {
            throw refused("the folder of the second disk cannot be used", folder)
                    .with("reason", e.getClass().getSimpleName())
                    .cure("Look at its disk: mount, space, permissions for the user that runs Orthanc")
                    .causedBy(e);
        }
    }

    private static MirrorDisk mark(Home home, Path folder, UUID installation) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw refused("the folder of the second disk does not exist", folder)
                    .cure("Mount the disk or make the folder, for the user that runs Orthanc; or remove the setting");
        }
        MirrorDisk mirror = new MirrorDisk(folder, installation);
        Optional<String> marker = mirror.marker();
        if (marker.isPresent() && !marker.get().equals(mirror.installation)) {
            throw refused("the second disk belongs to another installation", folder)
                    .cure("Name a folder that no other Strongroom uses");
        }
        boolean known = remembered(home).filter(folder.toString()::equals).isPresent();
        if (marker.isEmpty() && known) {
            throw refused("the second disk is not there: its folder has lost its marker", folder)
                    .cure("Mount the disk. If it was replaced by an empty one, delete " + home.spoolMirror()
                            + " and start Orthanc again");
        }
        if (marker.isEmpty()) {
            requireEmpty(folder);
            DurableFiles.replace(folder.resolve(MARKER), (mirror.installation + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (!known) {
            DurableFiles.replace(home.spoolMirror(), (folder + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return mirror;
    }

    Path folder() {
        return folder;
    }

    /**
     * Returns if the disk is there now.
     *
     * @throws StrongroomException UNAVAILABLE if its folder has lost the marker
     */
    void require() throws IOException {
        if (marker().filter(installation::equals).isEmpty()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the second disk is not there any more")
                    .with(SETTING, folder)
                    .cure("Mount it again; until then no image is taken");
        }
    }

    private Optional<String> marker() throws IOException {
        return read(folder.resolve(MARKER));
    }

    private static Optional<String> remembered(Home home) throws IOException {
        return read(home.spoolMirror());
    }

    /** A power cut may leave a file without its content: that says nothing. */
    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
                    .filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, MirrorDisk::isContent)) {
            if (entries.iterator().hasNext()) {
                throw refused("the folder of the second disk is not empty, and no mirror of this installation", folder)
                        .cure("Name an empty folder, or move away what is in this one");
            }
        }
    }

    /** A marking that a power cut interrupted leaves a temporary file, or a marker without content. */
    private static boolean isContent(Path entry) {
        String name = entry.getFileName().toString();
        return !name.equals(LOST_AND_FOUND) && !name.equals(MARKER) && !DurableFiles.isTemporary(entry);
    }

    private static StrongroomException refused(String text, Path folder) {
        return StrongroomException.of(FailureKind.REFUSED, text).with(SETTING, folder);
    }
}
