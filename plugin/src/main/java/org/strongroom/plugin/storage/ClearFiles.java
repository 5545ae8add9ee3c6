package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;

/**
 * The files that Orthanc stored itself before Strongroom was switched on, so that years of old studies stay visible until they are
 * sealed. Layout of Orthanc's own file system storage: {@code ab/cd/abcd….}. Immutable, thread-safe.
 */
final class ClearFiles {
    private static final Logger LOG = System.getLogger(ClearFiles.class.getName());
    private static final int UUID_LENGTH = 36;

    private final Path storageDirectory;

    ClearFiles(Path storageDirectory) {
        this.storageDirectory = storageDirectory;
    }

    /** Told of one file. */
    @FunctionalInterface
    interface Visitor {
        void file(UUID attachment, long bytes) throws IOException;
    }

    /** The clear file of this attachment, open; empty if there is none. The caller closes it. */
    Optional<FileSource> open(UUID attachment) throws IOException {
        try {
            return Optional.of(FileSource.open(file(attachment)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    boolean has(UUID attachment) {
        return Files.exists(file(attachment));
    }

    /** When Orthanc wrote it. */
    FileTime written(UUID attachment) throws IOException {
        return Files.getLastModifiedTime(file(attachment));
    }

    /** Another text when anything about the file changed; empty if it cannot be told. */
    String stamp(UUID attachment) {
        try {
            return new TreeMap<>(Files.readAttributes(file(attachment), "unix:ino,size,lastModifiedTime,ctime"))
                    + (isRemovable(attachment) ? "" : " in a folder that cannot be written");
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether its folder can be written, as far as that can be told without trying. */
    boolean isRemovable(UUID attachment) {
        return Files.isWritable(file(attachment).getParent());
    }

    /** Removes the file, durably, and its folders if they are empty then, as Orthanc does. Throws only if the file stays. */
    void remove(UUID attachment) throws IOException {
        Path file = file(attachment);
        Files.delete(file);
        try {
            DurableFiles.fsyncDirectory(file.getParent());
            Files.delete(file.getParent());
            Files.delete(file.getParent().getParent());
        } catch (IOException e) {
            // Others are in it, or it is not ours: an empty folder is no harm, and a file that comes back is compared
            // again.
            LOG.log(Level.DEBUG, "a folder of clear files stays", e);
        }
    }

    /** Visits every file that is named as Orthanc names its own, whether its index knows it or not. */
    void visit(Visitor visitor) throws IOException {
        for (Path outer : inside(storageDirectory, ClearFiles::isShard)) {
            for (Path inner : inside(outer, ClearFiles::isShard)) {
                for (Path file : inside(inner, ClearFiles::isNamedByUuid)) {
                    visit(file, visitor);
                }
            }
        }
    }

    private void visit(Path file, Visitor visitor) throws IOException {
        UUID attachment = UUID.fromString(file.getFileName().toString());
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (found.isRegularFile() && file.equals(file(attachment))) {
                visitor.file(attachment, found.size());
            }
        } catch (NoSuchFileException e) {
            return; // it was removed meanwhile
        }
    }

    /** Empty if the folder went meanwhile, with its last file. */
    private static List<Path> inside(Path folder, DirectoryStream.Filter<Path> which) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, which)) {
            all.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static boolean isShard(Path folder) {
        return folder.getFileName().toString().matches("[0-9a-f]{2}");
    }

    private static boolean isNamedByUuid(Path file) {
        String name = file.getFileName().toString();
        return name.length() == UUID_LENGTH && name.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    private Path file(UUID attachment) {
        String name = attachment.toString();
        return storageDirectory
                .resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
    }
}
