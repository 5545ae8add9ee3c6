package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.strongroom.sidecar.tier.Tier.ObjectInfo;

/** The objects below a directory whose names begin with a prefix, in order of names. */
final class DirectoryWalk {
    private final String prefix;
    private final Consumer<ObjectInfo> each;

    DirectoryWalk(String prefix, Consumer<ObjectInfo> each) {
        this.prefix = prefix;
        this.each = each;
    }

    void walk(Path root) throws IOException {
        walk(root, "");
    }

    /** The size of an object's file; empty if there is none. */
    static Optional<Long> sizeOf(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(attributes.size()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Depth first, with a directory sorted as if its name ended in a slash: that is the order of the full names. */
    private void walk(Path directory, String path) throws IOException {
        for (Map.Entry<String, Path> entry : sorted(directory, path).entrySet()) {
            String full = entry.getKey();
            if (full.endsWith("/")) {
                if (full.startsWith(prefix) || prefix.startsWith(full)) {
                    walk(entry.getValue(), full);
                }
            } else if (full.startsWith(prefix)) {
                sizeOf(entry.getValue()).ifPresent(size -> each.accept(new ObjectInfo(full, size)));
            }
        }
    }

    private static Map<String, Path> sorted(Path directory, String path) throws IOException {
        Map<String, Path> sorted = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String simple = entry.getFileName().toString();
                if (!simple.startsWith(".")) { // uploads and temporary files
                    boolean inner = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                    sorted.put(path + simple + (inner ? "/" : ""), entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            sorted.clear(); // removed meanwhile; the caller looks whether the root is still there
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return sorted;
    }
}
