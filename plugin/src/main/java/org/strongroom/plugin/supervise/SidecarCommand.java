package org.strongroom.plugin.supervise;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.SidecarSettings;

/**
 * How a sidecar process is started. Immutable.
 *
 * @param java the {@code java} executable
 * @param libraries the folder with the sidecar's jars
 * @param natives the folder with unpacked native libraries ({@code /tmp} may be mounted noexec)
 * @param heap value for {@code -Xmx}
 */
public record SidecarCommand(Path java, Path libraries, Path natives, String heap) {
    private static final String MAIN = "org.strongroom.sidecar.Sidecar";
    private static final Set<String> PASSED_ON =
            Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR");
    /** The optimising compiler takes what is really hot, and ciphers and digests as soon as ever: docs/decisions/0054. */
    private static final List<String> COMPILE_LITTLE = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.1",
            "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.*::*,0.1");

    private static final String CLOUD_CREDENTIALS = "AWS_";

    /** The sidecar of this distribution, as the settings want it. */
    public static SidecarCommand of(Path distribution, SidecarSettings settings) {
        Path javaHome = settings.javaHome().orElse(Path.of(System.getProperty("java.home")));
        return new SidecarCommand(
                javaHome.resolve("bin").resolve("java"),
                distribution.resolve("lib").resolve("sidecar"),
                distribution.resolve("lib").resolve("native"),
                String.valueOf(settings.heap().bytes()));
    }

    /** A process that does {@code verb} for {@code home}; its output is appended to {@code run/sidecar.log}. */
    public ProcessBuilder process(Home home, String verb, String... more) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED", // SQLite's: else Java 24 and newer warn in its log
                "-Dorg.sqlite.lib.path=" + natives,
                "-cp",
                libraries + File.separator + "*", // not the jars one by one: "running" sees 4096 bytes of this
                MAIN,
                verb,
                "--home",
                home.root().toString()));
        command.addAll(1, COMPILE_LITTLE);
        command.addAll(1, sharedClasses());
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> scrubbed = scrub(builder.environment());
        builder.environment().clear();
        builder.environment().putAll(scrubbed);
        builder.directory(home.root().toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return builder;
    }

    /** What this Java made of the classes when the distribution was built, if it did ({@code bin/strongroom share-classes}). */
    private List<String> sharedClasses() {
        try {
            Path machine = java.toRealPath().getParent().resolveSibling("lib/server/libjvm.so");
            Path classes = libraries
                    .resolveSibling("classes")
                    .resolve("sidecar-" + Files.size(machine) + "-"
                            + Files.getLastModifiedTime(machine).to(TimeUnit.SECONDS) + ".jsa");
            return Files.isReadable(classes)
                    ? List.of("-XX:SharedArchiveFile=" + classes, "-Xlog:disable", "-Xlog:all=error:stderr")
                    : List.of();
        } catch (IOException e) {
            return List.of(); // another Java than those that are known: it reads the classes one by one
        }
    }

    /** The process that announced itself as the sidecar of {@code home}, if it lives and still is one. */
    public Optional<ProcessHandle> running(Home home) {
        try {
            return ProcessHandle.of(ControlFile.read(home.control()).pid())
                    .filter(process -> process.isAlive() && isSidecar(process, home));
        } catch (IOException | StrongroomException e) {
            return Optional.empty(); // none has announced itself
        }
    }

    /** After a restart of the machine another program may have its number. */
    private static boolean isSidecar(ProcessHandle process, Home home) {
        List<String> words = List.of(process.info().arguments().orElse(new String[0]));
        return words.contains(MAIN) && words.contains(home.root().toString());
    }

    /** Runs {@code first-start} to its end and returns what it said; empty if it succeeded. */
    public String firstStart(Home home, String installation) throws IOException, InterruptedException {
        ProcessBuilder builder =
                process(home, "first-start", "--installation", installation).redirectErrorStream(true);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : said.isBlank() ? "exit status " + process.exitValue() : said.strip();
    }

    /** What of Orthanc's environment a sidecar may see: nothing that could be Orthanc's secret. */
    private static Map<String, String> scrub(Map<String, String> environment) {
        Map<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (PASSED_ON.contains(name) || name.startsWith(CLOUD_CREDENTIALS)) {
                kept.put(name, value);
            }
        });
        return kept;
    }
}
