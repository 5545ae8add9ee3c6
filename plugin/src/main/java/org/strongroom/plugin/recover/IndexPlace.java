package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.postgres.PostgresDatabase;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;

/** Where the Orthanc that is recovered will look for its index. For one thread. */
public interface IndexPlace {
    /** The name in a snapshot of what can be brought there. */
    String file();

    /** What it is called. */
    String words();

    /**
     * Whether there is an index already, that this recovery goes on with.
     *
     * @throws StrongroomException REFUSED if it holds what this recovery did not bring and must not go on with
     */
    boolean isTaken(RecoveryNote note) throws IOException, InterruptedException;

    /** What is noted before anything is brought there, by whomever. */
    RecoveryNote noted(RecoveryNote note) throws IOException, InterruptedException;

    /**
     * Brings the index of a snapshot there, all or nothing.
     *
     * @throws StrongroomException CORRUPT if the snapshot is damaged; then there is no index
     */
    void bring(SnapshotRecovery recovery, Snapshot snapshot) throws IOException, InterruptedException;

    /** A file of SQLite. */
    record File(Path index) implements IndexPlace {
        @Override
        public String file() {
            return SnapshotContents.INDEX;
        }

        @Override
        public String words() {
            return "a file (SQLite)";
        }

        @Override
        public boolean isTaken(RecoveryNote note) throws IOException {
            sweep();
            return Files.exists(index);
        }

        /** What a crash left of an index that was being written, in clear. */
        private void sweep() throws IOException {
            if (!Files.isDirectory(index.getParent())) {
                return;
            }
            try (DirectoryStream<Path> left = Files.newDirectoryStream(index.getParent(), ".index.*.tmp")) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        }

        @Override
        public RecoveryNote noted(RecoveryNote note) {
            return note;
        }

        @Override
        public void bring(SnapshotRecovery recovery, Snapshot snapshot) throws IOException, InterruptedException {
            recovery.writeIndex(snapshot, index);
        }
    }

    /** A database of PostgreSQL. What is in it stays. */
    record Database(PostgresDatabase database) implements IndexPlace {
        @Override
        public String file() {
            return SnapshotContents.POSTGRES;
        }

        @Override
        public String words() {
            return "PostgreSQL";
        }

        @Override
        public boolean isTaken(RecoveryNote note) throws IOException, InterruptedException {
            PostgresDatabase.State state = database.state();
            if (state.isEmpty() || state.identity().equals(note.database())) {
                return !state.isEmpty();
            }
            throw StrongroomException.of(
                            FailureKind.REFUSED, "the PostgreSQL database of the configuration is not empty")
                    .with("database", state.identity())
                    .cure("Name an empty one in its section PostgreSQL (createdb -E UTF8 -T template0 -O USER"
                            + " DATABASE) and run the same command again. If this is the clinic's own index, which"
                            + " is not lost: start Orthanc with this configuration, and then run the same"
                            + " command");
        }

        @Override
        public RecoveryNote noted(RecoveryNote note) throws IOException, InterruptedException {
            return note.in(database.state().identity());
        }

        @Override
        public void bring(SnapshotRecovery recovery, Snapshot snapshot) throws IOException, InterruptedException {
            database.restore(
                    database.state(),
                    snapshot,
                    snapshot.contents().file(SnapshotContents.POSTGRES).orElseThrow(),
                    recovery::chunks);
        }
    }
}
