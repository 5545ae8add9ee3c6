package org.strongroom.plugin.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.StudyTenants;

class AssignmentsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T05:00:00Z"), ZoneOffset.UTC);
    private static final Set<String> KEPT = Set.of("north", "south");
    private static final Set<String> TENANTS = Set.of("north", "south", "quarantine");

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;
    private Keyring keyring;
    private Journal journal;
    private AuditTap audit;
    private Holds holds;
    private Assignments assignments;
    private StudyTenants studies;

    @BeforeEach
    void make() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), CLOCK).close();
        open();
    }

    /** As Orthanc starts. */
    private void open() throws IOException {
        keyring = Keyring.open(home, source, TENANTS, CLOCK);
        holds = new Holds(keyring, CLOCK);
        assignments = new Assignments(keyring);
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, CLOCK, entry -> {
            holds.replay(entry);
            assignments.replay(entry);
            keyring.replay(entry);
        });
        audit = AuditTap.open(home, CLOCK, RunningTime.system());
        studies = StudyTenants.of(keyring);
    }

    @AfterEach
    void close() throws IOException {
        audit.close();
        journal.close();
        keyring.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A key of a study, as after something of it has arrived. */
    private UUID arrive(String tenant, String patient, String uid) throws IOException {
        String claimed = studies.claim(tenant, UUID.randomUUID(), Set::of, bytes(patient), bytes(uid));
        return keyring.studyKey(claimed, bytes(patient), bytes(uid)).id();
    }

    private List<String> owners(String patient, String uid) {
        return studies.ofStudy(
                OrthancId.ofStudy(bytes(patient), bytes(uid)).iterator().next());
    }

    private AssignmentRequest order(String from, String to, UUID... keys) {
        return Assignments.order(keyring, new AssignmentText("Dr. Roe", "new CT", from, to), List.of(keys));
    }

    private void carryOut(AssignmentRequest order) throws IOException {
        assignments.carryOut(order, KEPT, studies, journal, holds, audit);
    }

    private StrongroomException refused(AssignmentRequest order) {
        long entries = journal.sequence();
        StrongroomException refused = catchThrowableOfType(StrongroomException.class, () -> carryOut(order));
        assertThat(refused).isNotNull();
        assertThat(journal.sequence()).as("nothing was written").isEqualTo(entries);
        return refused;
    }

    @Test
    void whatWaitedInQuarantineIsTheTenantsAndStaysSoAfterAStart() throws IOException {
        UUID key = arrive("quarantine", "P1", "1.2");
        carryOut(order("quarantine", "north", key));
        for (int start = 0; start < 2; start++) {
            assertThat(owners("P1", "1.2")).containsExactly("north");
            assertThat(keyring.keyOf(key)).as("what it sealed stays readable").isNotNull();
            assertThat(keyring.enter(key)).as("nothing new is sealed with it").isFalse();
            close();
            open();
        }
        UUID next = arrive("north", "P1", "1.2");
        assertThat(keyring.owners().tenantOf(next)).isEqualTo(keyring.tenantNamed("north"));
        UUID stray = arrive("quarantine", "P1", "1.2");
        assertThat(stray).isNotEqualTo(key);
        assertThat(owners("P1", "1.2")).containsExactly("north", "quarantine");
    }

    @Test
    void anothersKeysMayBeGivenOnAndBack() throws IOException {
        UUID first = arrive("north", "P1", "1.2");
        carryOut(order("north", "south", first));
        UUID second = arrive("south", "P1", "1.2");
        carryOut(order("south", "north", first, second));
        close();
        open();
        assertThat(owners("P1", "1.2")).containsExactly("north");
        assertThat(keyring.owners().givenTo(keyring.tenantNamed("north").orElseThrow()))
                .containsExactlyInAnyOrder(first, second);
        assertThat(keyring.owners().givenTo(keyring.tenantNamed("south").orElseThrow()))
                .isEmpty();
    }

    @Test
    void aPatientOfWhomNothingElseIsThereIsNotSharedAfterwards() throws IOException {
        UUID mine = arrive("quarantine", "P1", "1.2");
        UUID other = arrive("quarantine", "P1", "1.3");
        arrive("north", "P1", "1.4");
        carryOut(order("quarantine", "north", mine));
        assertThat(isShared("1.4")).as("1.3 is still quarantine's").isTrue();
        carryOut(order("quarantine", "north", other));
        assertThat(isShared("1.4")).isFalse();
        assertThat(isShared("1.2")).isFalse();
    }

    private boolean isShared(String uid) {
        return studies.hasSharedPatient(
                OrthancId.ofStudy(bytes("P1"), bytes(uid)).iterator().next());
    }

    /** An image that is sent into a study, and with it a stranger's key, must not come along. */
    @Test
    void whatIsNotTheGiversAloneStays() throws IOException {
        UUID north = arrive("north", "P1", "1.2");
        arrive("south", "P1", "1.2");
        assertThat(refused(order("north", "south", north)).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(refused(order("quarantine", "south", north)).text()).contains("not the giver's");

        UUID two = arrive("quarantine", "P1", "1.3");
        keyring.studyKey("south", bytes("P1"), bytes("1.3"));
        studies = StudyTenants.of(keyring);
        assertThat(refused(order("quarantine", "north", two)).text()).contains("not one tenant's alone");
        assertThat(owners("P1", "1.3")).containsExactly("quarantine", "south");
    }

    @Test
    void aStudyInstanceUidStaysWithOneTenant() throws IOException {
        UUID one = arrive("quarantine", "P1", "1.2");
        UUID other = arrive("quarantine", "P2", "1.2");
        carryOut(order("quarantine", "north", one, other));
        assertThat(owners("P2", "1.2")).containsExactly("north");

        UUID mine = arrive("quarantine", "P1", "1.3");
        keyring.studyKey("south", bytes("P2"), bytes("1.3"));
        studies = StudyTenants.of(keyring);
        assertThat(refused(order("quarantine", "north", mine)).text()).contains("same StudyInstanceUID");
        assertThat(refused(order("quarantine", "north", mine, arrive("quarantine", "P1", "1.4")))
                        .text())
                .contains("not one StudyInstanceUID");
    }

    @Test
    void everyKeyInUseMustBeNamed() throws IOException {
        UUID one = arrive("quarantine", "P1", "1.2");
        UUID other = arrive("quarantine", "P2", "1.2");
        assertThat(refused(order("quarantine", "north", other)).text()).contains("same StudyInstanceUID is not named");
        carryOut(order("quarantine", "north", one, other));
        UUID before = arrive("quarantine", "P1", "1.3");
        keyring.retire(before);
        arrive("quarantine", "P1", "1.3");
        assertThat(refused(order("quarantine", "north", before)).text()).contains("not named");
    }

    @Test
    void nobodyWithoutTheKeysGivesAnythingNorOnceMoreNorOthersThanWereMeant() throws IOException {
        UUID key = arrive("quarantine", "P1", "1.2");
        UUID other = arrive("quarantine", "P1", "1.3");
        AssignmentRequest order = order("quarantine", "north", key);
        assertThat(refused(new AssignmentRequest(order.assignment(), order.text(), List.of(other)))
                        .kind())
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(refused(new AssignmentRequest(UUID.randomUUID(), order.text(), List.of(key)))
                        .kind())
                .isEqualTo(FailureKind.CORRUPT);
        String forged = Base64.getEncoder().encodeToString(new byte[100]);
        assertThat(refused(new AssignmentRequest(order.assignment(), forged, List.of(key)))
                        .kind())
                .isEqualTo(FailureKind.CORRUPT);
        carryOut(order);
        carryOut(order("north", "south", key));
        assertThat(refused(order).text()).contains("made before");
        close();
        open();
        assertThat(refused(order).text()).contains("made before");
        assertThat(owners("P1", "1.2")).containsExactly("south");
    }

    @Test
    void itGoesOnlyToATenantOfTheSettings() throws IOException {
        UUID key = arrive("north", "P1", "1.2");
        for (String to : List.of("quarantine", "clinic", "nobody")) {
            assertThat(refused(order("north", to, key)).text()).contains("no such tenant");
        }
        assertThat(owners("P1", "1.2")).containsExactly("north");
    }

    /** A hold on all of a tenant is also on what is sealed as another's and given to it, before or after. */
    @Test
    void aTenantsHoldsAreOnWhatIsGivenToIt() throws IOException {
        UUID before = arrive("quarantine", "P1", "1.2");
        UUID after = arrive("quarantine", "P1", "1.3");
        carryOut(order("quarantine", "north", before));
        HoldText text = new HoldText("Dr. Roe", "case", HoldText.Kind.TENANT, "north");
        UUID north = keyring.tenantNamed("north").orElseThrow();
        holds.carryOut(HoldOrder.add(keyring, text, List.of(north)), journal, audit);
        assertThat(holds.isHeld(before, keyring.owners().tenantOf(before))).isTrue();
        assertThat(holds.isHeld(after, keyring.owners().tenantOf(after))).isFalse();
        carryOut(order("quarantine", "north", after));
        assertThat(holds.isHeld(after, keyring.owners().tenantOf(after))).isTrue();
        close();
        open();
        assertThat(holds.isHeld(after, keyring.owners().tenantOf(after))).isTrue();
    }

    @Test
    void whoHasAskedBeforeAsksAgain() throws IOException {
        UUID key = arrive("quarantine", "P1", "1.2");
        long asked = studies.assignments();
        carryOut(order("quarantine", "north", key));
        assertThat(studies.assignments()).isNotEqualTo(asked);
    }

    /** Else the study would be two tenants' after the next start. */
    @Test
    void whoHasAskedBeforeMakesNoKeyForTheGiver() throws IOException {
        UUID key = arrive("quarantine", "P1", "1.2");
        long asked = studies.assignments();
        carryOut(order("quarantine", "north", key));
        for (Optional<String> tenant : List.of(Optional.of("quarantine"), Optional.<String>empty())) {
            assertThat(keyring.studyKey(tenant, bytes("P1"), bytes("1.2"), () -> studies.assignments() == asked))
                    .isEmpty();
        }
        assertThat(keyring.names().ofStudy("1.2")).containsExactly(key);
    }

    @Test
    void nothingOfItIsInClear() throws IOException {
        carryOut(order("quarantine", "north", arrive("quarantine", "P1", "1.2")));
        String written = Files.readString(folder.resolve("home/journal/00000001.strj"), StandardCharsets.ISO_8859_1);
        assertThat(written).doesNotContain("Dr. Roe").doesNotContain("new CT").doesNotContain("north");
        assertThat(new AssignmentText("Dr. Roe", "new CT", "a", "b").toString()).isEqualTo("***");
    }
}
