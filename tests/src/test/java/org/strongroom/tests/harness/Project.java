package org.strongroom.tests.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that these tests belong to. */
public final class Project {
    private static final Path ROOT = find(Path.of("").toAbsolutePath());

    private Project() {}

    /** The folder with {@code ./strongroom} in it. */
    public static Path root() {
        return ROOT;
    }

    private static Path find(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("strongroom")) && Files.isDirectory(folder.resolve("sidecar"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not below a Strongroom checkout: " + start);
    }
}
