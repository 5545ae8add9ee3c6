package org.strongroom.tests.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The three Debians whose Orthanc, plugins, Java and PostgreSQL the tests run. What Orthanc itself does otherwise from version to version is
 * seen on all three, what the plugin does on the oldest and the newest, and what is the sidecar's or the command line's on the one between.
 */
public enum Debian {
    /** Orthanc 1.10.1, Java 17. */
    BOOKWORM("bookworm"),
    /** Orthanc 1.12.7, Java 21. */
    TRIXIE("trixie"),
    /** Orthanc 1.13, Java 25. */
    SID("sid");

    private static final Map<Debian, Path> TREES = new ConcurrentHashMap<>();

    private final String suite;

    Debian(String suite) {
        this.suite = suite;
    }

    /** The tree with this Debian's files; made when it is missing, which takes about a minute and root. */
    public Path tree() {
        return TREES.computeIfAbsent(this, debian -> {
            Command make = Command.of(Project.root().resolve("tests/orthanc-tree.sh"), debian.suite);
            return Path.of(
                    make.within(Duration.ofMinutes(15)).run().orFail().output().strip());
        });
    }

    /** A program with this Debian's /usr and /etc, unprivileged; every other path means what it means outside. */
    public Command command(Object... words) {
        return Command.of(Project.root().resolve("tests/in-tree.sh"), tree()).and(words);
    }

    @Override
    public String toString() {
        return suite;
    }
}
