package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/** Where there is one tenant, stations are answered as an Orthanc without Strongroom answers them, and all of it is recorded. */
class StationsIT {
    /** Studies of which something is moved. */
    private static final int BEGUN = 9;

    private static final String PATIENT = "QueryRetrieveLevel=PATIENT";
    private static final String STUDY = "QueryRetrieveLevel=STUDY";
    private static final String SERIES = "QueryRetrieveLevel=SERIES";
    private static final String IMAGE = "QueryRetrieveLevel=IMAGE";

    @ParameterizedTest
    @EnumSource(Debian.class)
    void areAnsweredAsEverAndRecorded(Debian debian) {
        try (Clinic clinic = new Clinic(debian);
                Clinic other = new Clinic(debian).withoutStrongroom()) {
            int viewer = clinic.viewerPort();
            other.setup().modality("VIEWER", viewer).modality("NOBODY", 9).set("DicomAlwaysAllowStore", "true");
            clinic.setup()
                    .strongroom("Audit", JsonNodeFactory.instance.objectNode().put("Stations", true))
                    .modality("ARCHIVE", other.setup().dicomPort())
                    .modality("NOBODY", 9)
                    .set(
                            "OrthancPeers",
                            "{\"peer\": [\"http://127.0.0.1:" + other.setup().httpPort() + "/\"]}");
            OrthancProcess sealed = clinic.start();
            OrthancProcess plain = other.start();
            images(plain.rest()).forEach(sealed.rest()::upload);
            questions(debian, sealed, plain);
            for (String[] keys : MOVES) {
                assertThat(moved(sealed, viewer, keys))
                        .as(String.join(" ", keys))
                        .isEqualTo(moved(plain, viewer, keys));
            }
            assertThat(movedToNobody(sealed, viewer))
                    .isEqualTo(movedToNobody(plain, viewer))
                    .contains("Failed");
            sendsByHttp(sealed.rest());
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> isAllInTheAuditLog(clinic));
        }
    }

    private static void questions(Debian debian, OrthancProcess sealed, OrthancProcess plain) {
        for (String[] keys : QUERIES) {
            assertThat(DicomAnswers.of(Dcmtk.findFrom("VIEWER", "127.0.0.1", sealed, keys)))
                    .as(String.join(" ", keys))
                    .isEqualTo(DicomAnswers.of(Dcmtk.findFrom("VIEWER", "127.0.0.1", plain, keys)));
        }
        for (String[] keys : SEQUENCES) {
            List<String> answers = DicomAnswers.of(Dcmtk.findFrom("VIEWER", "127.0.0.1", sealed, keys));
            assertThat(answers.toString()).contains("(fffe,e000)");
            if (debian != Debian.TRIXIE) { // Orthanc 1.12.7 leaves them out
                assertThat(answers)
                        .as(String.join(" ", keys))
                        .isEqualTo(DicomAnswers.of(Dcmtk.findFrom("VIEWER", "127.0.0.1", plain, keys)));
            }
        }
    }

    /** To a station and to a peer, which have it already; and to a station that does not listen. */
    private static void sendsByHttp(Rest rest) {
        String study = rest.json("/studies").path(0).asText();
        assertThat(rest.post("/modalities/ARCHIVE/store", "[\"" + study + "\"]")
                        .path("FailedInstancesCount")
                        .asInt())
                .isZero();
        rest.post("/peers/peer/store", "[\"" + study + "\"]");
        assertThat(rest.send("POST", "/modalities/NOBODY/store", study.getBytes(StandardCharsets.US_ASCII))
                        .statusCode())
                .isNotEqualTo(200);
    }

    private static void isAllInTheAuditLog(Clinic clinic) {
        List<String> dicom = events(clinic, "way=dicom");
        assertThat(dicom.stream().filter(event -> event.contains("\"query\"") && !event.contains("\"to\":")))
                .hasSize(QUERIES.size() + SEQUENCES.size());
        assertThat(dicom.stream().filter(event -> event.contains("\"transfer-begin\"")))
                .hasSize(BEGUN + 1); // and the one to nobody
        assertThat(dicom.stream()
                        .filter(event -> event.contains("\"transfer\"") && event.contains("\"to\":\"VIEWER\"")))
                .hasSize(BEGUN)
                .allMatch(event -> event.contains("\"success\"") && event.contains("\"aet\":\"VIEWER\""));
        // What C-MOVE had Orthanc send by jobs is not told twice.
        Map<Boolean, List<String>> ofJobs = events(clinic, "way=job").stream()
                .filter(event -> !event.contains("\"view\"")) // what they read for it
                .collect(Collectors.partitioningBy(event -> event.contains("\"transfer-begin\"")));
        for (String receiver : List.of("ARCHIVE", "peer", "NOBODY")) {
            assertThat(ofJobs.get(true))
                    .hasSize(3)
                    .anyMatch(event -> event.contains("\"to\":\"" + receiver + "\"") && event.contains("\"key\":"));
        }
        List<String> jobs = ofJobs.get(false);
        assertThat(jobs).hasSize(4).allMatch(event -> event.contains("\"key\":"));
        for (String receiver : List.of("ARCHIVE", "peer")) {
            assertThat(jobs)
                    .anyMatch(event -> event.contains("\"to\":\"" + receiver + "\"")
                            && event.contains("\"success\"")
                            && event.contains("\"images\":\"6\"")
                            && event.contains("\"sent\":\"6\""));
        }
        assertThat(jobs).anyMatch(event -> event.contains("\"to\":\"NOBODY\"") && event.contains("\"failure\""));
        assertThat(jobs).anyMatch(event -> event.contains("\"alert\""));
        assertThat(jobs.toString() + dicom).doesNotContain("2.25.1.", "MUELLER", "Smith", "SMITH");
    }

    private static List<String> events(Clinic clinic, String detail) {
        return clinic.cli("audit", "search", "--detail", detail, "--json")
                .orFail()
                .output()
                .lines()
                .toList();
    }

    /** What came, each as often as it did by its SOPInstanceUID, and how it ended. */
    private static List<String> moved(OrthancProcess orthanc, int port, String... keys) {
        try (Scratch scratch = new Scratch()) {
            Path into = scratch.folder("into");
            Command.Result result = Dcmtk.moveFrom("VIEWER", "127.0.0.1", orthanc, "VIEWER", port, into, keys);
            List<Path> files = ClearText.files(into);
            List<String> moved = new ArrayList<>(
                    files.isEmpty()
                            ? Set.of()
                            : new TreeSet<>(Dcmtk.dataSets(files).keySet()));
            moved.add("status " + result.status());
            return moved;
        }
    }

    /** What a station is told at the end if the destination is down. */
    private static String movedToNobody(OrthancProcess orthanc, int port) {
        try (Scratch scratch = new Scratch()) {
            Path into = scratch.folder("into");
            Command.Result result = Dcmtk.moveFrom(
                    "VIEWER", "127.0.0.1", orthanc, "NOBODY", port, into, STUDY, "StudyInstanceUID=2.25.1.1");
            return (result.output() + result.errors())
                    .lines()
                    .filter(line -> line.contains("Final Move Response"))
                    .collect(Collectors.joining());
        }
    }

    private static final List<String[]> MOVES = List.of(
            new String[] {STUDY, "StudyInstanceUID=2.25.1.1"},
            new String[] {STUDY, "StudyInstanceUID=2.25.1.1\\2.25.1.2"},
            new String[] {PATIENT, "PatientID=MUELLER"},
            new String[] {STUDY, "PatientID=mueller^^^ELSEWHERE", "StudyInstanceUID=2.25.1.1"},
            new String[] {STUDY, "AccessionNumber=ACC-2", "StudyInstanceUID=2.25.1.1"},
            new String[] {STUDY, "PatientID=*", "StudyInstanceUID=2.25.9.9"},
            new String[] {STUDY, "PatientID=MUELLER"},
            new String[] {PATIENT, "PatientID=*"},
            new String[] {SERIES, "StudyInstanceUID=2.25.1.1", "SeriesInstanceUID=2.25.1.1.1"},
            new String[] {
                IMAGE, "StudyInstanceUID=2.25.1.1", "SeriesInstanceUID=2.25.1.1.1", "SOPInstanceUID=2.25.1.1.1.1"
            });

    private static final List<String[]> SEQUENCES = List.of(
            new String[] {STUDY, "StudyInstanceUID=2.25.1.1", "ReferencedStudySequence", "ProcedureCodeSequence"},
            new String[] {SERIES, "StudyInstanceUID=2.25.1.1", "SeriesInstanceUID", "RequestAttributesSequence"});

    private static final List<String[]> QUERIES = List.of(
            new String[] {
                PATIENT,
                "PatientID",
                "PatientName",
                "PatientBirthDate",
                "PatientSex",
                "NumberOfPatientRelatedStudies",
                "NumberOfPatientRelatedSeries",
                "NumberOfPatientRelatedInstances"
            },
            new String[] {PATIENT, "PatientName=m*", "PatientID"},
            new String[] {PATIENT, "PatientName=M\u00fcller*", "PatientID"},
            new String[] {
                STUDY,
                "StudyInstanceUID",
                "PatientName",
                "PatientID",
                "StudyDate",
                "StudyTime",
                "AccessionNumber",
                "StudyDescription",
                "ModalitiesInStudy",
                "ReferringPhysicianName",
                "NumberOfStudyRelatedSeries",
                "NumberOfStudyRelatedInstances",
                "SOPClassesInStudy",
                "StudyID",
                "PatientBirthDate",
                "PatientSex"
            },
            new String[] {STUDY, "PatientName=*smith*", "StudyInstanceUID"},
            new String[] {STUDY, "PatientName=Smith^Jo?n", "StudyInstanceUID"},
            new String[] {STUDY, "PatientID=smith", "StudyInstanceUID"},
            new String[] {STUDY, "StudyDate=20260101-20260630", "StudyInstanceUID"},
            new String[] {STUDY, "StudyDate=-20260301", "StudyInstanceUID"},
            new String[] {STUDY, "StudyDate=20260301-", "StudyInstanceUID", "StudyTime=080000-120000"},
            new String[] {STUDY, "StudyDate=20260301", "StudyInstanceUID"},
            new String[] {STUDY, "ModalitiesInStudy=MR", "StudyInstanceUID"},
            new String[] {STUDY, "ModalitiesInStudy=CT\\MR", "StudyInstanceUID"},
            new String[] {STUDY, "ModalitiesInStudy=*", "StudyInstanceUID"},
            new String[] {STUDY, "AccessionNumber=ACC-*", "StudyInstanceUID"},
            new String[] {STUDY, "StudyDescription=*knee*", "StudyInstanceUID", "StudyDescription"},
            new String[] {STUDY, "StudyDescription=*Knee*", "StudyInstanceUID", "StudyDescription"},
            new String[] {STUDY, "PatientAge=040Y", "StudyInstanceUID", "PatientAge"},
            new String[] {STUDY, "PatientAge", "PatientSize", "PatientWeight", "StudyInstanceUID"},
            new String[] {STUDY, "PatientComments=*allergic*", "StudyInstanceUID", "PatientComments"},
            new String[] {
                STUDY,
                "StudyInstanceUID=2.25.1.1",
                "ManufacturerModelName",
                "Manufacturer",
                "StationName",
                "InstitutionName"
            },
            new String[] {
                STUDY,
                "StudyInstanceUID=2.25.1.1",
                "InstanceAvailability",
                "StudyComments",
                "RetrieveURL",
                "0009,1001",
                "0021,0010"
            },
            new String[] {STUDY, "StudyInstanceUID=2.25.1.*", "PatientID"},
            new String[] {STUDY, "StudyInstanceUID=2.25.9.9", "PatientID"},
            new String[] {
                SERIES,
                "StudyInstanceUID=2.25.1.1",
                "SeriesInstanceUID",
                "Modality",
                "SeriesNumber",
                "SeriesDescription",
                "SeriesDate",
                "SeriesTime",
                "NumberOfSeriesRelatedInstances",
                "BodyPartExamined",
                "ProtocolName",
                "StationName",
                "PerformedProcedureStepStartDate"
            },
            new String[] {SERIES, "Modality=MR", "SeriesInstanceUID", "StudyInstanceUID", "PatientName"},
            new String[] {SERIES, "StudyInstanceUID=2.25.1.1", "SeriesNumber=2", "SeriesInstanceUID"},
            new String[] {SERIES, "BodyPartExamined=KNEE", "SeriesInstanceUID"},
            new String[] {
                IMAGE,
                "StudyInstanceUID=2.25.1.1",
                "SeriesInstanceUID=2.25.1.1.1",
                "SOPInstanceUID",
                "SOPClassUID",
                "InstanceNumber",
                "Rows",
                "Columns",
                "BitsAllocated",
                "NumberOfFrames",
                "SliceThickness",
                "ImagePositionPatient",
                "ContentDate"
            },
            new String[] {IMAGE, "SeriesInstanceUID=2.25.1.1.1", "InstanceNumber=2", "SOPInstanceUID"},
            new String[] {IMAGE, "SeriesInstanceUID=2.25.1.1.1", "Rows=4", "SOPInstanceUID"},
            new String[] {
                IMAGE,
                "SeriesInstanceUID=2.25.1.1.1",
                "ImageType",
                "SOPInstanceUID",
                "AcquisitionNumber",
                "WindowCenter",
                "ReferencedImageSequence"
            });

    /** Made by Orthanc: three patients, one of them with letters of her language, five studies, several series and kinds. */
    private static List<byte[]> images(Rest plain) {
        List<byte[]> images = new ArrayList<>();
        String[][] studies = {
            {"MUELLER", "M\u00fcller^Hanna", "20260101", "073000", "2.25.1.1", "Knee left", "ACC-1"},
            {"MUELLER", "M\u00fcller^Hanna", "20260301", "101500", "2.25.1.2", "knee right", "ACC-2"},
            {"SMITH", "Smith^John", "20260515", "115959.5", "2.25.1.3", "Head", ""},
            {"smith", "SMITH^Jane", "20261231", "235959", "2.25.1.4", "Head\u00e4che", "X-4"},
            {"JONES", "Jones", "", "", "2.25.1.5", "", "ACC-5"}
        };
        int many = 0;
        for (String[] study : studies) {
            for (int series = 1; series <= 2; series++) {
                for (int image = 1; image <= 3; image++) {
                    ObjectNode tags = JsonNodeFactory.instance.objectNode();
                    tags.put("PatientID", study[0])
                            .put("PatientName", study[1])
                            .put("StudyDate", study[2])
                            .put("StudyTime", study[3]);
                    tags.put("StudyInstanceUID", study[4])
                            .put("StudyDescription", study[5])
                            .put("AccessionNumber", study[6]);
                    tags.put("SeriesInstanceUID", study[4] + "." + series).put("SeriesNumber", "" + series);
                    tags.put("Modality", series == 1 ? "CT" : many % 2 == 0 ? "MR" : "CT");
                    tags.put("SOPClassUID", series == 1 ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.840.10008.5.1.4.1.1.4");
                    tags.put("SOPInstanceUID", study[4] + "." + series + "." + image)
                            .put("InstanceNumber", "" + image);
                    tags.put("PatientAge", "04" + many % 3 + "Y")
                            .put("PatientComments", many == 1 ? "is allergic" : "none");
                    tags.put("BodyPartExamined", many < 2 ? "KNEE" : "HEAD")
                            .put("SeriesDescription", "series " + series);
                    tags.put("ImageType", "ORIGINAL\\PRIMARY")
                            .put("SliceThickness", "1.5")
                            .put("Manufacturer", "Maker")
                            .put("WindowCenter", "40\\50")
                            .put("EchoTime", "12.5");
                    tags.put("ManufacturerModelName", "Model " + many)
                            .put("StationName", "Station")
                            .put("ReferringPhysicianName", "House^Gregory");
                    tags.putArray("RequestAttributesSequence")
                            .addObject()
                            .put("ScheduledProcedureStepID", "step")
                            .put("RequestedProcedureID", "proc");
                    tags.putArray("ProcedureCodeSequence")
                            .addObject()
                            .put("CodeValue", "K1")
                            .put("CodingSchemeDesignator", "99X")
                            .put("CodeMeaning", "Knee");
                    ObjectNode body = JsonNodeFactory.instance.objectNode();
                    body.set("Tags", tags);
                    body.put(
                            "Content",
                            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");
                    body.put("Force", true);
                    String id = plain.post("/tools/create-dicom", body.toString())
                            .path("ID")
                            .asText();
                    images.add(plain.file(id));
                }
            }
            many++;
        }
        return images;
    }
}
