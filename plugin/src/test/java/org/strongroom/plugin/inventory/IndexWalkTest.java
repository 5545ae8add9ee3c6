package org.strongroom.plugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.erase.OrthancStudies;

/** Everything that an index knows is told, study by study, images before what belongs to them. */
class IndexWalkTest {
    private final Map<String, String> orthanc = new HashMap<>();
    private final Map<UUID, UUID> sealed = new HashMap<>();
    private boolean recovering = true;
    private int names;

    private Attachment attached(String resource, String name, String type, int expected) {
        Attachment attachment = new Attachment(new UUID(0, ++names), expected);
        orthanc.merge(
                resource + "/attachments",
                "[\"" + name + "\"]",
                (before, one) -> before.replace("]", ",\"" + name + "\"]"));
        orthanc.put(
                resource + "/attachments/" + name + "/info", "{\"Uuid\":\"" + attachment.uuid() + "\"" + type + "}");
        return attachment;
    }

    private List<Attachment> walk(boolean finds) {
        return files(finds).stream().map(IndexedFile::attachment).toList();
    }

    private List<IndexedFile> files(boolean finds) {
        List<IndexedFile> told = new ArrayList<>();
        index(finds).run(told::add);
        return told;
    }

    private IndexWalk index(boolean finds) {
        return new IndexWalk(new IndexApi() {
            @Override
            public byte[] get(String uri) {
                return answer(uri);
            }

            @Override
            public byte[] find(byte[] query) {
                String text = new String(query, StandardCharsets.UTF_8);
                return answer("find " + text.replaceAll(".*\"ParentSeries\":\"([^\"]*)\".*", "$1"));
            }

            @Override
            public boolean findsAttachments() {
                return finds;
            }
        });
    }

    private byte[] answer(String uri) {
        String json = orthanc.get(uri);
        if (json == null && uri.endsWith("/attachments")) {
            json = "[]";
        }
        if (json == null) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
        }
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void oneStudy() {
        orthanc.put("/patients", "[\"p\"]");
        orthanc.put("/studies", "[\"st\"]");
        orthanc.put("/studies/st", "{\"Series\":[\"se\"],\"ParentPatient\":\"p\"}");
        orthanc.put("/series/se", "{\"Instances\":[\"in\"]}");
    }

    @Test
    void imagesComeBeforeWhatBelongsToThemAndEachWithItsType() {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        Attachment start = attached("/instances/in", "dicom-until-pixel-data", "", Attachment.DICOM_UNTIL_PIXEL_DATA);
        Attachment series = attached("/series/se", "4301", ",\"ContentType\":4301", 0);
        Attachment study = attached("/studies/st", "1024", "", 0);
        Attachment patient = attached("/patients/p", "1025", "", 0);

        assertThat(walk(false)).containsExactly(image, start, series, study, patient);
    }

    @Test
    void allThatGoesWithAStudyIsFoundByTheNameThatItIsSealedUnder() {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        Attachment start = attached("/instances/in", "dicom-until-pixel-data", "", Attachment.DICOM_UNTIL_PIXEL_DATA);
        Attachment series = attached("/series/se", "4301", ",\"ContentType\":4301", 0);
        Attachment study = attached("/studies/st", "1024", "", 0);
        Attachment patient = attached("/patients/p", "1025", "", 0);
        UUID file = UUID.randomUUID();
        sealed.put(image.uuid(), file);

        SealedStudies studies = studies(uuid -> false, uri -> {});
        assertThat(studies.images("st"))
                .isEqualTo(new OrthancStudies.Images(
                        List.of("/instances/in"),
                        Set.of(file, start.uuid(), series.uuid(), study.uuid(), patient.uuid())));
        assertThat(studies.images("other").files()).isEmpty();
        for (UUID clear : List.of(image.uuid(), file, patient.uuid())) {
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> studies(clear::equals, uri -> {}).images("st"))
                    .matches(e -> e.kind() == FailureKind.REFUSED);
        }
        orthanc.put("/studies/st", "{\"Series\":[\"se\"]}");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> studies.images("st"))
                .as("of what patient nobody knows")
                .matches(e -> e.kind() == FailureKind.UNAVAILABLE);
    }

    @Test
    void anImageIsDeletedUnlessItIsAnotherByNow() {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        List<String> deleted = new ArrayList<>();
        SealedStudies studies = studies(uuid -> false, uri -> {
            deleted.add(uri);
            if (uri.equals("/instances/gone")) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
            }
        });
        attached("/instances/raced", "dicom", "", Attachment.DICOM);
        Set<UUID> files = Set.of(image.uuid(), new UUID(0, names));
        studies.delete(List.of("/instances/gone", "/instances/raced", "/instances/in"), files);
        assertThat(deleted).containsExactly("/instances/gone", "/instances/raced", "/instances/in");
        deleted.clear();
        attached("/instances/anew", "dicom", "", Attachment.DICOM);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> studies.delete(List.of("/instances/anew", "/instances/in"), files))
                .matches(e -> e.kind() == FailureKind.REFUSED);
        attached("/instances/in", "1026", "", 0);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> studies.delete(List.of("/instances/in"), files))
                .as("somebody attached a report")
                .matches(e -> e.kind() == FailureKind.REFUSED);
        assertThat(deleted).isEmpty();
    }

    private SealedStudies studies(Predicate<UUID> clear, Consumer<String> delete) {
        return new SealedStudies(index(false), name -> sealed.getOrDefault(name, name), clear, delete);
    }

    @Test
    void newerOrthancsTellASeriesAtOnce() {
        oneStudy();
        Attachment image = new Attachment(new UUID(1, 1), Attachment.DICOM);
        Attachment json = new Attachment(new UUID(1, 2), Attachment.DICOM_AS_JSON);
        orthanc.put(
                "find se",
                "[{\"Attachments\":[{\"Uuid\":\"" + image.uuid() + "\",\"ContentType\":1},{\"Uuid\":\"" + json.uuid()
                        + "\",\"ContentType\":2}]}]");

        assertThat(walk(true)).containsExactly(image, json);
    }

    @Test
    void theDigestIsOfWhatOrthancStores() {
        oneStudy();
        String digests = ",\"ContentType\":1,\"UncompressedMD5\":\"aa\",\"CompressedMD5\":\"bb\"";
        attached("/instances/in", "dicom", digests, Attachment.DICOM);
        orthanc.put("find se", "[{\"Attachments\":[{\"Uuid\":\"" + new UUID(1, 1) + "\"" + digests + "}]}]");

        assertThat(files(false)).extracting(IndexedFile::md5).containsExactly("bb");
        assertThat(files(true)).extracting(IndexedFile::md5).containsExactly("bb");
    }

    @Test
    void aStudyThatWasRemovedMeanwhileIsLeftOut() {
        oneStudy();
        orthanc.remove("/studies/st");
        Attachment patient = attached("/patients/p", "1025", "", 0);

        assertThat(walk(false)).containsExactly(patient);
    }

    @Test
    void anAttachmentThatIsThereAndWhoseNameNobodyTellsIsNotLeftOut() {
        oneStudy();
        orthanc.put("/instances/in/attachments", "[\"dicom\"]");

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> walk(false))
                .matches(e -> e.kind() == FailureKind.UNAVAILABLE);
    }

    @Test
    void whatIsToBeRemovedIsAnImageWithItsInstanceOrOneAttachment() throws IOException {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        attached("/instances/in", "dicom-until-pixel-data", "", Attachment.DICOM_UNTIL_PIXEL_DATA);
        Attachment report = attached("/studies/st", "1024", "", 0);
        attached("/studies/st", "1025", "", 0);
        orthanc.put(
                "find se", "[{\"ID\":\"in\",\"Attachments\":[{\"Uuid\":\"" + image.uuid() + "\",\"ContentType\":1}]}]");

        for (boolean finds : new boolean[] {false, true}) {
            List<String> deleted = new ArrayList<>();
            removal(finds, uri -> {
                        deleted.add(uri);
                        throw StrongroomException.of(FailureKind.NOT_FOUND, "gone already");
                    })
                    .remove(List.of(report.uuid(), image.uuid(), UUID.randomUUID()));
            assertThat(deleted).containsExactly("/instances/in", "/studies/st/attachments/1024");
        }
    }

    private IndexRemoval removal(boolean finds, Consumer<String> delete) {
        return new IndexRemoval(index(finds), uuid -> sealed.getOrDefault(uuid, uuid), delete, () -> recovering);
    }

    @Test
    void whatTheIndexListsUnderANewerNameIsRemovedUnderTheOneThatItIsSealedUnder() throws IOException {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        UUID first = UUID.randomUUID();
        sealed.put(image.uuid(), first);
        List<String> deleted = new ArrayList<>();
        removal(false, deleted::add).remove(List.of(first));
        assertThat(deleted).containsExactly("/instances/in");
    }

    @Test
    void whatIsNotRemovedIsToldAndHoldsUpNoOther() {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        Attachment report = attached("/studies/st", "1024", "", 0);
        List<String> deleted = new ArrayList<>();
        IndexRemoval removal = removal(false, uri -> {
            if (uri.startsWith("/instances")) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the database is locked");
            }
            deleted.add(uri);
        });
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> removal.remove(List.of(image.uuid(), report.uuid())))
                .matches(e -> e.kind() == FailureKind.UNAVAILABLE);
        assertThat(deleted).containsExactly("/studies/st/attachments/1024");
    }

    @Test
    void whereNoRecoveryGoesOnNothingIsRemoved() {
        oneStudy();
        Attachment image = attached("/instances/in", "dicom", "", Attachment.DICOM);
        recovering = false;
        List<String> deleted = new ArrayList<>();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> removal(false, deleted::add).remove(List.of(image.uuid())))
                .matches(e -> e.kind() == FailureKind.REFUSED);
        assertThat(deleted).isEmpty();
    }
}
