package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.alert.Alert;
import org.strongroom.sidecar.alert.Alerts;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.replica.Replicas;

/** What is told to people. */
class FindingsTest {
    @TempDir
    Path folder;

    private final List<Alert> told = new ArrayList<>();

    private Alerts alerts(Clinic clinic) {
        return new Alerts(clinic.rooms.findings::lasting, List.of(told::add), clinic.clock, clinic.clock.running());
    }

    @Test
    void many_damaged_packs_are_one_alert_for_each_tier_that_tells_how_many() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            for (int i = 0; i < 210; i++) {
                clinic.spool.study(UUID.randomUUID(), 100);
            }
            clinic.ship();
            for (long id : clinic.rooms.packs.page(0, 1_000).keySet()) {
                PackRow pack = clinic.rooms.packs.find(id).orElseThrow();
                for (Replicas.Source source : clinic.rooms.replicas.sources(pack)) {
                    clinic.rooms.replicas.doubt(
                            pack, source, StrongroomException.of(FailureKind.CORRUPT, "another byte"));
                }
            }
            assertThat(clinic.totals().tiers().get("near").damaged()).isEqualTo(210);
            alerts(clinic).look();
            assertThat(told).extracting(Alert::key).containsExactlyInAnyOrder("fetch/near", "fetch/far");
            assertThat(told).allSatisfy(alert -> assertThat(alert.message()).endsWith("(and 209 others like it)"));

            clinic.reopen(); // what a room raised is forgotten; the ledger is not
            told.clear();
            alerts(clinic).look();
            assertThat(told).extracting(Alert::key).contains("fetch/near", "fetch/far");
        }
    }

    @Test
    void a_lost_file_and_a_missed_plugin_are_told_but_not_one_that_just_starts() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(UUID.randomUUID(), 100).get(0);
            clinic.rooms.refresh();
            Files.delete(clinic.home.spooled(file));
            clinic.rooms.refresh();
            Alerts alerts = alerts(clinic);
            alerts.look();
            assertThat(told).extracting(Alert::key).containsExactly("lost");
            clinic.clock.advance(Duration.ofSeconds(76));
            alerts.look();
            assertThat(told).extracting(Alert::key).containsExactly("lost", "plugin");
            clinic.askedByPlugin();
            alerts.look();
            assertThat(told).last().extracting(Alert::state).isEqualTo(Alert.State.over);
        }
    }

    @Test
    void packs_outside_the_jurisdictions_are_told() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            clinic.spool.study(UUID.randomUUID(), 100);
            clinic.ship();
            clinic.store(1).outside = true;
            clinic.reopen();
            alerts(clinic).look();
            assertThat(told).singleElement().satisfies(alert -> {
                assertThat(alert.key()).isEqualTo("residency/far");
                assertThat(alert.message()).contains("holds 1 packs");
            });
        }
    }

    @Test
    void what_is_nobodys_is_counted_until_somebody_has_decided_and_told_again_when_it_is_much_more() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            List<UUID> study = clinic.spool.study(UUID.randomUUID(), 100, 100);
            clinic.spool.store(UUID.randomUUID(), Tag16.NONE, 1, 4711, 100); // no image
            clinic.ship();
            UUID tenant =
                    clinic.rooms.files.find(study.get(0)).orElseThrow().header().tenant();
            Alerts alerts = alerts(clinic);
            alerts.look();
            assertThat(told).isEmpty(); // one tenant only

            DurableFiles.replace(
                    clinic.home.quarantineTenant(), tenant.toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(quarantined(clinic)).startsWith("1 study waits");
            alerts.look();
            for (int i = 1; i < 10; i++) {
                assertThat(told).extracting(Alert::key).containsExactly("quarantine");
                clinic.spool.study(UUID.randomUUID(), 100);
                clinic.rooms.refresh();
                clinic.clock.advance(Duration.ofMinutes(11));
                clinic.askedByPlugin();
                alerts.look();
            }
            assertThat(told).hasSize(2);
            assertThat(told.get(1).message()).startsWith("10 studies wait in quarantine");

            UUID key =
                    clinic.rooms.files.find(study.get(0)).orElseThrow().header().key();
            journal.assigned(UUID.randomUUID(), key, clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(quarantined(clinic)).startsWith("9 studies wait"); // one is somebody's now

            UUID hold = UUID.randomUUID();
            journal.held(hold, tenant, clinic.clock.instant());
            for (UUID file : clinic.spool.stored().keySet()) {
                journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
            }
            clinic.rooms.journal.read();
            assertThat(quarantined(clinic)).startsWith("9 studies wait"); // taken out of Orthanc, and kept
            journal.holdEnded(hold, clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(clinic.rooms.findings.all(clinic.totals())).doesNotContainKey("quarantine");
        }
    }

    @Test
    void each_emergency_is_told_of_until_somebody_has_reviewed_it() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.askedByPlugin();
            Alerts alerts = alerts(clinic);
            alerts.look();
            assertThat(told).isEmpty();
            String first = UUID.randomUUID().toString();
            String second = UUID.randomUUID().toString();
            DurableFiles.replace(
                    clinic.home.unreviewed(), (first + "\nnonsense\n").getBytes(StandardCharsets.US_ASCII));
            alerts.look();
            assertThat(told).extracting(Alert::key).containsExactly("emergency-" + first);
            DurableFiles.replace(
                    clinic.home.unreviewed(), (first + "\n" + second + "\n").getBytes(StandardCharsets.US_ASCII));
            alerts.look();
            assertThat(told).extracting(Alert::key).containsExactly("emergency-" + first, "emergency-" + second);
            DurableFiles.replace(clinic.home.unreviewed(), second.getBytes(StandardCharsets.US_ASCII));
            alerts.look();
            assertThat(told.get(2).state()).isEqualTo(Alert.State.over);
            assertThat(told.get(2).key()).isEqualTo("emergency-" + first);
        }
    }

    private static String quarantined(Clinic clinic) {
        return clinic.rooms.findings.all(clinic.totals()).get("quarantine").message();
    }
}
