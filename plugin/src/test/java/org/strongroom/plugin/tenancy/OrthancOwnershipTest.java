package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Ownership.Owners;
import org.strongroom.plugin.access.Ownership.Part;
import org.strongroom.plugin.access.Resource;

class OrthancOwnershipTest {
    private static final String PATIENT =
            OrthancId.ofPatient(bytes("P1")).iterator().next();
    private static final String NORTHS = study("1.2");
    private static final String SOUTHS = study("1.3");
    private static final Owners NORTH = new Owners(List.of(part("north", NORTHS)), false);

    private final Index orthanc = new Index();
    private final StudyTenants studies = new StudyTenants();
    private final Set<String> restricted = new HashSet<>();
    private final Settings settings = Settings.parse(
            """
            {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Tenants": {
              "north": {"Sources": {"AETs": ["NORTH_CT"]}, "Destinations": ["NORTH_WS"], "Peers": ["norths"]},
              "south": {"Sources": {"AETs": ["SOUTH_CT"]}}}}}""");

    /** Orthanc's index, of which the test says what is in it. */
    private static final class Index implements OrthancApi {
        final Map<String, String> answers = new HashMap<>();
        final Map<String, String> lookups = new HashMap<>();
        boolean down;

        @Override
        public byte[] get(String uri) {
            return answer(answers.get(uri));
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            assertThat(uri).isEqualTo("/tools/lookup");
            return answer(lookups.getOrDefault(new String(body, StandardCharsets.US_ASCII), "[]"));
        }

        @Override
        public void put(String uri, byte[] body) {
            throw new AssertionError("nothing is written here");
        }

        @Override
        public void delete(String uri) {
            throw new AssertionError("nothing is deleted to know whose it is");
        }

        private byte[] answer(String json) {
            if (down) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not answer");
            }
            if (json == null) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
            }
            return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    void everythingBelowAStudyIsTheStudys() {
        north();
        OrthancOwnership ownership = ownership(false);
        for (Resource resource : List.of(
                new Resource(Level.STUDY, false, NORTHS),
                new Resource(Level.SERIES, false, "s"),
                new Resource(Level.INSTANCE, false, "i"),
                new Resource(Level.STUDY, true, "1.2"),
                new Resource(Level.SERIES, true, "1.2.1"),
                new Resource(Level.INSTANCE, true, "1.2.1.1"),
                new Resource(Level.PATIENT, false, PATIENT))) {
            assertThat(ownership.owners(resource)).as(resource.toString()).isEqualTo(NORTH);
        }
    }

    @Test
    void whatOrthancDoesNotHaveIsNobodys() {
        north();
        OrthancOwnership ownership = ownership(true);
        assertThat(ownership.owners(new Resource(Level.STUDY, false, study("9"))))
                .isEqualTo(Owners.NOBODY);
        assertThat(ownership.owners(new Resource(Level.SERIES, false, "x"))).isEqualTo(Owners.NOBODY);
        assertThat(ownership.owners(new Resource(Level.INSTANCE, false, "x"))).isEqualTo(Owners.NOBODY);
        assertThat(ownership.owners(new Resource(Level.INSTANCE, true, "9.9"))).isEqualTo(Owners.NOBODY);
        assertThat(ownership.owners(new Resource(Level.MODALITY, false, "x"))).isEqualTo(Owners.NOBODY);
        assertThat(ownership.owners(new Resource(Level.PEER, false, "x"))).isEqualTo(Owners.NOBODY);
        assertThat(ownership.starter(new Resource(Level.JOB, false, "x"))).isEmpty();
    }

    /** From the time before tenants, say: Orthanc has it, and nothing tells whose it is. */
    @Test
    void aStudyThatNobodyClaimedIsNobodys() {
        orthanc.answers.put("/studies/" + NORTHS, "{'ID': '" + NORTHS + "'}");
        orthanc.lookups.put("1.2", "[{'Type': 'Study', 'ID': '" + NORTHS + "'}]");
        assertThat(ownership(true).owners(new Resource(Level.STUDY, false, NORTHS)))
                .isEqualTo(Owners.NOBODY);
        assertThat(ownership(true).owners(new Resource(Level.STUDY, true, "1.2")))
                .isEqualTo(Owners.NOBODY);
    }

    @Test
    void aPatientIsWhatItsStudiesAre() {
        north();
        studies.claim("south", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.3"));
        orthanc.answers.put("/patients/" + PATIENT, "{'Studies': ['" + NORTHS + "', '" + SOUTHS + "']}");
        Resource patient = new Resource(Level.PATIENT, false, PATIENT);
        Owners both = new Owners(List.of(part("north", NORTHS), part("south", SOUTHS)), true);
        assertThat(ownership(false).owners(patient)).isEqualTo(both);
        assertThat(ownership(false).owners(new Resource(Level.INSTANCE, false, "i")))
                .isEqualTo(new Owners(List.of(part("north", NORTHS)), true));
        // South's is deleted: what is left is north's, though its tags may be those that south sent.
        orthanc.answers.put("/patients/" + PATIENT, "{'Studies': ['" + NORTHS + "']}");
        assertThat(ownership(false).owners(patient)).isEqualTo(new Owners(List.of(part("north", NORTHS)), true));
    }

    @Test
    void aPatientWithAStudyOfNobodysIsNobodys() {
        north();
        orthanc.answers.put("/patients/" + PATIENT, "{'Studies': ['" + NORTHS + "', '" + SOUTHS + "']}");
        assertThat(ownership(false).owners(new Resource(Level.PATIENT, false, PATIENT)))
                .isEqualTo(Owners.NOBODY);
    }

    @Test
    void aStudyWithSomethingOfSeveralIsOfAllOfThem() {
        north();
        studies.claim("south", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.2"));
        assertThat(ownership(false).owners(new Resource(Level.INSTANCE, false, "i")))
                .isEqualTo(new Owners(List.of(part("north", NORTHS), part("quarantine", NORTHS)), true));
    }

    /** Several studies may hold the same series or instance; nobody knows which of them a plugin takes. */
    @Test
    void aUidIsOfAllWhoHaveIt() {
        north();
        studies.claim("south", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.3"));
        orthanc.answers.put("/instances/j", "{'ParentSeries': 't'}");
        orthanc.answers.put("/series/t", "{'ParentStudy': '" + SOUTHS + "'}");
        orthanc.lookups.put("1.2.1.1", "[{'Type': 'Instance', 'ID': 'i'}, {'Type': 'Instance', 'ID': 'j'}]");
        assertThat(ownership(false)
                        .owners(new Resource(Level.INSTANCE, true, "1.2.1.1"))
                        .parts())
                .containsExactly(part("north", NORTHS), part("south", SOUTHS));
    }

    private static Part part(String tenant, String study) {
        return new Part(tenant, "", Set.of(), study);
    }

    /** With what its patient may be known by, where somebody sees patients of their own only. */
    private Owners norths(String physician) {
        return new Owners(List.of(new Part("north", physician, studies.patientsOf(NORTHS), NORTHS)), false);
    }

    @Test
    void thePhysicianIsOrthancs() {
        north();
        orthanc.answers.put("/studies/" + NORTHS, "{'MainDicomTags': {'ReferringPhysicianName': 'DOE^JANE '}}");
        Resource instance = new Resource(Level.INSTANCE, false, "i");
        assertThat(studies.patientsOf(NORTHS)).isNotEmpty();
        assertThat(ownership(true).owners(instance)).isEqualTo(norths("DOE^JANE"));
        OrthancOwnership ownership = ownership(true);
        ownership.owners(instance);
        orthanc.answers.put("/studies/" + NORTHS, "{'MainDicomTags': {}}");
        assertThat(ownership.owners(instance)).isEqualTo(norths(""));
        orthanc.answers.remove("/studies/" + NORTHS);
        assertThat(ownership.owners(instance)).isEqualTo(Owners.NOBODY);
    }

    /** With what the patient may be known by: somebody may open the patient in an emergency. */
    @Test
    void whatIsRestrictedSaysSoFromTheNextQuestionOn() {
        north();
        OrthancOwnership ownership = ownership(false);
        Resource instance = new Resource(Level.INSTANCE, false, "i");
        assertThat(ownership.owners(instance)).isEqualTo(NORTH);
        restricted.add(NORTHS);
        assertThat(ownership.owners(instance).parts())
                .containsExactly(new Part("north", "", studies.patientsOf(NORTHS), NORTHS, true));
        restricted.clear();
        assertThat(ownership.owners(instance)).isEqualTo(NORTH);
    }

    @Test
    void aModalityIsReachedByWhoseSourceOrDestinationItIs() {
        orthanc.answers.put("/modalities/ct/configuration", "{'AET': 'NORTH_CT'}");
        orthanc.answers.put("/modalities/ws/configuration", "{'AET': 'NORTH_WS'}");
        orthanc.answers.put("/modalities/south/configuration", "{'AET': 'SOUTH_CT'}");
        orthanc.answers.put("/modalities/other/configuration", "{'AET': 'OTHER'}");
        assertThat(ownership(false).owners(new Resource(Level.MODALITY, false, "ct")))
                .isEqualTo(Owners.of("north", ""));
        assertThat(ownership(false).owners(new Resource(Level.MODALITY, false, "ws")))
                .isEqualTo(Owners.of("north", ""));
        assertThat(ownership(false).owners(new Resource(Level.MODALITY, false, "south")))
                .isEqualTo(Owners.of("south", ""));
        assertThat(ownership(false).owners(new Resource(Level.MODALITY, false, "other")))
                .isEqualTo(Owners.NOBODY);
    }

    @Test
    void aPeerIsReachedByWhoNamesIt() {
        assertThat(ownership(false).owners(new Resource(Level.PEER, false, "norths")))
                .isEqualTo(Owners.of("north", ""));
        assertThat(ownership(false).owners(new Resource(Level.PEER, false, "NORTHS")))
                .isEqualTo(Owners.NOBODY);
    }

    /** One user with patients of their own only must not cost everybody a request for each study. */
    @Test
    void whoDoesNotNeedPhysiciansDoesNotWaitForThem() {
        north();
        Resource study = new Resource(Level.STUDY, false, NORTHS);
        Ownership ownership = ownership(true);
        orthanc.down = true;
        assertThatThrownBy(() -> ownership.owners(study)).isInstanceOf(StrongroomException.class);
        assertThat(ownership.withoutPhysicians().owners(study)).isEqualTo(NORTH);
    }

    @Test
    void whatCannotBeKnownIsNotGuessed() {
        north();
        orthanc.down = true;
        assertThatThrownBy(() -> ownership(false).owners(new Resource(Level.INSTANCE, false, "i")))
                .isInstanceOf(StrongroomException.class);
    }

    /** Ids are made of the ids above them: what is kept is true also of what was deleted and came again. */
    @Test
    void parentsAreAskedForOnce() {
        north();
        OrthancOwnership ownership = ownership(false);
        ownership.owners(new Resource(Level.INSTANCE, false, "i"));
        orthanc.answers.clear();
        assertThat(ownership.owners(new Resource(Level.INSTANCE, false, "i"))).isEqualTo(NORTH);
    }

    @Test
    void aPatientIsSharedWithAStudyOfTheirsThatIsShownToNobody() {
        north();
        studies.claim("north", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.3"));
        OrthancOwnership ownership = ownership(false);
        Resource open = new Resource(Level.STUDY, false, study("1.3"));
        orthanc.answers.put("/studies/" + study("1.3"), "{'MainDicomTags': {}}");
        assertThat(ownership.owners(open).sharedPatient()).isFalse();
        restricted.add(NORTHS);
        assertThat(ownership.owners(open).sharedPatient()).isTrue();
        restricted.clear();
        assertThat(ownership.owners(open).sharedPatient()).isFalse();
    }

    private void north() {
        studies.claim("north", UUID.randomUUID(), Set::of, bytes("P1"), bytes("1.2"));
        orthanc.answers.put("/instances/i", "{'ParentSeries': 's'}");
        orthanc.answers.put("/series/s", "{'ParentStudy': '" + NORTHS + "'}");
        orthanc.answers.put("/studies/" + NORTHS, "{'MainDicomTags': {}}");
        orthanc.answers.put("/patients/" + PATIENT, "{'Studies': ['" + NORTHS + "']}");
        orthanc.lookups.put("1.2", "[{'Type': 'Study', 'ID': '" + NORTHS + "'}]");
        orthanc.lookups.put("1.2.1", "[{'Type': 'Series', 'ID': 's'}, {'Type': 'Instance', 'ID': 'x'}]");
        orthanc.lookups.put("1.2.1.1", "[{'Type': 'Instance', 'ID': 'i'}]");
    }

    private OrthancOwnership ownership(boolean physicians) {
        return new OrthancOwnership(
                orthanc, studies, resource -> Optional.empty(), settings.tenants(), physicians, () -> restricted);
    }

    private static String study(String uid) {
        return OrthancId.ofStudy(bytes("P1"), bytes(uid)).iterator().next();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
