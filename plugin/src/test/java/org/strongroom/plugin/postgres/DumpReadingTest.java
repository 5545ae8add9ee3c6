package org.strongroom.plugin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What is made of pg_restore's text; that itself is in RecoverPostgresIT. */
class DumpReadingTest {
    private static final String TABLE = "COPY public.resources (internalid, resourcetype, publicid) FROM stdin;\n";
    private static final String END = "-- PostgreSQL database dump complete\n";

    @TempDir
    Path folder;

    private long read(String text) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("text"), text);
        Path program = Files.writeString(
                folder.resolve("pg_restore"), "#!/bin/sh\ncat > /dev/null\ncat '" + folder.resolve("text") + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = Map.of("PATH", folder + ":/usr/bin:/bin");
        try (DumpReading reading = new DumpReading(PostgresPrograms.unconnected(environment))) {
            byte[] dump = "a dump".getBytes(StandardCharsets.UTF_8);
            reading.piece(dump, 0, dump.length);
            return reading.end();
        }
    }

    @Test
    void imagesAreCountedHoweverLongOtherRowsAre() throws Exception {
        String others =
                "COPY public.metadata (id, type, value) FROM stdin;\n1\t3\t" + "x".repeat(5_000_000) + "\n\\.\n";
        assertThat(read(others + TABLE + "1\t0\ta\n2\t3\tb\n3\t3\tc\n\\.\n" + others + END))
                .isEqualTo(2);
        assertThat(read(TABLE + "\\.\n" + END)).isZero();
    }

    @Test
    void whatHasNoEndOrNoIndexIsNoCopyOfOne() {
        StrongroomException cut = catchThrowableOfType(StrongroomException.class, () -> read(TABLE + "1\t3\ta\n"));
        assertThat(cut.kind()).isEqualTo(FailureKind.CORRUPT);
        StrongroomException other =
                catchThrowableOfType(StrongroomException.class, () -> read("CREATE TABLE x;\n" + END));
        assertThat(other.kind()).isEqualTo(FailureKind.REFUSED);
    }
}
