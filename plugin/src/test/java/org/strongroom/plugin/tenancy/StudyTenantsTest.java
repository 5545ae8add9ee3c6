package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class StudyTenantsTest {
    private static final byte[] LATIN = "M\u00fcller".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] UTF = "M\u00fcller".getBytes(StandardCharsets.UTF_8);

    private final StudyTenants studies = new StudyTenants();

    @Test
    void aStudyIsWhosCameFirstAndAnothersPartOfItIsInQuarantine() {
        assertThat(claim("north", "P1", "1.2")).isEqualTo("north");
        assertThat(claim("south", "P1", "1.2")).isEqualTo("quarantine");
        assertThat(claim("north", "P1", "1.2")).isEqualTo("north");
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north", "quarantine");
        assertThat(studies.owner(bytes("P1"), bytes("1.2"))).contains("north");
    }

    /** Whoever knows a StudyInstanceUID must not be able to close a study for good. */
    @Test
    void aStudyIsClosedAsLongAsOrthancMayHaveSomethingOfAnothers() throws Exception {
        claim("north", "P1", "1.2");
        claim("north", "P1", "1.3");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        studies.claim("south", first, () -> Set.of("i"), bytes("P1"), bytes("1.2"));
        studies.claim("south", second, Set::of, bytes("P1"), bytes("1.2"));
        Stray stray = studies.strays().get(0);
        assertThat(studies.strays()).hasSize(1);
        assertThat(studies.arrived(stray)).containsEntry(first, Set.of("i")).containsKey(second);
        assertThat(studies.hasSharedPatient(study("P1", "1.3"))).isTrue();
        PlayedKeys keys = new PlayedKeys();
        studies.gone(first);
        studies.reopen(stray, keys);
        assertThat(keys.closed).as("another one is there").isEmpty();
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north", "quarantine");
        studies.gone(second);
        keys.full = true;
        assertThatThrownBy(() -> studies.reopen(stray, keys)).isInstanceOf(IOException.class);
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north", "quarantine");
        keys.full = false;
        studies.reopen(stray, keys);
        assertThat(keys.closed).containsExactly("1.2");
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north");
        assertThat(studies.hasSharedPatient(study("P1", "1.3"))).isFalse();
        assertThat(studies.strays()).isEmpty();
        assertThat(claim("south", "P1", "1.2")).isEqualTo("quarantine");
    }

    /** Orthanc has something in it that was sealed as another study's: its tags of the patient may be anybody's. */
    @Test
    void aStudyThatIsClosedIsQuarantinesTooAndSoIsItsPatient() {
        claim("north", "P1", "1.2");
        studies.close(study("P1", "1.2"));
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north", "quarantine");
        assertThat(studies.hasSharedPatient(study("P1", "1.2"))).isTrue();
        studies.open(study("P1", "1.2"));
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north");
        assertThat(studies.hasSharedPatient(study("P1", "1.2"))).isFalse();
    }

    /** DICOMweb knows studies by their UID alone. */
    @Test
    void aStudyInstanceUidOfAnothersIsInQuarantineUnderEveryPatient() {
        claim("north", "P1", "1.2");
        assertThat(claim("south", "P2", "1.2")).isEqualTo("quarantine");
        assertThat(studies.ofStudy(study("P2", "1.2"))).containsExactly("quarantine");
        assertThat(studies.ofStudy(study("P1", "1.2"))).containsExactly("north");
    }

    /** However Orthanc reads the PatientID, and however it is padded: who types it means one patient. */
    @Test
    void aPatientIsKnownByThePatientIdThatIsTyped() {
        studies.claim("north", UUID.randomUUID(), Set::of, LATIN, bytes("1.2"));
        String orthancs = OrthancId.ofStudy(LATIN, bytes("1.2")).iterator().next();
        assertThat(studies.patientsOf(orthancs)).containsAnyElementsOf(StudyTenants.patientsNamed("M\u00fcller"));
        assertThat(studies.patientsOf(orthancs)).doesNotContainAnyElementsOf(StudyTenants.patientsNamed("Muller"));
        assertThat(studies.patientsOf(study("P9", "9"))).isEmpty();
    }

    @Test
    void onePatientMayHaveStudiesOfSeveral() {
        claim("north", "P1", "1.2");
        assertThat(studies.hasSharedPatient(study("P1", "1.2"))).isFalse();
        assertThat(claim("south", "P1", "1.3")).isEqualTo("south");
        assertThat(studies.hasSharedPatient(study("P1", "1.2"))).isTrue();
        assertThat(studies.hasSharedPatient(study("P1", "1.3"))).isTrue();
        assertThat(studies.ofStudy(study("P1", "9"))).isEmpty();
    }

    /** Orthanc may take the two for one study; who wins must not depend on which character set it believes. */
    @Test
    void aPatientIdInAnotherCharacterSetIsTheSamePatient() {
        studies.claim("north", UUID.randomUUID(), Set::of, LATIN, bytes("1.2"));
        assertThat(studies.claim("south", UUID.randomUUID(), Set::of, UTF, bytes("1.2")))
                .isEqualTo("quarantine");
        studies.claim("south", UUID.randomUUID(), Set::of, UTF, bytes("1.3"));
        OrthancId.ofStudy(LATIN, bytes("1.2")).stream()
                .filter(OrthancId.ofStudy(UTF, bytes("1.2"))::contains)
                .forEach(id -> assertThat(studies.ofStudy(id)).containsExactly("north", "quarantine"));
        assertThat(OrthancId.ofStudy(LATIN, bytes("1.2")))
                .allMatch(id -> studies.ofStudy(id).get(0).equals("north"));
    }

    @Test
    void paddingDoesNotMakeAnotherStudy() {
        claim("north", "P1", "1.2");
        assertThat(studies.claim("south", UUID.randomUUID(), Set::of, bytes("P1 "), bytes("1.2\0")))
                .isEqualTo("quarantine");
    }

    @Test
    void itComesBackFromTheKeyring(@TempDir Path folder) throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC()).close();
        Set<String> tenants = Set.of("north", "south", "quarantine");
        try (Keyring keyring = Keyring.open(home, source, tenants, Clock.systemUTC())) {
            keyring.studyKey("north", bytes("P1"), bytes("1.2"));
            keyring.studyKey("quarantine", bytes("P1"), bytes("1.2"));
            keyring.studyKey("south", bytes("P1"), bytes("1.3"));
            keyring.studyKey("north", bytes("P1"), bytes("1.4"));
            keyring.studyKey("quarantine", bytes("P1"), bytes("1.4"));
            keyring.studyKey("quarantine", bytes("P1"), bytes("1.5"));
            keyring.studyKey("north", LATIN, bytes("1.6"));
            keyring.studyKey("south", UTF, bytes("1.6"));
        }
        try (Keyring keyring = Keyring.open(home, source, tenants, Clock.systemUTC())) {
            keyring.retire(keyring.findStudyKey("quarantine", bytes("P1"), bytes("1.4"))
                    .orElseThrow());
            StudyTenants again = StudyTenants.of(keyring);
            assertThat(again.ofStudy(study("P1", "1.4"))).as("a closed key").containsExactly("north");
            assertThat(again.ofStudy(study("P1", "1.5"))).as("nobody else's").containsExactly("quarantine");
            assertThat(again.strays()).singleElement().satisfies(stray -> assertThat(again.isChecked(stray))
                    .isFalse());
            assertThat(again.ofStudy(study("P1", "1.2"))).containsExactly("north", "quarantine");
            assertThat(again.ofStudy(study("P1", "1.3"))).containsExactly("south");
            assertThat(again.owner(LATIN, bytes("1.6"))).as("the older key").contains("north");
            assertThat(again.owner(UTF, bytes("1.6"))).as("read in two ways").isEmpty();
            assertThat(again.claim("south", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.2")))
                    .isEqualTo("quarantine");
        }
    }

    /** Somebody who gives their one tenant another name has not lost their studies by that. */
    @Test
    void whereThereNeverWereSeveralAllIsOnesWhateverItWasSealedFor(@TempDir Path folder) throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC()).close();
        try (Keyring keyring = Keyring.open(home, source, Set.of("north", "quarantine"), Clock.systemUTC())) {
            keyring.studyKey("clinic", bytes("P1"), bytes("1.2"));
            keyring.studyKey("north", bytes("P1"), bytes("1.3"));
            StudyTenants several = StudyTenants.of(keyring);
            keyring.owners().areAll("north");
            StudyTenants one = StudyTenants.of(keyring);
            assertThat(one.ofStudy(study("P1", "1.2"))).containsExactly("north");
            assertThat(one.hasSharedPatient(study("P1", "1.3"))).isFalse();
            assertThat(one.hasOthers("north")).isFalse();
            assertThat(one.claim("north", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.2")))
                    .isEqualTo("north");
            assertThat(several.hasOthers("north")).isTrue();
            assertThat(several.hasSharedPatient(study("P1", "1.3"))).isTrue();
            assertThat(several.claim("north", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.2")))
                    .isEqualTo("quarantine");

            keyring.studyKey("quarantine", bytes("P2"), bytes("1.4"));
            assertThat(StudyTenants.of(keyring).ofStudy(study("P2", "1.4")))
                    .as("nobody has decided about it")
                    .containsExactly("quarantine");
        }
    }

    private String claim(String tenant, String patient, String study) {
        return studies.claim(tenant, UUID.randomUUID(), Set::of, bytes(patient), bytes(study));
    }

    private static String study(String patient, String study) {
        return OrthancId.ofStudy(bytes(patient), bytes(study)).iterator().next();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
