package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.TenantIds;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.ledger.Flow;
import org.strongroom.sidecar.pack.PackRules;

/** What the plugin seals of the time before Strongroom: its sealed files are as old as the clear ones were. */
class OldStudiesTest {
    private static final UUID KEY = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Instant YEARS_AGO = Instant.parse("2019-05-01T08:00:00Z");

    @TempDir
    Path folder;

    private void old(Clinic clinic, UUID key, int... sizes) throws IOException {
        for (UUID uuid : clinic.spool.study(key, sizes)) {
            Files.setLastModifiedTime(clinic.home.spooled(uuid), FileTime.from(YEARS_AGO));
        }
    }

    private static List<PackLine> packs(Clinic clinic) {
        return new ArrayList<>(clinic.rooms.packs.page(0, 100).values());
    }

    @Test
    void areOnePackHoweverSlowlyTheyAreSealed() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")
                .with(new PackRules(Duration.ofMinutes(1), 100_000_000))
                .open()) {
            clinic.plan(); // nothing: the ledger is new no more
            for (int i = 0; i < 5; i++) {
                old(clinic, KEY, 1000);
                clinic.rooms.refresh();
                clinic.rooms.plan(false);
                clinic.clock.advance(Duration.ofSeconds(20));
            }
            assertThat(packs(clinic)).isEmpty();
            clinic.clock.advance(Duration.ofHours(1));
            clinic.rooms.plan(false);
            assertThat(packs(clinic)).hasSize(1).allMatch(pack -> pack.members() == 5);
        }
    }

    @Test
    void areOvertakenByWhatArrivesNow() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            old(clinic, KEY, 9_000_000);
            clinic.plan();
            Store store = clinic.store(0);
            store.secondPart = () -> {
                clinic.spool.study(UUID.randomUUID(), 2_000_000);
                clinic.rooms.plan(true);
            };
            clinic.ship();
            List<String> calls = store.calls.stream()
                    .filter(call -> call.matches("(begin|complete) .*"))
                    .toList();
            String old = calls.get(0).substring("begin ".length());
            assertThat(calls).hasSize(4).endsWith("complete " + old);
            assertThat(calls.get(2)).startsWith("complete ").doesNotContain(old);
        }
    }

    @Test
    void waitForWhatArrivedBefore() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            old(clinic, KEY, 1_000_000);
            clinic.plan();
            clinic.spool.study(UUID.randomUUID(), 1_000_000);
            clinic.plan();
            List<PackLine> planned = packs(clinic);
            clinic.ship();
            List<String> completed = clinic.store(0).calls.stream()
                    .filter(call -> call.matches("(complete|put) packs/.*"))
                    .map(call -> call.substring(call.indexOf(' ') + 1))
                    .toList();
            String older = planned.get(0).pack().toString().replace("-", "");
            assertThat(planned).hasSize(2);
            assertThat(completed).hasSize(2).last().asString().contains(older);
        }
    }

    @Test
    void areNoIntakeThatALineMustKeepUpWith() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            old(clinic, KEY, 9_000_000);
            clinic.plan();
            assertThat(Flow.of(clinic.rooms.ledger, clinic.clock.instant()).intakePerDay())
                    .isEmpty();
        }
    }

    @Test
    void areKeptForTheGraceFromTheirSealingOnIfOrthancRemovedThemLongBefore() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID uuid = clinic.spool.study(KEY, 1000).get(0);
            Path file = clinic.home.spooled(uuid);
            Path aside = Files.move(file, folder.resolve("aside"));
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            journal.append(JournalType.TOMBSTONE, uuid, clinic.clock.instant());
            clinic.rooms.refresh();
            clinic.clock.advance(Duration.ofDays(40));

            Files.setLastModifiedTime(Files.move(aside, file), FileTime.from(YEARS_AGO));
            clinic.rooms.intake.scan(); // before anybody reads the journal once more
            UUID tenant = clinic.rooms.files.find(uuid).orElseThrow().header().tenant();
            new TenantIds(Map.of(UUID.randomUUID(), "south", tenant, "north")).write(clinic.home.tenantIds());
            clinic.purge();
            assertThat(file).exists();

            clinic.rooms.refresh();
            clinic.clock.advance(Duration.ofDays(29));
            clinic.purge();
            assertThat(file).exists();

            clinic.clock.advance(Duration.ofDays(2));
            clinic.purge();
            assertThat(file).doesNotExist();
            clinic.rooms.audit.flush();
            assertThat(new LogReader(clinic.home.audit()).from(0))
                    .as("what is deleted for good is told of")
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.entry().event().type()).isEqualTo(AuditType.PURGE);
                        assertThat(entry.entry().event().details())
                                .containsEntry("key", KEY.toString())
                                .containsEntry("attachment", uuid.toString());
                        assertThat(entry.entry().event().tenant()).contains("north");
                    });
        }
    }
}
