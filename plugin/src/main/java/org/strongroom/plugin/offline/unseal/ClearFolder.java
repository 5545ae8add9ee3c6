package org.strongroom.plugin.offline.unseal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;

/**
 * Orthanc's StorageDirectory, written as Orthanc writes it: {@code ab/cd/abcd…}, as readable as the folder itself. A file is there whole,
 * under its name, or not at all. For one thread.
 */
final class ClearFolder {
    private static final Set<PosixFilePermission> EXECUTE = Set.of(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private final Path root;
    private final Set<PosixFilePermission> folderMode;
    private final Set<PosixFilePermission> fileMode;

    /** @throws StrongroomException REFUSED if it does not exist or cannot be written: an unmounted disk must not be replaced */
    ClearFolder(Path root) throws IOException {
        if (!Files.isDirectory(root) || !Files.isWritable(root)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "Orthanc's StorageDirectory is not there or cannot be written")
                    .with("StorageDirectory", root)
                    .cure("Mount its disk, or run this as the user that runs Orthanc");
        }
        this.root = root;
        this.folderMode = Files.getPosixFilePermissions(root);
        this.fileMode = EnumSet.copyOf(folderMode);
        fileMode.removeAll(EXECUTE);
    }

    /** The size of the clear file; empty if there is none. */
    OptionalLong size(UUID attachment) throws IOException {
        try {
            return OptionalLong.of(Files.size(file(attachment)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** Another text when anything about the clear file changed; that of the plugin begins with it. */
    String stamp(UUID attachment) throws IOException {
        return new TreeMap<>(Files.readAttributes(file(attachment), "unix:ino,size,lastModifiedTime,ctime")).toString();
    }

    FileChannel open(UUID attachment) throws IOException {
        return FileChannel.open(file(attachment), StandardOpenOption.READ);
    }

    /** What may still be written. */
    long room() throws IOException {
        return DiskSpace.of(root).usable();
    }

    /** Writes the file, fsyncs it and has {@code proof} look at it, before it gets its name. */
    void write(UUID attachment, DurableFiles.Content content, Proof proof) throws IOException {
        Path target = file(attachment);
        makeFolders(target.getParent());
        removeLeftovers(target);
        Path temporary = DurableFiles.writeTemporary(target, content);
        try {
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.READ)) {
                proof.read(written);
            }
            Files.setPosixFilePermissions(temporary, fileMode);
            DurableFiles.rename(temporary, target);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** Throws if a file is not what it should be. */
    @FunctionalInterface
    interface Proof {
        void read(FileChannel written) throws IOException;
    }

    private void makeFolders(Path inner) throws IOException {
        for (Path folder : new Path[] {inner.getParent(), inner}) {
            if (!Files.isDirectory(folder)) {
                DurableFiles.createDirectories(folder);
                Files.setPosixFilePermissions(folder, folderMode);
            }
        }
    }

    /** What a kill left half written: it is an image in clear, and nobody else would ever remove it. */
    private static void removeLeftovers(Path target) throws IOException {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(target.getParent(), "." + target.getFileName() + ".*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(UUID attachment) {
        String name = attachment.toString();
        return root.resolve(name.substring(0, 2)).resolve(name.substring(2, 4)).resolve(name);
    }
}
