package org.strongroom.plugin.postgres;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What one of PostgreSQL's programs says of a failure, with its cure; nothing of what is in tables. Stateless. */
final class PostgresFailure {
    private static final Pattern LINE = Pattern.compile("(?m)^.*?(?:(?:error|FATAL|ERROR): +)+(.*)$");
    /** Rows are quoted after this. */
    private static final Pattern ROWS = Pattern.compile("(COPY failed for table \"[^\"]*\").*");

    private static final int LONGEST = 200;

    private static final List<Known> KNOWN = List.of(
            new Known(
                    "You must install at least one postgresql-client|PostgreSQL version [0-9.]+ is not installed",
                    FailureKind.REFUSED,
                    "PostgreSQL's client programs are not installed",
                    "Install those of the server's version or a newer one (Debian: apt install postgresql-client)"),
            new Known(
                    "password authentication failed|no password supplied|Peer authentication failed"
                            + "|no pg_hba.conf entry|role \"[^\"]*\" does not exist|Ident authentication failed",
                    FailureKind.REFUSED,
                    "PostgreSQL refuses the user or the password that Orthanc's configuration names",
                    "Correct Username and Password (or ConnectionUri) in its section PostgreSQL; Orthanc itself needs"
                            + " them, too"),
            new Known(
                    "server version mismatch",
                    FailureKind.REFUSED,
                    "pg_dump is older than the PostgreSQL server",
                    "Install the client programs of the server's version or a newer one (Debian: apt install"
                            + " postgresql-client-VERSION)"),
            new Known(
                    "unsupported version \\(.*\\) in file header",
                    FailureKind.REFUSED,
                    "pg_restore is older than the pg_dump that made the snapshot",
                    "Install PostgreSQL and its client programs of the version that the lost one had, or a newer one;"
                            + " then run the same command again"),
            new Known(
                    "unrecognized configuration parameter",
                    FailureKind.REFUSED,
                    "the PostgreSQL server is older than the pg_dump that made the snapshot; nothing of it was written",
                    "Use a server of that pg_dump's version or a newer one; then run the same command again"),
            new Known(
                    "database \"[^\"]*\" does not exist",
                    FailureKind.NOT_FOUND,
                    "PostgreSQL has no database of the name that Orthanc's configuration names",
                    "Make it, empty: createdb -E UTF8 -T template0 -O USER DATABASE"),
            new Known(
                    "permission denied to create extension|extension \"[^\"]*\" is not available"
                            + "|could not open extension control file",
                    FailureKind.REFUSED,
                    "the database needs an extension that Orthanc's user cannot make; nothing was written",
                    "As PostgreSQL's superuser, in the empty database: CREATE EXTENSION … (each that the lost one had,"
                            + " its package installed before); then run the same command again"),
            new Known(
                    "permission denied|must be owner|must be superuser",
                    FailureKind.REFUSED,
                    "PostgreSQL does not let Orthanc's user do this",
                    "Let Orthanc have a database of its own that its user owns: ALTER DATABASE … OWNER TO …"),
            new Known(
                    "already exists",
                    FailureKind.REFUSED,
                    "the database is not empty; nothing was written",
                    "Name an empty one in Orthanc's configuration: createdb -E UTF8 -T template0 -O USER DATABASE"),
            new Known(
                    "starting up|shutting down|terminating connection",
                    FailureKind.UNAVAILABLE,
                    "the PostgreSQL server that Orthanc's configuration names does not answer now",
                    "Wait until it runs; it is tried again"),
            new Known(
                    "failed: FATAL:", // in the server's language
                    FailureKind.REFUSED,
                    "the PostgreSQL server that Orthanc's configuration names refuses the connection",
                    "Correct what it says in Orthanc's section PostgreSQL; if it is about to start or to stop, it is"
                            + " tried again"),
            new Known(
                    "connection to server|could not connect|could not translate host name|timeout expired"
                            + "|server closed the connection|terminating connection|starting up|shutting down",
                    FailureKind.UNAVAILABLE,
                    "the PostgreSQL server that Orthanc's configuration names does not answer",
                    "Start it, or look at its log and the line to it; it is tried again"));

    private PostgresFailure() {}

    /** What a program says in which case. */
    private record Known(Pattern said, FailureKind kind, String text, String cure) {
        private Known(String said, FailureKind kind, String text, String cure) {
            this(Pattern.compile(said), kind, text, cure);
        }
    }

    static StrongroomException of(String program, int status, String said) {
        for (Known known : KNOWN) {
            if (known.said.matcher(said).find()) {
                return StrongroomException.of(known.kind, known.text)
                        .with("program", program)
                        .with("said", shown(said))
                        .cure(known.cure);
            }
        }
        return StrongroomException.of(FailureKind.UNAVAILABLE, program + " failed")
                .with("status", status)
                .with("said", shown(said))
                .cure("Look at PostgreSQL's log and at the room on its disk; then try again");
    }

    /** The first line that tells of an error. */
    private static String shown(String said) {
        Matcher line = LINE.matcher(said);
        String text = line.find() ? line.group(1) : "";
        String safe = ROWS.matcher(text).replaceAll("$1").strip();
        return safe.length() > LONGEST ? safe.substring(0, LONGEST) + "…" : safe;
    }
}
