package org.strongroom.tests.harness;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.strongroom.plugin.offline.CommandWorker;

/**
 * Commands that know the keys, as the user and with the Java that they have anyway, by the classes of the distribution; but one Java runs
 * many of them, as most of what a command computes is the start of its Java. It ends with the tests. Thread-safe.
 */
final class KeyedCommands {
    private static final Map<Debian, Deque<KeyedCommands>> IDLE = new ConcurrentHashMap<>();

    private final Process process;
    private final DataOutputStream requests;
    private final DataInputStream answers;

    private KeyedCommands(Debian debian) {
        Path distribution = Distribution.get().folder();
        Path natives = distribution.resolve("lib/native");
        try {
            process = debian.command(
                            "/usr/bin/java",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Djna.boot.library.path=" + natives,
                            "-Djna.nounpack=true",
                            "-DZstdNativePath=" + zstd(natives),
                            "-Dstrongroom.home=" + distribution,
                            "-cp",
                            distribution.resolve("lib/plugin") + "/*:" + Worker.FOLDER,
                            CommandWorker.class.getName())
                    .builder()
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /** Runs one to its end, whatever its exit status. */
    static Command.Result run(Debian debian, List<String> words, Duration deadline) {
        Deque<KeyedCommands> idle = IDLE.computeIfAbsent(debian, first -> new ConcurrentLinkedDeque<>());
        KeyedCommands one = Optional.ofNullable(idle.poll()).orElseGet(() -> new KeyedCommands(debian));
        CompletableFuture<Command.Result> answer = CompletableFuture.supplyAsync(() -> one.ask(words));
        try {
            Command.Result result = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            idle.push(one);
            return result;
        } catch (TimeoutException e) {
            one.end();
            throw new AssertionError("not finished within " + deadline + ": " + String.join(" ", words), e);
        } catch (ExecutionException e) {
            one.end();
            throw new AssertionError("its Java ended: " + String.join(" ", words), e);
        } catch (InterruptedException e) {
            one.end();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + String.join(" ", words), e);
        }
    }

    private Command.Result ask(List<String> words) {
        try {
            requests.writeInt(words.size());
            for (String word : words) {
                CommandWorker.write(requests, word);
            }
            requests.flush();
            int status = answers.readInt();
            return new Command.Result(words, status, CommandWorker.read(answers), CommandWorker.read(answers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        process.destroyForcibly();
    }

    private static Path zstd(Path natives) throws IOException {
        try (Stream<Path> all = Files.list(natives)) {
            return all.filter(file -> file.getFileName().toString().startsWith("libzstd-jni"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The worker's class where the unprivileged user can read it. */
    private static final class Worker {
        static final Path FOLDER = copy();

        private static Path copy() {
            Scratch scratch = new Scratch();
            Runtime.getRuntime().addShutdownHook(new Thread(scratch::close));
            String name = CommandWorker.class.getName().replace('.', '/') + ".class";
            try (InputStream bytes = CommandWorker.class.getClassLoader().getResourceAsStream(name)) {
                Path file = scratch.path().resolve(name);
                Files.createDirectories(
                        file.getParent(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
                Files.write(file, bytes.readAllBytes());
                return scratch.path();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
