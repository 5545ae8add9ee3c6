package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.OrthancSetup;
import org.strongroom.tests.harness.Scratch;

/** What the stations of two clinics that share an Orthanc are answered by DICOM. */
record ByDicom(TwoClinicsPacs pacs, OrthancProcess orthanc) {
    private static final String STUDY = "QueryRetrieveLevel=STUDY";

    /** Wildcards, ranges, lists, return keys, counts, what only files have; on each level. */
    private static final List<String[]> QUERIES = List.of(
            new String[] {STUDY, "StudyInstanceUID", "PatientName=*E^NORTH*", "PatientID"},
            new String[] {STUDY, "PatientName=one?north*", "StudyInstanceUID", "StudyDate"},
            new String[] {STUDY, "StudyDate=19000101-20991231", "StudyInstanceUID", "StudyTime"},
            new String[] {STUDY, "ModalitiesInStudy=CT", "StudyInstanceUID", "SOPClassesInStudy"},
            new String[] {STUDY, "ModalitiesInStudy=MR\\US", "StudyInstanceUID"},
            new String[] {
                STUDY,
                "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1\\" + TwoClinicsPacs.NORTH + ".2\\9.9",
                "NumberOfStudyRelatedSeries",
                "NumberOfStudyRelatedInstances"
            },
            new String[] {
                "QueryRetrieveLevel=PATIENT",
                "PatientID=ONE-*",
                "PatientName",
                "NumberOfPatientRelatedStudies",
                "NumberOfPatientRelatedSeries",
                "NumberOfPatientRelatedInstances"
            },
            new String[] {
                "QueryRetrieveLevel=SERIES",
                "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1",
                "SeriesInstanceUID",
                "Modality",
                "NumberOfSeriesRelatedInstances"
            },
            new String[] {
                "QueryRetrieveLevel=IMAGE",
                "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1",
                "SeriesInstanceUID",
                "SOPInstanceUID",
                "InstanceNumber",
                "Rows",
                "SOPClassUID"
            });

    void eachStationHasWhatIsTheirs(boolean alsoLikePlain) {
        String all = find("NORTH_CT", STUDY, "StudyInstanceUID", "PatientName", "PatientID");
        assertThat(all).contains(TwoClinicsPacs.NORTH + ".0", TwoClinicsPacs.NORTH + ".1", TwoClinicsPacs.NORTH + ".2");
        pacs.othersThan("north").forEach(secret -> assertThat(all).doesNotContain(secret));
        for (String level : List.of("PATIENT", "STUDY", "SERIES", "IMAGE")) {
            String south = find(
                    "SOUTH_CT",
                    "QueryRetrieveLevel=" + level,
                    "StudyInstanceUID",
                    "SeriesInstanceUID",
                    "PatientName",
                    "PatientID",
                    "SOPInstanceUID");
            assertThat(south).contains("SOUTHERN");
            pacs.othersThan("south").forEach(secret -> assertThat(south).doesNotContain(secret));
        }
        for (String nobody : List.of("NOBODYS_CT", "UNHEARD_OF")) {
            assertThat(find(nobody, STUDY, "StudyInstanceUID")).doesNotContain("2.25.7");
        }
        moves();
        if (alsoLikePlain) {
            answersAreLikePlainOrthancs();
        }
    }

    private void moves() {
        assertThat(moved("NORTH_CT", "NORTH_CT", STUDY, "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1"))
                .isEqualTo(1);
        assertThat(moved("SOUTH_CT", "SOUTH_CT", "QueryRetrieveLevel=PATIENT", "PatientID=SHARED"))
                .isEqualTo(1);
        assertThat(moved("NORTH_CT", "NORTH_CT", STUDY, "StudyInstanceUID=" + TwoClinicsPacs.SOUTH + ".1"))
                .isZero();
        assertThat(moved("NORTH_CT", "NORTH_CT", "QueryRetrieveLevel=PATIENT", "PatientID=*"))
                .isZero();
        for (String asker : List.of("NORTH_CT", "SOUTH_CT", "NOBODYS_CT")) {
            String other = asker.equals("NORTH_CT") ? "SOUTH_CT" : "NORTH_CT";
            assertThat(moved(asker, other, STUDY, "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1"))
                    .isZero();
        }
        try (Scratch scratch = new Scratch()) {
            Path into = scratch.folder("into");
            String own = TwoClinicsPacs.NORTH + ".1";
            Dcmtk.tryGetFrom("NORTH_CT", TwoClinicsPacs.host("NORTH_CT"), orthanc, own, into);
            assertThat(into.toFile().list()).isEmpty(); // not even their own: Orthanc does not ask whose it is
        }
        await().atMost(Duration.ofMinutes(2)).untilAsserted(this::eachMoveIsInTheAuditLog);
    }

    private void eachMoveIsInTheAuditLog() {
        List<String> events = pacs.cli("audit", "search", "--detail", "way=dicom", "--json")
                .orFail()
                .output()
                .lines()
                .toList();
        assertThat(events.stream().filter(event -> event.contains("\"transfer-begin\"")))
                .hasSize(2);
        assertThat(events.stream().filter(event -> event.contains("\"transfer\"") && event.contains("\"sent\":\"1\"")))
                .hasSize(2);
        assertThat(events.stream().filter(event -> event.contains("\"refused\"") && event.contains("\"to\":")))
                .hasSize(3);
        assertThat(events.stream().filter(event -> event.contains("\"failure\"") && event.contains("\"to\":")))
                .hasSize(2);
        assertThat(events.toString()).doesNotContain("2.25.7", "NORTHERN", "SOUTHERN");
    }

    /** How many images came to the one who listens, whatever title it is called by. */
    int moved(String title, String target, String... keys) {
        try (Scratch scratch = new Scratch()) {
            Path into = scratch.folder("into");
            Dcmtk.moveFrom(title, TwoClinicsPacs.host(title), orthanc, target, pacs.stationPort(), into, keys);
            return into.toFile().list().length;
        }
    }

    /** One with north's images alone, and nothing that looks at what is asked. */
    private void answersAreLikePlainOrthancs() {
        try (Scratch scratch = new Scratch();
                OrthancProcess plain = new OrthancSetup(Debian.TRIXIE, scratch)
                        .modality("NORTH_CT", pacs.stationPort())
                        .start()) {
            TwoClinicsPacs.norths().forEach(image -> plain.rest().upload(image));
            for (String[] keys : QUERIES) {
                assertThat(DicomAnswers.of(found("NORTH_CT", keys)))
                        .as(String.join(" ", keys))
                        .isEqualTo(DicomAnswers.of(Dcmtk.findFrom("NORTH_CT", "127.0.0.1", plain, keys)));
            }
        }
    }

    String find(String title, String... keys) {
        Command.Result answered = found(title, keys);
        return answered.output() + answered.errors();
    }

    private Command.Result found(String title, String... keys) {
        return Dcmtk.findFrom(title, TwoClinicsPacs.host(title), orthanc, keys);
    }
}
