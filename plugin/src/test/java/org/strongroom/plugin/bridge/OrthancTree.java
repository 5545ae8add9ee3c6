package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The three Debian trees whose Orthanc and Java the tests run (tests/orthanc-tree.sh). */
enum OrthancTree {
    /** Orthanc 1.10.1, Java 17. */
    BOOKWORM,
    /** Orthanc 1.12.7, Java 21. */
    TRIXIE,
    /** Orthanc 1.13, Java 25. */
    SID;

    private static final Path SCRIPTS = Path.of("../tests").toAbsolutePath().normalize();
    private static final int MAKING_SECONDS = 900;

    /** Words that run a program, unprivileged, with this tree's /usr and /etc. */
    List<String> command(String... words) throws IOException, InterruptedException {
        return Stream.concat(Stream.of(SCRIPTS.resolve("in-tree.sh").toString(), path().toString()), Stream.of(words))
                .toList();
    }

    /** This tree's Java, as the path that it has inside. */
    String libjvm() throws IOException, InterruptedException {
        Path tree = path();
        try (Stream<Path> homes = Files.list(tree.resolve("usr/lib/jvm"))) {
            Path home = homes.filter(one -> Files.exists(one.resolve("lib/server/libjvm.so")))
                    .findFirst()
                    .orElseThrow();
            return "/" + tree.relativize(home.resolve("lib/server/libjvm.so"));
        }
    }

    /** Made when it is missing, which takes about a minute and root. */
    private Path path() throws IOException, InterruptedException {
        String suite = name().toLowerCase(Locale.ROOT);
        String said =
                Distribution.run(List.of(SCRIPTS.resolve("orthanc-tree.sh").toString(), suite), MAKING_SECONDS);
        return Path.of(said.lines().reduce((line, next) -> next).orElseThrow());
    }
}
