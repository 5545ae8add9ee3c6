package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

class OwnEventsTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final AuditEvent REPAIR =
            AuditEvent.of(AuditType.TIER).by(AuditEvent.STRONGROOM).with("order", "repair");

    @TempDir
    Path folder;

    private Home home;
    private Instant now = NOON;
    private OwnEvents events;

    @BeforeEach
    void open() throws IOException {
        home = new Home(folder);
        home.createFolders();
        events = new OwnEvents(home, () -> now, () -> Duration.between(NOON, now));
    }

    /** What goes on all the same is told later, with when it happened and that nothing was recorded meanwhile. */
    @Test
    void whatTheDiskDidNotTakeIsRecordedWhenItDoes() throws Exception {
        stopTheDisk();
        events.tell(REPAIR);
        now = NOON.plusSeconds(60);
        events.tell(REPAIR);
        events.again();
        assertThatThrownBy(() -> events.record(REPAIR)).isInstanceOf(StrongroomException.class);
        startTheDisk();
        now = NOON.plusSeconds(120);
        events.again();
        events.again();
        List<AuditEvent> recorded = recorded();
        assertThat(recorded)
                .extracting(AuditEvent::type)
                .containsExactly(AuditType.RECORDING_STOP, AuditType.TIER, AuditType.TIER, AuditType.RECORDING_START);
        assertThat(recorded.get(0).details()).containsEntry("since", NOON.toString());
        assertThat(recorded.get(1).details()).containsEntry("happened", NOON.toString());
        assertThat(recorded.get(2).details())
                .containsEntry("happened", NOON.plusSeconds(60).toString());
        assertThat(recorded.get(3).details())
                .containsEntry("recordedLater", "2")
                .containsEntry("lost", "0");
    }

    @Test
    void whatComesAfterwardsComesBehindIt() throws Exception {
        stopTheDisk();
        events.tell(REPAIR);
        startTheDisk();
        events.record(AuditEvent.of(AuditType.STOP));
        events.close();
        assertThat(recorded())
                .extracting(AuditEvent::type)
                .containsExactly(AuditType.RECORDING_STOP, AuditType.TIER, AuditType.RECORDING_START, AuditType.STOP);
    }

    @Test
    void memoryIsNotWithoutEndAndWhatIsLostIsCounted() throws Exception {
        stopTheDisk();
        for (int i = 0; i < OwnEvents.MOST_HELD + 3; i++) {
            events.tell(REPAIR);
        }
        startTheDisk();
        events.close();
        List<AuditEvent> recorded = recorded();
        assertThat(recorded).hasSize(OwnEvents.MOST_HELD + 2);
        assertThat(recorded.get(recorded.size() - 1).details()).containsEntry("lost", "3");
    }

    /** Who reads the log of events cannot see that any are missing: who reads the sidecar's can. */
    @Test
    void whatIsLostAtTheEndIsToldWhereItCanBe() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(OwnEvents.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            stopTheDisk();
            events.tell(REPAIR);
            events.tell(REPAIR);
            events.close();
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.ERROR)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("the disk took no event since " + NOON + ": 2 of the sidecar's are lost");
    }

    /** Something else is where the events go. */
    private void stopTheDisk() throws IOException {
        Files.deleteIfExists(home.pendingAuditOfSidecar());
        Files.createFile(home.pendingAuditOfSidecar());
    }

    private void startTheDisk() throws IOException {
        Files.delete(home.pendingAuditOfSidecar());
    }

    private List<AuditEvent> recorded() throws IOException {
        List<AuditEvent> events = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAuditOfSidecar());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get().entry().orElseThrow().event());
        }
        return events;
    }
}
