package org.strongroom.plugin.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class HoldsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T05:00:00Z"), ZoneOffset.UTC);
    private static final HoldText PATIENT = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.PATIENT, "P1");

    @TempDir
    Path folder;

    private Keyring keyring;
    private Journal journal;
    private AuditTap audit;
    private Holds holds;

    @BeforeEach
    void open() throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), CLOCK);
        holds = new Holds(keyring, CLOCK);
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, CLOCK, holds::replay);
        audit = AuditTap.open(home, CLOCK, RunningTime.system());
    }

    @AfterEach
    void close() throws IOException {
        audit.close();
        journal.close();
        keyring.close();
    }

    private Holds again() throws IOException {
        Holds read = new Holds(keyring, CLOCK);
        Journal.read(folder.resolve("home/journal"), keyring.home(), (entry, chain) -> read.replay(entry));
        return read;
    }

    private static String orthancs(String patient, String uid) {
        return OrthancId.ofStudy(bytes(patient), bytes(uid)).iterator().next();
    }

    @Test
    void whatIsRestrictedIsSoAtOnceAndWithWhatComesLater() throws IOException {
        UUID key = study("P1", "1.2.3");
        study("P2", "1.2.9");
        HoldOrder order = HoldOrder.add(keyring, PATIENT.restricting(), List.of(key));
        assertThat(holds.restrictions().any()).isFalse();
        holds.carryOut(order, journal, audit);
        assertThat(holds.restrictions().any()).isTrue();
        assertThat(holds.restrictions().has(orthancs("P1", "1.2.3"))).isTrue();
        assertThat(holds.restrictions().has(orthancs("P2", "1.2.9"))).isFalse();

        holds.cover(study("P1 ", "1.2.4"), bytes("P1 "), bytes("1.2.4"), journal);
        assertThat(holds.restrictions().has(orthancs("P1 ", "1.2.4"))).isTrue();

        Holds next = again();
        next.complete(journal);
        assertThat(next.restrictions().has(orthancs("P1", "1.2.3"))).isTrue();
        assertThat(next.restrictions().has(orthancs("P1 ", "1.2.4"))).isTrue();
        assertThat(next.open().get(0).text().restricts()).isTrue();
    }

    /** What two holds restrict is restricted until both are over; a hold that does not restrict shows what it holds. */
    @Test
    void oneOfTwoRestrictionsIsLeft() throws IOException {
        UUID key = study("P1", "1.2.3");
        UUID other = study("P1", "1.2.4");
        HoldText one = new HoldText("Dr. Roe", "case 13/26", HoldText.Kind.STUDY, "1.2.3").restricting();
        HoldOrder patient = HoldOrder.add(keyring, PATIENT.restricting(), List.of(key, other));
        HoldOrder study = HoldOrder.add(keyring, one, List.of(key));
        HoldOrder mere = HoldOrder.add(keyring, PATIENT, List.of(key, other));
        for (HoldOrder order : List.of(patient, study, mere)) {
            holds.carryOut(order, journal, audit);
        }
        end(patient);
        assertThat(holds.restrictions().has(orthancs("P1", "1.2.3"))).isTrue();
        assertThat(holds.restrictions().has(orthancs("P1", "1.2.4"))).isFalse();
        end(study);
        assertThat(holds.restrictions().any()).isFalse();
        assertThat(holds.isHeld(key, Optional.empty())).isTrue();
        Holds next = again();
        next.complete(journal);
        assertThat(next.restrictions().any()).isFalse();
    }

    private void end(HoldOrder order) throws IOException {
        holds.carryOut(HoldOrder.end(keyring, order.hold(), new HoldEnd("Dr. Doe", "settled")), journal, audit);
    }

    /** A kill may come between any two steps: what cannot be recorded is not done. */
    @Test
    void noHoldIsMadeOrEndedThatIsNotRecorded() throws IOException {
        UUID key = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(key));
        audit.close();
        assertThat(catchThrowableOfType(StrongroomException.class, () -> holds.carryOut(order, journal, audit))
                        .kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(holds.isHeld(key, Optional.empty())).isFalse();
        assertThat(again().open()).isEmpty();
        audit = AuditTap.open(new Home(folder.resolve("home")), CLOCK, RunningTime.system());
        holds.carryOut(order, journal, audit);
        audit.close();
        assertThat(catchThrowableOfType(StrongroomException.class, () -> end(order))
                        .kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(holds.isHeld(key, Optional.empty())).isTrue();
        assertThat(again().open()).hasSize(1);
    }

    /** Else the log would say that a hold is over which is in force. */
    @Test
    void whatTheJournalDidNotTakeIsRecordedAsFailed() throws IOException {
        UUID key = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(key));
        holds.carryOut(order, journal, audit);
        journal.close();
        assertThat(catchThrowable(() -> end(order))).isInstanceOf(IOException.class);
        assertThat(holds.isHeld(key, Optional.empty())).isTrue();
        HoldOrder next = HoldOrder.add(keyring, PATIENT, List.of(key));
        assertThat(catchThrowable(() -> holds.carryOut(next, journal, audit))).isInstanceOf(IOException.class);
        assertThat(holds.open()).hasSize(1);
        assertThat(recorded())
                .extracting(event -> event.outcome() + " " + event.details().get("ended"))
                .containsExactly("SUCCESS false", "SUCCESS true", "FAILURE true", "SUCCESS false", "FAILURE false");
    }

    private List<AuditEvent> recorded() throws IOException {
        List<AuditEvent> recorded = new ArrayList<>();
        PendingReader reader = new PendingReader(new Home(folder.resolve("home")).pendingAudit());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            recorded.add(next.get().entry().orElseThrow().event());
        }
        return recorded;
    }

    /** Whoever searches the audit log for a study finds that it was held, and until when. */
    @Test
    void theEventOfAHoldNamesWhatItHolds() throws IOException {
        UUID one = study("P1", "1.2.3");
        UUID other = study("P1", "1.2.4");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(one, other));
        holds.carryOut(order, journal, audit);
        end(order);
        String tenant = keyring.tenantNames().iterator().next();
        holds.keepOnce(tenant, "its settings are gone", journal, audit);
        List<AuditEvent> recorded = recorded();
        assertThat(recorded.subList(0, 4))
                .extracting(event ->
                        event.details().get("key") + " " + event.details().get("ended"))
                .containsExactlyInAnyOrder(one + " false", other + " false", one + " true", other + " true");
        assertThat(recorded).hasSize(5);
        assertThat(recorded.get(4).tenant()).contains(tenant);
        assertThat(recorded.get(4).details()).containsEntry("on", "tenant").doesNotContainKey("key");
        assertThat(recorded.toString()).doesNotContain("P1", "1.2.3", "Dr. Roe", "case 12/26");
    }

    @Test
    void nothingIsJournaledOfARestrictionThatNobodyWouldEnforce() throws IOException {
        UUID key = study("P1", "1.2.3");
        holds.restrictOnlyIf(() -> {
            throw StrongroomException.of(FailureKind.REFUSED, "nobody would");
        });
        HoldOrder order = HoldOrder.add(keyring, PATIENT.restricting(), List.of(key));
        assertThat(catchThrowableOfType(StrongroomException.class, () -> holds.carryOut(order, journal, audit))
                        .kind())
                .isEqualTo(FailureKind.REFUSED);
        assertThat(holds.restrictions().any()).isFalse();
        assertThat(again().open()).isEmpty();
        holds.carryOut(HoldOrder.add(keyring, PATIENT, List.of(key)), journal, audit);
        assertThat(again().open()).hasSize(1);
    }

    /** format.md §6.2: texts from before have no such member, and a hold that does not restrict is written as ever. */
    @Test
    void aTextSaysThatItRestrictsOnlyIfItDoes() {
        String before = "{\"owner\":\"Dr. Roe\",\"reason\":\"case 12/26\",\"kind\":\"patient\",\"name\":\"P1\"}";
        assertThat(new String(ControlJson.write(PATIENT), StandardCharsets.UTF_8))
                .isEqualTo(before);
        assertThat(ControlJson.readRequest(before.getBytes(StandardCharsets.UTF_8), HoldText.class))
                .isEqualTo(PATIENT);
        byte[] restricting = ControlJson.write(PATIENT.restricting());
        assertThat(new String(restricting, StandardCharsets.UTF_8)).contains("\"restricts\":true");
        assertThat(ControlJson.readRequest(restricting, HoldText.class)).isEqualTo(PATIENT.restricting());
        byte[] tenants = "{\"owner\":\"x\",\"reason\":\"x\",\"kind\":\"tenant\",\"name\":\"x\",\"restricts\":true}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(catchThrowableOfType(
                        StrongroomException.class, () -> ControlJson.readRequest(tenants, HoldText.class)))
                .isNotNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private UUID study(String patient, String uid) throws IOException {
        return keyring.studyKey(bytes(patient), bytes(uid)).id();
    }

    @Test
    void whatIsJournaledComesBack() throws IOException {
        UUID key = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(key));
        holds.carryOut(order, journal, audit);
        List<Hold> expected = List.of(new Hold(order.hold(), CLOCK.instant(), PATIENT, Set.of(key)));
        assertThat(holds.open()).isEqualTo(expected);
        assertThat(again().open()).isEqualTo(expected);

        holds.carryOut(HoldOrder.end(keyring, order.hold(), new HoldEnd("Dr. Doe", "settled")), journal, audit);
        assertThat(holds.open()).isEmpty();
        assertThat(again().open()).isEmpty();
    }

    @Test
    void nothingOfItIsInClear() throws IOException {
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.PATIENT, "PATIENT-1");
        holds.carryOut(HoldOrder.add(keyring, text, List.of(UUID.randomUUID())), journal, audit);
        String written = Files.readString(folder.resolve("home/journal/00000001.strj"), StandardCharsets.ISO_8859_1);
        assertThat(written).doesNotContain("Dr. Roe").doesNotContain("case 12").doesNotContain("PATIENT-1");
        assertThat(text.toString()).isEqualTo("***");
    }

    @Test
    void aNewStudyOfAHeldPatientIsHeldBeforeAnythingIsSealed() throws IOException {
        UUID before = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(before));
        holds.carryOut(order, journal, audit);
        UUID mine = study("P1 ", "1.2.4");
        UUID others = study("P10", "1.2.5");
        for (int images = 0; images < 3; images++) {
            holds.cover(before, bytes("P1"), bytes("1.2.3"), journal);
            holds.cover(mine, bytes("P1 "), bytes("1.2.4"), journal);
            holds.cover(others, bytes("P10"), bytes("1.2.5"), journal);
        }
        assertThat(again().open().get(0).held()).containsExactlyInAnyOrder(before, mine);
        assertThat(journal.sequence()).as("one entry for each key").isEqualTo(3);

        holds.carryOut(HoldOrder.end(keyring, order.hold(), new HoldEnd("Dr. Doe", "settled")), journal, audit);
        holds.cover(study("P1", "1.2.6"), bytes("P1"), bytes("1.2.6"), journal);
        assertThat(journal.sequence()).isEqualTo(4);
    }

    @Test
    void aHoldOnAStudyHoldsNoOtherOfThePatient() throws IOException {
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.STUDY, "P1");
        holds.carryOut(HoldOrder.add(keyring, text, List.of(study("P1", "1.2.3"))), journal, audit);
        holds.cover(study("P1", "1.2.4"), bytes("P1"), bytes("1.2.4"), journal);
        assertThat(journal.sequence()).isEqualTo(2);
    }

    /** As after its key was closed, or sent once more by somebody with another PatientID. */
    @Test
    void aHoldOnAStudyIsOnEveryKeyThatTheStudyGetsLater() throws IOException {
        UUID before = study("P1", "1.2.3");
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.STUDY, "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, text, List.of(before));
        holds.carryOut(order, journal, audit);
        UUID again = study("P1-corrected", "1.2.3");
        holds.cover(again, bytes("P1-corrected"), bytes("1.2.3 "), journal);
        holds.cover(study("P1", "1.2.30"), bytes("P1"), bytes("1.2.30"), journal);
        assertThat(again().open().get(0).held()).containsExactlyInAnyOrder(before, again);

        holds.carryOut(HoldOrder.end(keyring, order.hold(), new HoldEnd("Dr. Doe", "settled")), journal, audit);
        holds.cover(study("P2", "1.2.3"), bytes("P2"), bytes("1.2.3"), journal);
        assertThat(journal.sequence()).isEqualTo(4);
    }

    @Test
    void aStudyThatGotItsKeyWhileTheHoldWasOrderedIsHeldAsWell() throws IOException {
        UUID before = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(before));
        UUID meanwhile = study("P1", "1.2.4");
        holds.cover(meanwhile, bytes("P1"), bytes("1.2.4"), journal); // nothing is held yet
        holds.carryOut(order, journal, audit);
        assertThat(again().open().get(0).held()).containsExactlyInAnyOrder(before, meanwhile);
    }

    private UUID cover(String patient, String uid) throws IOException {
        UUID key = study(patient, uid);
        holds.cover(key, bytes(patient), bytes(uid), journal);
        return key;
    }

    /** What was found is held, and what comes later of the same studies; what comes later of others was not asked for. */
    @Test
    void aQuerysHoldIsOnTheStudiesThatItFound() throws IOException {
        UUID one = study("P1", "1.2.3");
        UUID two = study("P2", "1.2.4");
        UUID other = study("P3", "1.2.5");
        HoldText text = HoldText.query("court", "case 12/26", "modality MG (2 keys)", List.of(one, two));
        HoldOrder order = HoldOrder.add(keyring, text, List.of(two, one));
        UUID meanwhile = cover("P1-corrected", "1.2.3"); // nothing is held yet
        holds.carryOut(order, journal, audit);
        UUID later = cover("P2-corrected", "1.2.4 ");
        cover("P1", "1.2.30");
        assertThat(again().open().get(0).held()).containsExactlyInAnyOrder(one, two, meanwhile, later);
        assertThat(holds.isHeld(other, Optional.empty())).isFalse();

        Holds started = again();
        UUID last = study("P4", "1.2.4");
        started.cover(last, bytes("P4"), bytes("1.2.4"), journal);
        assertThat(again().open().get(0).held()).contains(last);
    }

    @Test
    void whoCarriesAQuerysHoldCannotLeaveAKeyOut() throws IOException {
        UUID one = study("P1", "1.2.3");
        UUID two = study("P2", "1.2.4");
        HoldText text = HoldText.query("court", "case 12/26", "modality MG (2 keys)", List.of(one, two));
        HoldOrder order = HoldOrder.add(keyring, text, List.of(one, two));
        for (List<UUID> others : List.of(List.of(one), List.of(one, two, UUID.randomUUID()))) {
            StrongroomException refused = catchThrowableOfType(
                    StrongroomException.class,
                    () -> holds.carryOut(new HoldOrder(order.hold(), order.sealedText(), others), journal, audit));
            assertThat(refused.kind()).isEqualTo(FailureKind.CORRUPT);
        }
        assertThat(holds.open()).isEmpty();
        assertThat(journal.sequence()).isZero();
    }

    /** Half of one would look like a whole one. */
    @Test
    void aQuerysHoldThatACrashInterruptedIsNoneAndHoldsNothing() throws IOException {
        UUID one = study("P1", "1.2.3");
        HoldOrder order =
                HoldOrder.add(keyring, HoldText.query("court", "case", "modality MG", List.of(one)), List.of(one));
        holds.carryOut(order, journal, audit);
        List<JournalType> types = new ArrayList<>();
        Journal.read(folder.resolve("home/journal"), keyring.home(), (entry, chain) -> types.add(entry.type()));
        assertThat(types).containsExactly(JournalType.HELD, JournalType.HOLD);

        UUID interrupted = UUID.randomUUID();
        journal.held(interrupted, one);
        Holds started = again();
        assertThat(started.open()).hasSize(1);
        started.complete(journal);
        started.complete(journal);
        assertThat(journal.sequence())
                .as("its end is told once, to the ledger too")
                .isEqualTo(4);
        again().complete(journal);
        assertThat(journal.sequence()).isEqualTo(4);
    }

    @Test
    void aHoldThatACrashLeftWithoutItsKeysIsCompletedAtTheNextStart() throws IOException {
        UUID key = study("P1", "1.2.3");
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(key));
        journal.hold(order.hold(), order.sealedText());
        Holds started = again();
        assertThat(started.open().get(0).held()).isEmpty();
        started.complete(journal);
        started.complete(journal);
        assertThat(again().open().get(0).held()).containsExactly(key);
        assertThat(journal.sequence()).as("no entry twice").isEqualTo(2);
    }

    @Test
    void aTenantIsKeptUntilSomebodyHasDecidedAndNotAgain() throws IOException {
        assertThat(holds.hasEverKept(Settings.FIRST_TENANT)).isFalse();
        holds.keepOnce(Settings.FIRST_TENANT, "undecided", journal, audit);
        holds.keepOnce(Settings.FIRST_TENANT, "undecided", journal, audit);
        Holds started = again();
        started.keepOnce(Settings.FIRST_TENANT, "undecided", journal, audit);
        assertThat(started.open()).singleElement().satisfies(hold -> assertThat(hold.held())
                .containsExactly(keyring.tenantNamed(Settings.FIRST_TENANT).orElseThrow()));

        HoldEnd decided = new HoldEnd("Dr. Doe", "looked through");
        started.carryOut(HoldOrder.end(keyring, started.open().get(0).id(), decided), journal, audit);
        started = again();
        started.keepOnce(Settings.FIRST_TENANT, "undecided", journal, audit);
        assertThat(started.open()).isEmpty();
        assertThat(started.hasEverKept(Settings.FIRST_TENANT)).isTrue();
        assertThat(started.hasEverKept("quarantine")).isFalse();
    }

    @Test
    void nobodyWithoutTheKeysMakesOrEndsOne() throws IOException {
        HoldOrder order = HoldOrder.add(keyring, PATIENT, List.of(UUID.randomUUID()));
        HoldOrder forged = new HoldOrder(UUID.randomUUID(), order.sealedText(), order.held());
        assertThat(refused(forged)).isEqualTo(FailureKind.CORRUPT);
        holds.carryOut(order, journal, audit);
        HoldOrder moved = new HoldOrder(order.hold(), order.sealedText(), List.of());
        assertThat(refused(moved)).as("the text of a hold does not end it").isEqualTo(FailureKind.CORRUPT);
        HoldOrder other = HoldOrder.end(keyring, UUID.randomUUID(), new HoldEnd("Dr. Doe", "settled"));
        assertThat(refused(new HoldOrder(order.hold(), other.sealedText(), List.of())))
                .as("the end of another one")
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(refused(other)).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(refused(order)).as("twice").isEqualTo(FailureKind.REFUSED);
        assertThat(again().open()).hasSize(1);
    }

    private FailureKind refused(HoldOrder order) {
        return catchThrowableOfType(StrongroomException.class, () -> holds.carryOut(order, journal, audit))
                .kind();
    }

    @Test
    void theLongestTextsFit() throws IOException {
        String long300 = "\u20ac".repeat(300);
        HoldText text = new HoldText(long300, long300, HoldText.Kind.STUDY, long300);
        holds.carryOut(HoldOrder.add(keyring, text, List.of(UUID.randomUUID())), journal, audit);
        assertThat(again().open().get(0).text()).isEqualTo(text);
        for (String wrong : List.of("", " ", long300 + "x", "a\nb")) {
            assertThat(catchThrowableOfType(StrongroomException.class, () -> new HoldEnd("me", wrong)))
                    .isNotNull();
        }
    }
}
