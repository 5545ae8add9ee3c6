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
import org.strongroom.core.home.Home;

/**
 * {@code strongroom snapshot --now} as a short-lived process with the keys, of the user and in the environment of this one. Immutable.
 *
 * @param distribution whose {@code lib} folder has the classes
 * @param configuration Orthanc's, file or folder
 * @param home that it names
 */
public record SnapshotProcess(Path distribution, Path configuration, Home home) implements SnapshotSchedule.Making {
    private static final Logger LOG = System.getLogger(SnapshotProcess.class.getName());
    /** The exit status of {@code strongroom snapshot --now} if the source of the root key refused. */
    public static final int KEY_REFUSED = 3;

    /** Opening a passphrase takes 64 MiB; a chunk is 256 KiB. */
    private static final String HEAP = "-Xmx128m";

    @Override
    public SnapshotSchedule.Outcome make() throws IOException, InterruptedException {
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
            int status = process.waitFor();
            boolean whole = status == 0 && !Files.exists(home.snapshotUsers());
            LOG.log(whole ? Level.INFO : Level.WARNING, said);
            if (status == KEY_REFUSED) {
                LOG.log(Level.WARNING, "No snapshot is tried before Orthanc starts again: the key was refused");
                return SnapshotSchedule.Outcome.KEY_REFUSED;
            }
            return status == 0 ? SnapshotSchedule.Outcome.MADE : SnapshotSchedule.Outcome.FAILED;
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
