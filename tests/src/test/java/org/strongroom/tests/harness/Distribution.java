package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The built distribution, copied out of the checkout: it must work wherever it stands, and the unprivileged user may not be able
 * to look into the checkout. {@code ./strongroom test} says where its copy is.
 */
public final class Distribution {
    private static Distribution copy;

    private final Path folder;

    private Distribution(Path folder) {
        this.folder = folder;
    }

    /** The one copy of this test run. */
    public static synchronized Distribution get() {
        String made = System.getProperty("strongroom.distribution");
        if (copy == null && made != null) {
            copy = new Distribution(Path.of(made));
        }
        if (copy == null) {
            Path built = Project.root().resolve("target/strongroom");
            if (!Files.isRegularFile(built.resolve("libStrongroom.so"))) {
                throw new IllegalStateException(built + " is not there: run ./strongroom build");
            }
            Scratch scratch = new Scratch();
            Runtime.getRuntime().addShutdownHook(new Thread(scratch::close));
            copy = new Distribution(copy(built, scratch.path().resolve("strongroom")));
        }
        return copy;
    }

    /** Whether it is the one of {@code ./strongroom test}, where every Debian's Java has shared its classes. */
    public boolean sharesClasses() {
        return System.getProperty("strongroom.distribution") != null;
    }

    public Path folder() {
        return folder;
    }

    /** What {@code "Plugins"} names. */
    public Path library() {
        return folder.resolve("libStrongroom.so");
    }

    /** The command line. */
    public Path launcher() {
        return folder.resolve("bin/strongroom");
    }

    private static Path copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one).toString()));
            }
            Files.setPosixFilePermissions(
                    to.resolve("bin/strongroom"), Files.getPosixFilePermissions(from.resolve("bin/strongroom")));
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
