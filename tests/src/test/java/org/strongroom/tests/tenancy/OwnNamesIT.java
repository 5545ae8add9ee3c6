package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/**
 * Two clinics have the same PatientIDs and say different things of these patients, one in which north came first and one in which south
 * did: each finds them by what it says itself, and not by what the other says.
 */
class OwnNamesIT {
    private static final List<String> PATIENTS = List.of("BOTH-N", "BOTH-S");
    private static final List<String> LEVELS = List.of("Patient", "Study", "Series", "Instance");

    /** As each clinic would ask: as it is, in other letters, with wildcards, in a list, in a range. */
    private static final Map<String, List<Map.Entry<String, String>>> ASKED = Map.of(
            "north",
            List.of(
                    Map.entry("PatientName", "Both^Northern"),
                    Map.entry("PatientName", "both^northern"),
                    Map.entry("PatientName", "?oth*^NORTH*"),
                    Map.entry("PatientName", "Nobody\\Both^Northern"),
                    Map.entry("PatientBirthDate", "19610101"),
                    Map.entry("PatientBirthDate", "19600101-19620101"),
                    Map.entry("PatientSex", "F"),
                    Map.entry("OtherPatientIDs", "OTHER-N")),
            "south",
            List.of(
                    Map.entry("PatientName", "Both^Southern"),
                    Map.entry("PatientName", "both^southern"),
                    Map.entry("PatientName", "?oth*^SOUTH*"),
                    Map.entry("PatientName", "Nobody\\Both^Southern"),
                    Map.entry("PatientBirthDate", "19820202"),
                    Map.entry("PatientBirthDate", "19810101-"),
                    Map.entry("PatientSex", "M"),
                    Map.entry("OtherPatientIDs", "OTHER-S")));

    @ParameterizedTest
    @EnumSource(Debian.class)
    void eachFindsByTheirOwnAndNotByTheOthers(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            OrthancProcess orthanc = pacs.start();
            Rest rest = orthanc.rest();
            store(pacs, rest, "north", "BOTH-N");
            store(pacs, rest, "south", "BOTH-N");
            store(pacs, rest, "south", "BOTH-S");
            store(pacs, rest, "north", "BOTH-S");
            Asked asked = new Asked(pacs, orthanc);
            asked.eachFindsBy(PATIENTS);
            asked.pagesFit();
            asked.noPatientIsFoundByWhatIsBelow();

            String study = pacs.find(rest, "north-rad", "Study", uid("north", "BOTH-N"))
                    .get(0)
                    .asText();
            assertThat(pacs.send(rest, "north-tech", "DELETE", "/studies/" + study)
                            .statusCode())
                    .isEqualTo(200);
            // What Orthanc keeps of the patient is still what north has sent.
            asked.findsByTheirOwn("south", PATIENTS);
            asked.findsNothingByTheOthers("south");
        }
    }

    private static String uid(String clinic, String patient) {
        return (clinic.equals("north") ? TwoClinicsPacs.NORTH : TwoClinicsPacs.SOUTH) + "."
                + (20 + PATIENTS.indexOf(patient));
    }

    private static void store(TwoClinicsPacs pacs, Rest rest, String clinic, String patient) {
        boolean north = clinic.equals("north");
        String study = uid(clinic, patient);
        byte[] image = SyntheticDicom.ct()
                .patient(patient)
                .patientName(north ? "Both^Northern" : "Both^Southern")
                .born(north ? "19610101" : "19820202")
                .sex(north ? "F" : "M")
                .otherIds(north ? "OTHER-N" : "OTHER-S")
                .study(study)
                .series(study + ".1")
                .toBytes();
        assertThat(pacs.upload(rest, clinic + "-rad", image).path("Status").asText())
                .isEqualTo("Success");
    }

    private record Asked(TwoClinicsPacs pacs, OrthancProcess orthanc) {
        void eachFindsBy(List<String> patients) {
            for (String clinic : ASKED.keySet()) {
                findsByTheirOwn(clinic, patients);
                findsNothingByTheOthers(clinic);
            }
        }

        void findsByTheirOwn(String clinic, List<String> patients) {
            List<String> uids = patients.stream().map(one -> uid(clinic, one)).toList();
            for (Map.Entry<String, String> asked : ASKED.get(clinic)) {
                for (String level : LEVELS) {
                    JsonNode found = found(clinic, level, asked);
                    assertThat(found).as(clinic + " " + level + " " + asked).hasSameSizeAs(patients);
                    assertThat(found.toString()).doesNotContain(others(clinic));
                    assertThat(counted(clinic, level, asked)).isEqualTo(patients.size());
                    List<String> told = stations(clinic, level, asked);
                    assertThat(told).as(asked.toString()).allSatisfy(answer -> assertThat(answer)
                            .contains(patients)
                            .doesNotContain(others(clinic)));
                }
                assertThat(found(clinic, "Study", asked).findValuesAsText("StudyInstanceUID"))
                        .containsExactlyInAnyOrderElementsOf(uids);
                if (!asked.getValue().startsWith("both")) { // the DICOMweb plugin's setting decides about letters
                    for (String level : List.of("studies", "series", "instances")) {
                        assertThat(web(clinic, level, asked).findValues("0020000D"))
                                .as(level + " " + asked)
                                .extracting(tag -> tag.at("/Value/0").asText())
                                .containsExactlyInAnyOrderElementsOf(uids);
                    }
                }
            }
        }

        void findsNothingByTheOthers(String clinic) {
            String other = clinic.equals("north") ? "south" : "north";
            for (Map.Entry<String, String> asked : ASKED.get(other)) {
                for (String level : LEVELS) {
                    assertThat(found(clinic, level, asked))
                            .as(clinic + " " + level + " " + asked)
                            .isEmpty();
                    assertThat(counted(clinic, level, asked)).isZero();
                    assertThat(stations(clinic, level, asked))
                            .allSatisfy(answer -> assertThat(answer).doesNotContain("BOTH-"));
                }
                for (String level : List.of("studies", "series", "instances")) {
                    assertThat(web(clinic, level, asked))
                            .as(level + " " + asked)
                            .isEmpty();
                }
            }
        }

        /** The first is south's alone, and behind it are those of both. */
        void pagesFit() {
            Map.Entry<String, String> name = Map.entry("PatientName", "*SOUTHERN");
            List<String> all = found("south", "Patient", name).findValuesAsText("PatientID");
            assertThat(all).hasSize(4).contains("SHARED", "BOTH-N", "BOTH-S").startsWith("ONE-SOUTH");
            List<String> paged = new ArrayList<>();
            for (int since = 0; since < 6; since += 2) {
                ObjectNode body = body("Patient", name).put("Since", since).put("Limit", 2);
                paged.addAll(pacs.search(orthanc.rest(), "south-rad", body.toString())
                        .findValuesAsText("PatientID"));
            }
            assertThat(paged).isEqualTo(all);
            assertThat(counted("south", "Patient", name)).isEqualTo(4);
        }

        /** By neither round: what the one finds and the other does not would tell who is both clinics'. */
        void noPatientIsFoundByWhatIsBelow() {
            for (Map.Entry<String, String> below : List.of(
                    Map.entry("StudyDate", "19000101-"),
                    Map.entry("StudyInstanceUID", uid("south", "BOTH-N")),
                    Map.entry("StudyDescription", "*"))) {
                ObjectNode body = body("Patient", Map.entry("PatientName", "*"));
                body.withObject("/Query").put(below.getKey(), below.getValue());
                assertThat(pacs.search(orthanc.rest(), "south-rad", body.toString()))
                        .as(below.toString())
                        .isEmpty();
            }
        }

        private JsonNode found(String clinic, String level, Map.Entry<String, String> asked) {
            return pacs.search(
                    orthanc.rest(), clinic + "-rad", body(level, asked).toString());
        }

        private int counted(String clinic, String level, Map.Entry<String, String> asked) {
            String body = body(level, asked).without("Expand").toString();
            JsonNode counted = pacs.posted(orthanc.rest(), clinic + "-rad", "/tools/count-resources", body);
            return counted.path("Count").asInt(-1);
        }

        private static ObjectNode body(String level, Map.Entry<String, String> asked) {
            ObjectNode body =
                    JsonNodeFactory.instance.objectNode().put("Level", level).put("Expand", true);
            body.putObject("Query").put(asked.getKey(), asked.getValue());
            return body;
        }

        private JsonNode web(String clinic, String level, Map.Entry<String, String> asked) {
            String value = URLEncoder.encode(asked.getValue(), StandardCharsets.UTF_8);
            return pacs.json(
                    orthanc.rest(), clinic + "-rad", "/dicom-web/" + level + "?" + asked.getKey() + "=" + value);
        }

        /** What findscu is answered in each model that has the level. */
        private List<String> stations(String clinic, String level, Map.Entry<String, String> asked) {
            String title = clinic.equals("north") ? "NORTH_CT" : "SOUTH_CT";
            String name = asked.getKey().replace("OtherPatientIDs", "0010,1000");
            String[] keys = {
                "QueryRetrieveLevel=" + level.toUpperCase(Locale.ROOT).replace("INSTANCE", "IMAGE"),
                name + "=" + asked.getValue(),
                "PatientID",
                "StudyInstanceUID",
                "SeriesInstanceUID"
            };
            List<String> answers = new ArrayList<>();
            for (Command.Result one : List.of(
                    Dcmtk.findFrom(title, TwoClinicsPacs.host(title), orthanc, keys),
                    Dcmtk.findByPatientFrom(title, TwoClinicsPacs.host(title), orthanc, keys))) {
                answers.add(one.orFail().output() + one.errors());
            }
            return answers;
        }

        private static String[] others(String clinic) {
            return clinic.equals("north")
                    ? new String[] {"Southern", "19820202", "OTHER-S", TwoClinicsPacs.SOUTH}
                    : new String[] {"Northern", "19610101", "OTHER-N", TwoClinicsPacs.NORTH};
        }
    }
}
