package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that goes away with the test. What is made through it belongs to the unprivileged user that the servers run as. */
public final class Scratch implements AutoCloseable {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder;

    public Scratch() {
        try {
            folder = own(Files.createTempDirectory("strongroom-it-"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return folder;
    }

    /** The folder {@code name}, made if it is not there. */
    public Path folder(String name) {
        try {
            Path made = folder.resolve(name);
            return Files.isDirectory(made) ? made : own(Files.createDirectory(made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that only its owner can read. */
    public Path file(String name, byte[] content) {
        try {
            Path file = Files.write(folder.resolve(name), content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return own(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a file or a folder with all that is in it; what a server removes meanwhile is no error. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    /** Hands a file to the unprivileged user. */
    public static Path own(Path path) throws IOException {
        if (ROOT) {
            UserPrincipal nobody =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(path, nobody);
        }
        return path;
    }
}
