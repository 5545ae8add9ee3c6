package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.Scratch;

/** The second step of docs/operations.md's "Install", for the Java that this Debian's Orthanc takes: the build has done it for its own. Stateless. */
final class SharedClasses {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private SharedClasses() {}

    static void share(Debian debian, Scratch scratch) throws IOException {
        Path distribution = Distribution.get().folder();
        Path made = scratch.folder("shared-classes");
        debian.command(distribution.resolve("bin/strongroom"), "share-classes", made)
                .within(PATIENCE)
                .run()
                .orFail();
        Path classes = Files.createDirectories(distribution.resolve("lib/classes"));
        try (Stream<Path> archives = Files.list(made)) {
            for (Path archive : archives.toList()) {
                Files.copy(archive, classes.resolve(archive.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
