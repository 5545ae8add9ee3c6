package org.strongroom.plugin.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.List;
import org.strongroom.plugin.snapshot.SnapshotSource;

/**
 * Orthanc's index as it is at one moment, however much is written to it meanwhile. It is read while it comes, by {@code pg_restore}, so it
 * ends only if it is whole, and nothing of it lies anywhere in clear. For one thread.
 */
public final class PostgresDump implements SnapshotSource {
    /**
     * Uncompressed, so that what did not change is the same again. Large objects are files that Orthanc once kept in the database; the
     * index has none.
     */
    private static final List<String> WORDS = List.of(
            "--format=custom",
            "--compress=0",
            "--no-blobs",
            "--no-comments",
            "--lock-wait-timeout=60000",
            "--no-password");

    private final PostgresPrograms programs;
    private long images;

    public PostgresDump(PostgresPrograms programs) {
        this.programs = programs;
    }

    /** How many it lists; known when it was read to its end. */
    public long images() {
        return images;
    }

    @Override
    public InputStream open() throws IOException {
        DumpReading reading = new DumpReading(programs);
        try {
            PostgresProcess dump = programs.start("pg_dump", WORDS);
            return new Dumping(dump, reading);
        } catch (IOException | RuntimeException e) {
            reading.close();
            throw e;
        }
    }

    private final class Dumping extends InputStream {
        private final PostgresProcess dump;
        private final DumpReading reading;
        private boolean ended;

        private Dumping(PostgresProcess dump, DumpReading reading) {
            this.dump = dump;
            this.reading = reading;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            int count = ended ? -1 : dump.output().read(to, from, length);
            if (count < 0) {
                end();
                return -1;
            }
            reading.piece(to, from, count);
            return count;
        }

        private void end() throws IOException {
            if (ended) {
                return;
            }
            ended = true;
            try {
                dump.end();
                images = reading.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void close() {
            dump.close();
            reading.close();
        }
    }
}
