package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A PostgreSQL server of a Debian tree in a scratch folder, on 127.0.0.1, with one database {@code orthanc} and no password. */
public final class Postgres implements AutoCloseable {
    private final Debian debian;
    private final Scratch scratch = new Scratch();
    private final Path bin;
    private final int port = Ports.free();

    /** Starts it and returns when it accepts connections. */
    public Postgres(Debian debian) {
        this.debian = debian;
        this.bin = bin(debian);
        debian.command(bin.resolve("initdb"), "-D", data(), "-U", "orthanc", "-A", "trust", "-E", "UTF8", "--no-sync")
                .run()
                .orFail();
        control("-o", "-F -h 127.0.0.1 -p " + port + " -k " + scratch.path(), "-l", data() + ".log", "start");
        debian.command(bin.resolve("createdb"), "-h", "127.0.0.1", "-p", port, "-U", "orthanc", "orthanc")
                .run()
                .orFail();
    }

    /** Puts Orthanc's index into this database; its files stay with Strongroom. */
    public void indexOf(OrthancSetup setup) {
        setup.debianPlugin("libOrthancPostgreSQLIndex.so")
                .set(
                        "PostgreSQL",
                        "{\"EnableIndex\": true, \"EnableStorage\": false, \"Host\": \"127.0.0.1\", \"Port\": " + port
                                + ", \"Database\": \"orthanc\", \"Username\": \"orthanc\", \"Password\": \"\"}");
    }

    /** Stops it at once: clients see their connections end. */
    @Override
    public void close() {
        control("-m", "immediate", "stop");
        scratch.close();
    }

    private void control(Object... words) {
        debian.command(bin.resolve("pg_ctl"), "-D", data(), "-w")
                .and(words)
                .run()
                .orFail();
    }

    private Path data() {
        return scratch.path().resolve("data");
    }

    private static Path bin(Debian debian) {
        try (Stream<Path> versions = Files.list(debian.tree().resolve("usr/lib/postgresql"))) {
            Path version = versions.findFirst().orElseThrow().getFileName();
            return Path.of("/usr/lib/postgresql").resolve(version).resolve("bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
