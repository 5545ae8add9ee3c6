package org.strongroom.plugin.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One of PostgreSQL's programs, that runs; it ends with this one at the latest. What it says is read all the time. For one thread. */
final class PostgresProcess implements AutoCloseable {
    /** What it says of an error is in the first lines. */
    private static final int SAID = 16 * 1024;

    private final String program;
    private final Process process;
    private final CompletableFuture<String> said;
    private final Thread endWithUs;

    private PostgresProcess(String program, Process process) {
        this.program = program;
        this.process = process;
        this.said = new CompletableFuture<>();
        this.endWithUs = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(endWithUs);
        read(program + "-says", () -> said.complete(said(process.getErrorStream())));
    }

    static PostgresProcess start(String program, ProcessBuilder builder) throws IOException {
        return new PostgresProcess(program, builder.start());
    }

    /** On a thread of its own, until the process ends. */
    static void read(String name, Runnable reading) {
        Thread thread = new Thread(reading, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static String said(InputStream from) {
        try (from) {
            String said = new String(from.readNBytes(SAID), StandardCharsets.UTF_8);
            from.transferTo(OutputStream.nullOutputStream());
            return said;
        } catch (IOException e) {
            return ""; // it was ended
        }
    }

    InputStream output() {
        return process.getInputStream();
    }

    /**
     * Hands it bytes.
     *
     * @throws org.strongroom.core.error.StrongroomException with what it said, if it has ended already
     */
    void write(byte[] bytes, int from, int length) throws IOException {
        try {
            process.getOutputStream().write(bytes, from, length);
        } catch (IOException e) {
            try {
                end();
            } catch (InterruptedException again) {
                Thread.currentThread().interrupt();
            }
            throw e;
        }
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /**
     * Gives it no more bytes, and waits for its end.
     *
     * @throws org.strongroom.core.error.StrongroomException with what it said, if it did not do what it was to do
     */
    void end() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended, and says why
        }
        int status = process.waitFor();
        if (status != 0) {
            throw PostgresFailure.of(program, status, said());
        }
    }

    private String said() throws InterruptedException {
        try {
            return said.get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        } catch (IllegalStateException e) {
            // it is running
        }
    }
}
