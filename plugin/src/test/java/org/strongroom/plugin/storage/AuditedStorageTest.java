package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.audit.Runs;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;
import org.strongroom.plugin.tenancy.Sender;

/** What Orthanc's storage area records. */
class AuditedStorageTest {
    private static final Attachment IMAGE = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private static final Attachment OTHER = new Attachment(UUID.randomUUID(), Attachment.DICOM_AS_JSON);
    private static final ByteSource PLAIN = ByteSource.of(new byte[1000]);

    @TempDir
    Path folder;

    private StorageFixture open;
    private Home home;
    private AuditTap audit;
    private SealedStorage storage;
    private List<String> read;

    @BeforeEach
    void open() throws IOException {
        open = StorageFixture.open(folder);
        home = open.home;
        audit = open.audit;
        storage = open.storage;
        read = open.read;
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    @Test
    void anImageThatArrivesAndIsDeletedIsTwoEvents() throws Exception {
        storage.create(IMAGE, PLAIN, () -> true);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.ARRIVAL);
            assertThat(event.outcome()).isEqualTo(AuditOutcome.SUCCESS);
            assertThat(event.details())
                    .containsEntry("attachment", IMAGE.uuid().toString())
                    .containsEntry("bytes", "1000")
                    .containsKey("key");
        });
        storage.remove(IMAGE);
        assertThat(events()).extracting(AuditEvent::type).containsExactly(AuditType.ARRIVAL, AuditType.DELETE);
    }

    /** As Orthanc does when it was killed between a removal and its own note of it. */
    @Test
    void whatIsRemovedTwiceIsRemoved() throws Exception {
        storage.create(IMAGE, PLAIN, () -> true);
        storage.create(OTHER, PLAIN, () -> true);
        storage.remove(IMAGE);
        storage.remove(IMAGE);
        assertThat(open.journal.hasRemoved(IMAGE.uuid())).isTrue();
        assertThat(open.journal.hasRemoved(OTHER.uuid())).isFalse();
        assertThat(storage.plainReads().plain(OTHER.uuid(), 1 << 20).size()).isEqualTo(1000);
    }

    /** Orthanc asks once, and what the disk does not take then is tried until it does. */
    @Test
    void whatIsJournaledAtTheThirdTryIsDeletedOnce() throws Exception {
        int[] refusals = {2};
        int[] entries = {0};
        RecordedRemoval removal = new RecordedRemoval(
                IMAGE,
                audit,
                storage.resealing(),
                () -> {
                    if (refusals[0]-- > 0) {
                        throw new IOException("No space left on device");
                    }
                    open.journal.tombstone(IMAGE.uuid());
                    entries[0]++;
                },
                storage.clearDesk());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> removal.journal(Optional.empty())).isInstanceOf(IOException.class);
        }
        removal.journal(Optional.of(Instant.EPOCH));
        removal.journal(Optional.of(Instant.EPOCH)); // the audit log's disk was the one that refused
        assertThat(events()).extracting(AuditEvent::type).containsExactly(AuditType.DELETE);
        assertThat(open.journal.hasRemoved(IMAGE.uuid())).isTrue();
        assertThat(entries[0]).isEqualTo(1);
    }

    @Test
    void whereItComesFromIsInTheEvent() throws Exception {
        storage.create(IMAGE, source(ArrivalContext.Origin.DICOM, "CT_1", ""), PLAIN, () -> true);
        Attachment second = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        String ann = new Sender("", "ann", "10.0.0.7").token();
        storage.create(second, source(ArrivalContext.Origin.REST, "", ann), PLAIN, () -> true);
        Attachment third = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        String anybody = new Sender("", "", "10.0.0.8").token();
        storage.create(third, source(ArrivalContext.Origin.REST, "", anybody), PLAIN, () -> true);
        List<AuditEvent> events = events();
        assertThat(events.get(0).aet()).contains("CT_1");
        assertThat(events.get(0).principal()).contains(AuditEvent.ORTHANC);
        assertThat(events.get(1).aet()).isEmpty();
        assertThat(events.get(1).principal()).contains("ann");
        assertThat(events.get(1).address()).contains("10.0.0.7");
        assertThat(events.get(2).principal()).contains(AuditEvent.ANYBODY);
        assertThat(events.get(2).address()).contains("10.0.0.8");
    }

    private static ArrivalContext source(ArrivalContext.Origin origin, String aet, String token) {
        return new ArrivalContext(origin, aet, token);
    }

    @Test
    void aReadOfOrthancsIsToldBeforeItIsAnsweredAndOneOfOurOwnIsNot() {
        storage.create(IMAGE, PLAIN, () -> true);
        assertThat(storage.plainReads().plain(IMAGE.uuid(), 1 << 20).size()).isEqualTo(1000);
        assertThat(read).isEmpty();
        storage.read(new AskedRead());
        assertThat(read).containsExactly("1000 bytes north ann", "answered");
    }

    /** No tier can be asked for it. */
    @Test
    void aReadThatFailsIsToldBeforeOrthancIsTold() {
        storage.read(new AskedRead());
        Awaitility.await().untilAsserted(() -> assertThat(read).containsExactly("UNAVAILABLE north ann", "failed"));
        assertThatThrownBy(() -> storage.plainReads().plain(IMAGE.uuid(), 1 << 20))
                .isInstanceOf(StrongroomException.class);
        assertThat(read).as("of our own").hasSize(2);
    }

    /** Orthanc's question for a whole image. */
    private final class AskedRead implements PendingRead {
        @Override
        public Attachment attachment() {
            return IMAGE;
        }

        @Override
        public String token() {
            return new Sender("north", "ann", "").token();
        }

        @Override
        public boolean isWhole() {
            return true;
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long length() {
            return 1000;
        }

        @Override
        public void allocate(long size) {
            assertThat(size).isEqualTo(1000);
        }

        @Override
        public void copyOut(long position, byte[] source, int offset, int length) {}

        @Override
        public void succeed() {
            read.add("answered");
        }

        @Override
        public void fail(StrongroomException cause) {
            read.add("failed");
        }

        @Override
        public boolean isAlive() {
            return true;
        }
    }

    @Test
    void anImageThatOnlyGetsOneMoreNameIsAnArrivalToo() throws Exception {
        UUID sealed = UUID.randomUUID();
        Aliases.Expectation expectation = open.aliases.expect(PLAIN, sealed);
        try (expectation) {
            storage.create(IMAGE, source(ArrivalContext.Origin.DICOM, "CT_1", ""), PLAIN, () -> true);
        }
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.ARRIVAL);
            assertThat(event.aet()).contains("CT_1");
            assertThat(event.details())
                    .containsEntry("attachment", IMAGE.uuid().toString())
                    .containsEntry("sealed", sealed.toString())
                    .containsEntry("bytes", "1000");
        });
    }

    @Test
    void whatOrthancKeepsBesideAnImageIsNone() throws Exception {
        storage.create(OTHER, PLAIN, () -> true);
        storage.remove(OTHER);
        assertThat(events()).isEmpty();
    }

    @Test
    void anArrivalThatFailsIsRecordedAsThat() throws Exception {
        ArrivalContext source = source(ArrivalContext.Origin.DICOM, "CT_1", "");
        assertThatThrownBy(() -> storage.create(IMAGE, source, PLAIN, () -> false))
                .isInstanceOf(StrongroomException.class);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.aet()).contains("CT_1");
            assertThat(event.outcome()).isEqualTo(AuditOutcome.FAILURE);
            assertThat(event.reason()).contains("Orthanc gave up before the attachment was sealed");
        });
    }

    /** An action whose event cannot be recorded does not succeed. */
    @Test
    void withoutItsEventNothingArrivesAndNothingIsDeleted() throws Exception {
        storage.create(IMAGE, PLAIN, () -> true);
        audit.close();
        Attachment late = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        assertThatThrownBy(() -> storage.create(late, PLAIN, () -> true))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        assertThat(home.spooled(late.uuid())).doesNotExist();
        long before = journalBytes();
        UUID sealed = UUID.randomUUID();
        open.aliases.add(IMAGE.uuid(), sealed);
        assertThat(storage.isRemovalHeld(sealed)).isFalse();
        assertThatThrownBy(() -> storage.remove(IMAGE)).isInstanceOf(StrongroomException.class);
        assertThat(journalBytes()).isEqualTo(before);
        assertThat(storage.isRemovalHeld(sealed)).as("by another name").isTrue();
        assertThat(storage.isRemovalHeld(late.uuid())).isFalse();
    }

    @Test
    void aRunBeginsAndEndsAndTellsWhichSettingsChanged() throws Exception {
        String before =
                "{\"Strongroom\":{\"Home\":\"/a\",\"Copies\":2,\"Alerts\":{\"Webhook\":\"https://a/TOKEN\"},\"Tiers\":{\"x\":{\"Directory\":\"/t\"}}}}";
        String now =
                "{\"Strongroom\":{\"Home\":\"/a\",\"Copies\":1,\"KeepHeads\":true,\"Alerts\":{\"Webhook\":\"https://b/TOKEN\"}}}";
        Runs.begin(audit, home, Optional.empty(), before).close();
        Runs.begin(audit, home, Optional.of(before), before).close();
        Runs.begin(audit, home, Optional.of(before), now).close();
        List<AuditEvent> events = events();
        assertThat(events)
                .extracting(AuditEvent::type)
                .containsExactly(
                        AuditType.START,
                        AuditType.STOP,
                        AuditType.START,
                        AuditType.STOP,
                        AuditType.START,
                        AuditType.SETTINGS,
                        AuditType.STOP);
        assertThat(events.get(5).details())
                .containsEntry("changes", "4")
                .containsEntry("change1", "Strongroom.Alerts.Webhook: changed")
                .containsEntry("change2", "Strongroom.Copies: 2 -> 1")
                .containsEntry("change3", "Strongroom.KeepHeads: none -> true")
                .containsEntry("change4", "Strongroom.Tiers.x.Directory: \"/t\" -> none");
    }

    /** A start that is killed before it has told the log what is new leaves that to the next one. */
    @Test
    void aChangeOfSettingsThatWasNotRecordedIsRecordedByTheNextStart() throws Exception {
        String old = "{\"Strongroom\":{\"Copies\":2}}";
        String now = "{\"Strongroom\":{\"Copies\":1}}";
        assertThat(Runs.recordedSettings(home)).isEmpty();
        Files.createDirectories(home.run());
        Files.writeString(home.settings(), old); // of a version that had nothing else
        assertThat(Runs.recordedSettings(home)).contains(old);
        Runs.begin(audit, home, Optional.of(old), old).close();
        audit.close();
        Files.writeString(home.settings(), now); // the sidecar has them already
        assertThatThrownBy(() -> Runs.begin(audit, home, Runs.recordedSettings(home), now))
                .isInstanceOf(StrongroomException.class);
        assertThat(Runs.recordedSettings(home)).contains(old);
        try (AuditTap again = AuditTap.open(home, Clock.systemUTC(), RunningTime.system())) {
            Runs.begin(again, home, Runs.recordedSettings(home), now).close();
        }
        assertThat(events().stream().filter(event -> event.type() == AuditType.SETTINGS))
                .singleElement()
                .satisfies(event -> assertThat(event.details()).containsEntry("change1", "Strongroom.Copies: 2 -> 1"));
        assertThat(Runs.recordedSettings(home)).contains(now);
    }

    private long journalBytes() throws IOException {
        try (var files = Files.list(home.journal())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private List<AuditEvent> events() throws IOException {
        List<AuditEvent> events = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAudit());
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            next.get().entry().ifPresent(entry -> events.add(entry.event()));
        }
        return events;
    }
}
