package org.strongroom.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/**
 * A bucket as a folder: {@code rclone mount} of a crypt remote, with the full VFS cache and the options that rclone's manual
 * recommends for S3. Ends with this process, however that ends. Not thread-safe.
 */
final class RcloneMount implements Closeable {
    private static final Duration START = Duration.ofSeconds(15);
    private static final Duration UPLOADS = Duration.ofMinutes(10);
    private static final long POLL_NANOS = 20_000_000;
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final String NOBODY = "65534";

    private final Path folder;
    private final Path cache;
    private final Path log;
    private final Path configuration;
    private final int port = Ports.free();
    private Process rclone;

    /** Mounts nothing yet. */
    RcloneMount(Scratch scratch, String bucket, int storePort) {
        folder = scratch.folder("mount");
        cache = scratch.folder("rclone-cache");
        log = scratch.path().resolve("rclone.log");
        configuration =
                scratch.file("rclone.conf", configuration(bucket, storePort).getBytes(StandardCharsets.UTF_8));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Why it cannot take part here; empty if nothing is known to stand in its way. */
    static String hindrance() {
        if (!Files.exists(Path.of("/dev/fuse"))) {
            return "this machine has no /dev/fuse";
        }
        for (String program : List.of("rclone", "fusermount3")) {
            if (Command.of("sh", "-c", "command -v " + program).run().status() != 0) {
                return program + " is not installed";
            }
        }
        return "";
    }

    /** The folder that is mounted. */
    Path folder() {
        return folder;
    }

    long pid() {
        return rclone.pid();
    }

    /**
     * Mounts it, with what its cache holds.
     *
     * @param writeBack how long after it was written a file is sent to the store
     * @throws IOException if it does not stand after a while; what rclone said is in the message
     */
    void mount(String writeBack) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("setpriv", "--pdeathsig", "TERM", "rclone", "mount", "sealed:", folder.toString(), "--config"));
        words.addAll(List.of(
                configuration.toString(),
                "--cache-dir",
                cache.toString(),
                "--vfs-cache-mode",
                "full",
                "--vfs-cache-max-age",
                "24h",
                "--vfs-write-back",
                writeBack));
        words.addAll(List.of("--vfs-fast-fingerprint", "--use-server-modtime", "--dir-cache-time", "24h"));
        words.addAll(List.of("--rc", "--rc-no-auth", "--rc-addr", "127.0.0.1:" + port));
        if (ROOT) {
            words.addAll(List.of("--allow-other", "--uid", NOBODY, "--gid", NOBODY));
        }
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_")); // of other stores
        rclone = builder.start();
        long deadline = System.nanoTime() + START.toNanos();
        while (!isMounted()) {
            if (!rclone.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException(
                        "rclone did not mount: " + Files.readString(log).strip());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Returns when the store has all that was written; only after {@link #mount} with a short time. */
    void awaitUploads() throws IOException {
        long deadline = System.nanoTime() + UPLOADS.toNanos();
        while (waiting() > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("rclone still uploads after " + UPLOADS);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long waiting() {
        JsonNode cached = new Rest(port).post("/vfs/stats", "{}").path("diskCache");
        return cached.path("uploadsInProgress").asLong()
                + cached.path("uploadsQueued").asLong();
    }

    /** Reads the names of all that is in the store, as rclone does once in a while. */
    void list() {
        new Rest(port).post("/vfs/refresh?recursive=true", "");
    }

    /** After {@link #close}: nothing of any file is on this machine, uploaded or not. */
    void forget() throws IOException {
        Scratch.delete(cache);
        Files.createDirectory(cache);
    }

    /** Unmounts it and ends rclone, in whatever state they are; it may be mounted again. */
    @Override
    public void close() {
        if (rclone == null) {
            return;
        }
        rclone.destroy();
        try {
            if (!rclone.waitFor(10, TimeUnit.SECONDS)) {
                rclone.destroyForcibly();
            }
        } catch (InterruptedException e) {
            rclone.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (isMounted()) {
            Command.of("fusermount3", "-u", "-z", folder).run();
        }
    }

    private boolean isMounted() {
        try {
            return Files.readString(Path.of("/proc/self/mounts")).contains(" " + folder + " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String configuration(String bucket, int storePort) {
        String password = Command.of("rclone", "obscure", "correct horse battery staple")
                .run()
                .orFail()
                .output()
                .strip();
        return """
                [store]
                type = s3
                provider = Other
                access_key_id = BENCH
                secret_access_key = bench
                endpoint = http://127.0.0.1:%d
                force_path_style = true
                [sealed]
                type = crypt
                remote = store:%s
                password = %s
                """
                .formatted(storePort, bucket, password);
    }
}
