package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * By what it can be told, without reading it, whether the journal is still the same: of each file its inode, length, and the
 * moment of its last change, which no program can set. Immutable.
 */
record JournalState(Map<String, Map<String, Object>> files) {
    static JournalState of(Path journal) throws IOException {
        Map<String, Map<String, Object>> files = new TreeMap<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(journal)) {
            for (Path file : folder) {
                note(file, files);
            }
        } catch (NoSuchFileException e) {
            return new JournalState(Map.of()); // nothing was ever journaled
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new JournalState(files);
    }

    private static void note(Path file, Map<String, Map<String, Object>> files) throws IOException {
        try {
            files.put(file.getFileName().toString(), Files.readAttributes(file, "unix:ino,size,ctime"));
        } catch (NoSuchFileException e) {
            files.remove(file.getFileName().toString()); // written under this name only for a moment
        }
    }
}
