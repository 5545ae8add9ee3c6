package org.strongroom.plugin.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.PostgresIndex;

/**
 * PostgreSQL's client programs of this machine, and what they are told of the server. Immutable.
 *
 * @param environment of which they see what they need: the search path, and what libpq reads
 * @param connection libpq's keywords and their values; none for programs that connect to nothing
 */
public record PostgresPrograms(Map<String, String> environment, Map<String, Secret> connection) {
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "TZ", "LD_LIBRARY_PATH");
    private static final String LIBPQ = "PG";
    /** A service of the environment would go before what the section names; a dump is in the database's own encoding. */
    private static final Set<String> NOT_PASSED_ON = Set.of("PGSERVICE", "PGSERVICEFILE", "PGCLIENTENCODING");
    /** Where Debian's packages, and PostgreSQL's own, have those of each version; the search path usually has the newest. */
    private static final Map<Path, Pattern> FOLDERS = Map.of(
            Path.of("/usr/lib/postgresql"), Pattern.compile("([0-9]{1,3})"),
            Path.of("/usr"), Pattern.compile("pgsql-([0-9]{1,3})"));

    /** libpq's variables that are not named as its keywords are. */
    private static final Map<String, String> VARIABLES = Map.of(
            "dbname",
            "PGDATABASE",
            "application_name",
            "PGAPPNAME",
            "connect_timeout",
            "PGCONNECT_TIMEOUT",
            "client_encoding",
            "PGCLIENTENCODING");

    public PostgresPrograms {
        environment = Map.copyOf(environment);
        connection = Map.copyOf(connection);
    }

    /**
     * Those that talk to the server that has the index.
     *
     * @throws StrongroomException REFUSED if what says where that is, is not understood
     */
    public static PostgresPrograms of(PostgresIndex index, Map<String, String> environment) {
        if (!index.understood()) { // libpq would take what is missing from this machine: another database
            throw StrongroomException.of(FailureKind.REFUSED, "PostgreSQL's ConnectionUri is not understood")
                    .cure("Write it as libpq's manual has it, with %XX for what is not a letter or digit, or use Host,"
                            + " Port, Database, Username and Password (spaces and backslashes in libpq's quotes)");
        }
        return new PostgresPrograms(environment, index.connection());
    }

    /** Those that only read what they are given. */
    public static PostgresPrograms unconnected(Map<String, String> environment) {
        return new PostgresPrograms(environment, Map.of());
    }

    /** Whether this machine has {@code pg_restore}. */
    public boolean canRead() {
        return find("pg_restore").isPresent();
    }

    /** @throws StrongroomException REFUSED if this machine does not have the program */
    PostgresProcess start(String program, List<String> words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(find(program)
                .orElseThrow(() -> StrongroomException.of(
                                FailureKind.REFUSED,
                                "Orthanc's index is in PostgreSQL, and " + program + " is not installed")
                        .cure("Install PostgreSQL's client programs, of the server's version or a newer one"
                                + " (Debian: apt install postgresql-client)"))
                .toString());
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> seen = seen();
        builder.environment().clear();
        builder.environment().putAll(seen);
        try {
            return PostgresProcess.start(program, builder);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, program + " cannot be run")
                    .cure("Try it by hand: " + program + " --version")
                    .causedBy(e);
        }
    }

    private Map<String, String> seen() {
        Map<String, String> seen = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (PASSED_ON.contains(name) || (name.startsWith(LIBPQ) && !NOT_PASSED_ON.contains(name))) {
                seen.put(name, value);
            }
        });
        connection.forEach((word, value) -> seen.put(VARIABLES.getOrDefault(word, variable(word)), value.reveal()));
        seen.putIfAbsent("PGCONNECT_TIMEOUT", "30");
        if (connection.isEmpty()) {
            seen.putIfAbsent("PGHOST", "localhost"); // or Debian's wrapper takes the version of a server that is here
        }
        seen.put("LC_ALL", "C"); // what they say is read
        return seen;
    }

    private static String variable(String word) {
        return LIBPQ + word.replace("_", "").toUpperCase(Locale.ROOT);
    }

    private Optional<Path> find(String program) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path file = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return FOLDERS.entrySet().stream()
                .flatMap(folder -> versions(folder.getKey(), folder.getValue()).stream())
                .map(version -> version.resolve("bin").resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Folders that are named so, the newest version first. */
    private static List<Path> versions(Path folder, Pattern name) {
        Map<Integer, Path> versions = new TreeMap<>(Comparator.reverseOrder());
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path one : all) {
                Matcher version = name.matcher(one.getFileName().toString());
                if (version.matches()) {
                    versions.put(Integer.valueOf(version.group(1)), one);
                }
            }
        } catch (IOException e) {
            return List.of(); // not of this kind of Linux
        }
        return List.copyOf(versions.values());
    }

    /** Without the environment, which has secrets of others. */
    @Override
    public String toString() {
        return "PostgresPrograms[" + connection + "]";
    }
}
