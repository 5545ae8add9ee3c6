package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.sidecar.ledger.Place;

/** What keeps one pass over the spool from taking something in must not keep the next one. */
class IntakeTest {
    private static final UUID KEY = UUID.fromString("00000000-0000-4000-8000-000000000001");

    @TempDir
    Path folder;

    /** Nothing will change in the spool's folders any more. */
    private static void settle(Clinic clinic) throws IOException {
        for (int shard = 0; shard < 256; shard++) {
            Path path = clinic.home.spooled(new UUID((long) shard << 56, 0)).getParent();
            if (Files.exists(path)) {
                Files.setLastModifiedTime(
                        path, FileTime.from(clinic.clock.instant().minus(Duration.ofHours(1))));
            }
        }
    }

    private static void execute(Clinic clinic, String sql) throws SQLException {
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                Statement statement = ledger.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whatTheLedgerRefusedOnceIsTakenInLater() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 1000, 1000, 1000);
            settle(clinic);
            execute(
                    clinic,
                    "CREATE TRIGGER full BEFORE INSERT ON files BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
            assertThatThrownBy(clinic.rooms.intake::scan).isInstanceOf(Exception.class);
            execute(clinic, "DROP TRIGGER full");

            clinic.rooms.intake.scan();

            assertThat(clinic.in(Place.SPOOL)).isEqualTo(3);
        }
    }

    @Test
    void oneThatCannotBeReadStopsNoOtherAndIsTriedAgain() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 1000, 1000);
            UUID last = new UUID(-1L, -1L);
            Path unreadable = Files.createDirectories(clinic.home.spooled(last)); // reading it fails as a bad disk does
            settle(clinic);

            clinic.rooms.intake.scan();
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(2);
            assertThat(clinic.rooms.problems.standing())
                    .anyMatch(problem -> problem.message().contains("cannot be read"));

            Files.delete(unreadable);
            clinic.rooms.intake.scan();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }
}
