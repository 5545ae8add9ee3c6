package org.strongroom.plugin.snapshot;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code strongroom snapshot --now} as a short-lived process with the keys, of the user and in the environment of this one. Immutable.
 *
 * @param distribution whose {@code lib} folder has the classes
 * @param configuration Orthanc's, file or folder
 */
public record SnapshotProcess(Path distribution, Path configuration) implements SnapshotSchedule.Making {
    private static final Logger LOG = System.getLogger(SnapshotProcess.class.getName());
    /** Opening a passphrase takes 64 MiB; a chunk is 256 KiB. */
    private static final String HEAP = "-Xmx128m";

    @Override
    public boolean make() throws IOException, InterruptedException {
        Path natives = distribution.resolve("lib").resolve("native");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-DZstdNativePath=" + zstd(natives),
                        "-cp",
                        distribution.resolve("lib").resolve("plugin") + File.separator + "*",
                        "org.strongroom.plugin.offline.Main",
                        "snapshot",
                        "--now",
                        "--config",
                        configuration.toString()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean made = process.waitFor() == 0;
            LOG.log(made ? Level.INFO : Level.WARNING, said);
            return made;
        } finally {
            process.destroy(); // Orthanc ends: it is made another time
        }
    }

    private static Path zstd(Path natives) throws IOException {
        try (Stream<Path> files = Files.list(natives)) {
            return files.filter(file -> file.getFileName().toString().startsWith("libzstd-jni"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no zstd in " + natives));
        }
    }
}
