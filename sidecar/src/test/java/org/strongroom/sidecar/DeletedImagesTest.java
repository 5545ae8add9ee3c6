package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.TenantIds;
import org.strongroom.sidecar.audit.LogReader;

/** Orthanc removes while it holds its index: the plugin names an attachment, and the log says of which study, and whose, it was. */
class DeletedImagesTest {
    private static final UUID NORTHS = UUID.randomUUID();
    private static final UUID SOUTHS = UUID.randomUUID();

    @TempDir
    Path folder;

    private Clinic clinic;
    private TestJournal journal;
    private final UUID north = UUID.randomUUID();

    @BeforeEach
    void open() throws Exception {
        clinic = new Clinic(folder, "near").open();
        journal = new TestJournal(clinic.home, clinic.installation);
        UUID south = UUID.randomUUID();
        Files.createDirectories(clinic.home.run());
        new TenantIds(Map.of(north, "north", south, "south")).write(clinic.home.tenantIds());
        clinic.spool.sealFor(south);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    @Test
    void ofWhichStudyADeletedImageWasIsInTheLogAlsoWhenItsFileIsGone() throws Exception {
        UUID image = clinic.spool.study(SOUTHS, 1_000).get(0);
        clinic.ship();
        journal.append(JournalType.TOMBSTONE, image, clinic.clock.instant());
        clinic.rooms.journal.read();
        clinic.clock.advance(Duration.ofHours(1));
        clinic.ship();
        Files.deleteIfExists(clinic.home.spooled(image));
        record(deleted(image));
        assertThat(logged()).singleElement().satisfies(entry -> {
            assertThat(entry.event().details())
                    .containsEntry("attachment", image.toString())
                    .containsEntry("key", SOUTHS.toString());
            assertThat(entry.event().tenant()).contains("south");
            assertThat(entry.number()).isEqualTo(1);
        });
    }

    @Test
    void whatWasGivenToAnotherTenantIsTheirs() throws Exception {
        UUID image = clinic.spool.study(SOUTHS, 1_000).get(0);
        clinic.ship();
        journal.assigned(north, SOUTHS, clinic.clock.instant());
        clinic.rooms.journal.read();
        record(deleted(image));
        assertThat(logged())
                .singleElement()
                .satisfies(entry -> assertThat(entry.event().tenant()).contains("north"));
    }

    /** It came and went before the sidecar looked. */
    @Test
    void whatWasNotTakenInYetIsReadInTheSpool() throws Exception {
        UUID image = clinic.spool.study(NORTHS, 1_000).get(0);
        record(deleted(image));
        assertThat(logged())
                .singleElement()
                .satisfies(entry -> assertThat(entry.event().details()).containsEntry("key", NORTHS.toString()));
    }

    @Test
    void anImageThatGotOneMoreNameIsOfTheStudyThatItWasSealedFor() throws Exception {
        UUID image = clinic.spool.study(SOUTHS, 1_000).get(0);
        clinic.ship();
        UUID name = UUID.randomUUID();
        journal.alias(name, image, clinic.clock.instant());
        clinic.rooms.journal.read();
        record(AuditEvent.of(AuditType.ARRIVAL).with("attachment", name).with("sealed", image));
        record(deleted(name));
        assertThat(logged())
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.event().details()).containsEntry("key", SOUTHS.toString()));
    }

    @Test
    void whatNobodyKnowsIsLoggedAsItWasRecorded() throws Exception {
        record(deleted(UUID.randomUUID()));
        record(AuditEvent.of(AuditType.DELETE).with("attachment", "no name"));
        Files.createDirectories(clinic.home.spooled(NORTHS).getParent());
        Files.write(clinic.home.spooled(NORTHS), new byte[10]);
        record(deleted(NORTHS));
        assertThat(logged())
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.event().details()).containsOnlyKeys("attachment"));
    }

    private static AuditEvent deleted(UUID attachment) {
        return AuditEvent.of(AuditType.DELETE).by(AuditEvent.ORTHANC).with("attachment", attachment);
    }

    private void record(AuditEvent event) throws IOException {
        try (PendingLog pending =
                PendingLog.open(clinic.home.pendingAudit(), "plugin", clinic.clock, clinic.clock.running())) {
            pending.record(event);
        }
    }

    private List<AuditEntry> logged() throws IOException {
        clinic.rooms.audit.flush();
        LogReader log = new LogReader(clinic.home.audit());
        return log.from(0).stream()
                .map(entry -> entry.entry())
                .filter(entry -> entry.writer().startsWith("plugin-"))
                .toList();
    }
}
