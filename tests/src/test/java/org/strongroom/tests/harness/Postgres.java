package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of a Debian tree in a scratch folder, on 127.0.0.1, with one database {@code orthanc} and a password, which
 * configurations take from the environment.
 */
public final class Postgres implements AutoCloseable {
    /** The variable that has the password. */
    public static final String VARIABLE = "INDEX_PASSWORD";

    /** Of Orthanc's user. */
    public static final String PASSWORD = "slow-7-lantern";

    private final Debian debian;
    private final Scratch scratch = new Scratch();
    private final Path bin;
    private final int port = Ports.free();

    /** Starts it and returns when it accepts connections. */
    public Postgres(Debian debian) {
        this.debian = debian;
        this.bin = bin(debian);
        Path password = scratch.file("password", (PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        debian.command(bin.resolve("initdb"), "-D", data(), "-U", "orthanc", "-A", "scram-sha-256")
                .and("--pwfile", password, "-E", "UTF8", "--no-sync")
                .run()
                .orFail();
        control("-o", "-F -h 127.0.0.1 -p " + port + " -k " + scratch.path(), "-l", data() + ".log", "start");
        database("orthanc");
    }

    /** Makes one more database, which is empty. */
    public void database(String name) {
        debian.command(bin.resolve("createdb"), "-h", "127.0.0.1", "-p", port, "-U", "orthanc", name)
                .with("PGPASSWORD", PASSWORD)
                .run()
                .orFail();
    }

    /** What {@code psql} answers. */
    public String ask(String database, String query) {
        return debian.command(bin.resolve("psql"), "-h", "127.0.0.1", "-p", port, "-U", "orthanc", "-d", database)
                .and("-X", "-A", "-t", "-c", query)
                .with("PGPASSWORD", PASSWORD)
                .run()
                .orFail()
                .output();
    }

    /** Puts Orthanc's index into this database; its files stay with Strongroom. */
    public void indexOf(OrthancSetup setup) {
        setup.debianPlugin("libOrthancPostgreSQLIndex.so")
                .set("PostgreSQL", section("orthanc"))
                .variable(VARIABLE, PASSWORD);
    }

    /** What Orthanc's configuration says of one database: JSON. */
    public String section(String database) {
        return "{\"EnableIndex\": true, \"EnableStorage\": false, \"Host\": \"127.0.0.1\", \"Port\": " + port
                + ", \"Database\": \"" + database + "\", \"Username\": \"orthanc\", \"Password\": \"${" + VARIABLE
                + "}\"}";
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
