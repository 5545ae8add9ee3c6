package org.strongroom.plugin.bridge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.strongroom.core.error.FailureKind;

/**
 * A distribution for tests: the library and our classes as just compiled, and a jar before them whose {@code Strongroom} is
 * the {@link FileApplication}. No setting of the product leads there.
 */
final class Distribution {
    private static final Path SOURCES = Path.of("src", "main", "c").toAbsolutePath();

    private final Path folder;

    private Distribution(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path library() {
        return folder.resolve("libStrongroom.so");
    }

    static Distribution build(Path folder) throws IOException, InterruptedException {
        Path jars = Files.createDirectories(folder.resolve("lib/plugin"));
        for (Class<?> part : List.of(
                Native.class,
                Zstd.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class,
                FailureKind.class,
                Loader.class)) {
            Path origin = origin(part);
            if (Files.isDirectory(origin)) {
                pack(origin, jars.resolve(part.getSimpleName() + ".jar"));
            } else {
                Files.copy(origin, jars.resolve(origin.getFileName()));
            }
        }
        Path tests = Files.createDirectories(folder.resolve("tests"));
        copyTree(origin(FileApplication.class), tests);
        compileApplication(tests);
        pack(tests, jars.resolve("0-tests.jar"));

        boolean arm = System.getProperty("os.arch").equals("aarch64");
        Path natives = Files.createDirectories(folder.resolve("lib/native"));
        extract(
                Native.class,
                "/com/sun/jna/linux-" + (arm ? "aarch64" : "x86-64") + "/libjnidispatch.so",
                natives.resolve("libjnidispatch.so"));
        String zstd = "libzstd-jni-" + zstdVersion() + ".so";
        extract(Zstd.class, "/linux/" + (arm ? "aarch64/" : "amd64/") + zstd, natives.resolve(zstd));
        make(natives, natives.resolve("libStrongroomPlanes.so").toString());
        make(natives, natives.resolve("libStrongroomCipher.so").toString());
        make(folder, folder.resolve("libStrongroom.so").toString());
        return new Distribution(folder);
    }

    /** Runs {@code make} with a target in the loader's folder; its output, which is an error if it fails. */
    static String make(Path build, String target) throws IOException, InterruptedException {
        return run(List.of("make", "-s", "-C", SOURCES.toString(), "BUILD=" + build, target), 120);
    }

    /** Runs a program; what it printed. Fails if it does not end with status 0 in time. */
    static String run(List<String> command, int seconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("strongroom-test", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        Files.delete(output);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + (ended ? " failed:\n" : " did not end:\n") + text);
        }
        return text;
    }

    /** Every libjvm.so of 17 or newer that this system has installed, and the one that runs this test. */
    static List<Path> javas() throws IOException {
        Path running = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
        Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return List.of(running);
        }
        try (Stream<Path> homes = Files.list(installed)) {
            return Stream.concat(Stream.of(running), homes.map(home -> home.resolve("lib/server/libjvm.so")))
                    .filter(Files::exists)
                    .map(Distribution::real)
                    .distinct()
                    .filter(library -> release(library) >= 17)
                    .toList();
        }
    }

    private static int release(Path library) {
        try {
            return Files.readAllLines(library.resolve("../../../release").normalize()).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void compileApplication(Path classes) throws IOException {
        Path source = Files.createDirectories(classes.resolveSibling("source")).resolve("Strongroom.java");
        Files.writeString(
                source,
                """
                package org.strongroom.plugin;
                public final class Strongroom extends org.strongroom.plugin.bridge.FileApplication {
                    public Strongroom() {}
                }
                """);
        String path = classes + ":" + origin(Loader.class) + ":" + origin(FailureKind.class);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "--release",
                        "17",
                        "-cp",
                        path,
                        "-d",
                        classes.toString(),
                        source.toString());
        if (result != 0) {
            throw new AssertionError("the test's Strongroom does not compile");
        }
    }

    private static String zstdVersion() {
        String jar = origin(Zstd.class).getFileName().toString();
        return jar.replaceAll("zstd-jni-(.*)\\.jar", "$1");
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void extract(Class<?> near, String resource, Path to) throws IOException {
        try (InputStream in = near.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError("missing: " + resource);
            }
            Files.copy(in, to);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
