package org.strongroom.sidecar.snapshot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;

/** The snapshots in Home, which the side with the keys makes and deletes whenever it likes. Immutable. */
record SnapshotsHere(Home home) {
    /** The name of the newest one; empty if there is none. */
    Optional<String> newest(Instant now) throws IOException {
        String newest = "";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home.snapshots())) {
            for (Path file : files) {
                String name = SnapshotLabel.PREFIX + file.getFileName();
                boolean past = SnapshotLabel.timeOf(name)
                        .filter(time -> time <= now.toEpochMilli())
                        .isPresent();
                if (past && name.compareTo(newest) > 0) {
                    newest = name;
                }
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return newest.isEmpty() ? Optional.empty() : Optional.of(newest);
    }

    /** @throws NoSuchFileException if it is not there (any more) */
    byte[] read(String object) throws IOException {
        return Files.readAllBytes(home.root().resolve(object));
    }

    boolean has(String object) {
        return Files.exists(home.root().resolve(object));
    }

    /** Why the last one could not be made; empty if it could. */
    Optional<ErrorBody> trouble() throws IOException {
        return told(home.snapshotTrouble());
    }

    /** That intake had to wait for the last one; empty if it had not. */
    Optional<ErrorBody> pause() throws IOException {
        return told(home.snapshotPause());
    }

    /** That the last one lacks users, and why; empty if it does not. */
    Optional<ErrorBody> withoutUsers() throws IOException {
        return told(home.snapshotUsers());
    }

    private static Optional<ErrorBody> told(Path file) throws IOException {
        try {
            return Optional.of(ControlJson.readRequest(Files.readAllBytes(file), ErrorBody.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
