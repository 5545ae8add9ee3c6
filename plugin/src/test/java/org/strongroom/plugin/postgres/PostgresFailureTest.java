package org.strongroom.plugin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What PostgreSQL 15, 17 and 18 say becomes what to do. */
class PostgresFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            pg_dump: error: connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "orthanc" | REFUSED | Username
            psql: error: connection to server on socket "/run/x/.s.PGSQL.5432" failed: FATAL:  role "nobody" does not exist | REFUSED | Username
            pg_dump: error: connection to server at "127.0.0.1", port 1 failed: Connection refused | UNAVAILABLE | Start it
            psql: error: could not translate host name "db" to address: Name or service not known | UNAVAILABLE | Start it
            pg_dump: error: connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  database "orthanc" does not exist | NOT_FOUND | createdb
            pg_dump: error: aborting because of server version mismatch | REFUSED | postgresql-client-VERSION
            pg_restore: error: unsupported version (1.16) in file header | REFUSED | client programs
            pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout" | REFUSED | Use a server of that pg_dump
            pg_dump: error: query failed: ERROR:  permission denied for table others | REFUSED | OWNER
            pg_restore: error: could not execute query: ERROR:  relation "resources" already exists | REFUSED | createdb
            Error: You must install at least one postgresql-client-<version> package | REFUSED | apt install postgresql-client
            pg_restore: error: could not execute query: ERROR:  permission denied to create extension "pg_repack" | REFUSED | CREATE EXTENSION
            pg_restore: error: could not execute query: ERROR:  extension "pg_trgm" is not available | REFUSED | CREATE EXTENSION
            psql: error: connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  Passwort-Authentifizierung fehlgeschlagen | REFUSED | Correct what it says
            psql: error: connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  the database system is starting up | UNAVAILABLE | Wait
            pg_dump: error: something new | UNAVAILABLE | PostgreSQL's log
            """)
    void everyFailureHasACure(String said, FailureKind kind, String cure) {
        StrongroomException failure = PostgresFailure.of("pg_dump", 1, said + "\n");
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.cure()).contains(cure);
    }

    @Test
    void noRowIsShown() {
        StrongroomException failure = PostgresFailure.of(
                "pg_restore",
                1,
                """
                        pg_restore: while PROCESSING TOC:
                        pg_restore: error: COPY failed for table "maindicomtags": ERROR:  value too long: DOE^JANE
                        CONTEXT:  COPY maindicomtags, line 3: "1 16 16 DOE^JANE"
                        """);
        assertThat(failure.getMessage()).contains("maindicomtags").doesNotContain("DOE");
        assertThat(failure.context().toString()).doesNotContain("DOE");
    }
}
