package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** A copy of the distribution that writes no audit events: no setting can have that. Everything else in it is the same. Stateless. */
final class Unrecorded {
    private static final String CLASS = "org/strongroom/core/audit/PendingLog.class";

    private Unrecorded() {}

    /** The library of a copy in this folder. */
    static Path library(Scratch scratch) throws IOException {
        Path copy = scratch.path().resolve("unrecorded");
        copy(Distribution.get().folder(), copy);
        Path core = core(copy);
        Path classes = scratch.folder("unrecorded-classes");
        Command.of("javac", "-nowarn", "-proc:none", "--release", "17", "-cp", core, "-d", classes)
                .and(Project.root().resolve("tests/bench/src/main/unrecorded/PendingLog.java"))
                .run()
                .orFail();
        try (FileSystem jar = FileSystems.newFileSystem(core)) {
            Files.copy(classes.resolve(CLASS), jar.getPath(CLASS), StandardCopyOption.REPLACE_EXISTING);
        }
        return copy.resolve(Distribution.get().library().getFileName());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Path core(Path distribution) throws IOException {
        try (Stream<Path> jars = Files.list(distribution.resolve("lib/plugin"))) {
            List<Path> found = jars.filter(jar -> jar.getFileName().toString().startsWith("strongroom-core"))
                    .toList();
            if (found.size() != 1) {
                throw new IOException("not one jar of core in " + distribution + ": " + found);
            }
            return found.get(0);
        }
    }
}
