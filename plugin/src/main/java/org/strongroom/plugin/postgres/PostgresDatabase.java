package org.strongroom.plugin.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;

/** The database that is to have Orthanc's index. Nothing in it is ever deleted or changed. For one thread. */
public final class PostgresDatabase {
    /**
     * Its name and number and the server's, and whether anything is in it but what belongs to an extension. Numbers of databases alone are
     * the same in each new server.
     */
    private static final String QUESTION = "SELECT d.datname || '/' || d.oid || '.'"
            + " || (SELECT system_identifier FROM pg_control_system()), EXISTS (SELECT FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
            + " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid"
            + " AND e.deptype = 'e')) FROM pg_database d WHERE d.datname = current_database()";

    /** All of it or nothing; whoever Orthanc's user is here, the tables are that user's. */
    private static final List<String> WORDS = List.of(
            "--format=custom",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            "--no-tablespaces",
            "--no-security-labels",
            "--no-publications",
            "--no-subscriptions",
            "--no-password");

    private final PostgresPrograms programs;

    public PostgresDatabase(PostgresPrograms programs) {
        this.programs = programs;
    }

    /**
     * What is known of it.
     *
     * @param identity its name, and its number and its server's: another one of the same name has others
     */
    public record State(String identity, boolean isEmpty) {}

    /** @throws StrongroomException with the cure, if it cannot be asked */
    public State state() throws IOException, InterruptedException {
        try (PostgresProcess process = programs.start(
                "psql",
                List.of("--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--command", QUESTION))) {
            String said = new String(process.output().readAllBytes(), StandardCharsets.UTF_8).strip();
            process.end();
            int bar = said.lastIndexOf('|');
            if (bar < 0) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "psql gave no answer")
                        .cure("Try it by hand: psql, with what Orthanc's configuration names");
            }
            return new State(said.substring(0, bar), said.substring(bar + 1).equals("f"));
        }
    }

    /**
     * Brings the index of a snapshot into it, all or nothing.
     *
     * @param database what {@link #state} said of it: it must be empty
     * @throws StrongroomException CORRUPT if the snapshot is damaged, or with the cure if PostgreSQL refuses; nothing was written then
     */
    public void restore(State database, Snapshot snapshot, SnapshotContents.Entry file, Snapshot.Chunks from)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(WORDS);
        String name = database.identity().substring(0, database.identity().lastIndexOf('/'));
        words.add("--dbname=dbname='" + name.replace("\\", "\\\\").replace("'", "\\'") + "'");
        try (PostgresProcess process = programs.start("pg_restore", words)) {
            snapshot.stream(file, from, process::write);
            process.end();
        }
    }
}
