package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One run of a program: its words, its environment, where it runs, and a deadline after which it is killed. */
public record Command(List<String> words, Map<String, String> environment, Path folder, Duration deadline) {

    /** How it ended; {@code output} is standard output, {@code errors} standard error. */
    public record Result(List<String> words, int status, String output, String errors) {

        /** This result, if the status is 0. */
        public Result orFail() {
            if (status != 0) {
                throw new AssertionError("exit status " + status + " of " + this);
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", words) + "\n" + output + errors;
        }
    }

    public static Command of(Object... words) {
        List<String> texts = Stream.of(words).map(String::valueOf).toList();
        return new Command(texts, Map.of(), Path.of(""), Duration.ofMinutes(2));
    }

    public Command and(Object... more) {
        List<String> all = Stream.concat(words.stream(), Stream.of(more).map(String::valueOf))
                .toList();
        return new Command(all, environment, folder, deadline);
    }

    public Command with(String variable, String value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(variable, value);
        return new Command(words, Map.copyOf(all), folder, deadline);
    }

    public Command in(Path place) {
        return new Command(words, environment, place, deadline);
    }

    public Command within(Duration time) {
        return new Command(words, environment, folder, time);
    }

    /** Runs it to its end, whatever its exit status. */
    public Result run() {
        try {
            Process process = builder().start();
            process.getOutputStream().close();
            CompletableFuture<String> output = read(process.getInputStream());
            CompletableFuture<String> errors = read(process.getErrorStream());
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("not finished within " + deadline + ": " + String.join(" ", words));
            }
            return new Result(words, process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + String.join(" ", words), e);
        }
    }

    /** To start it without waiting. */
    ProcessBuilder builder() {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toAbsolutePath().toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
