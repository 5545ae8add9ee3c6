package org.strongroom.plugin.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;

/**
 * Goes through every instance, series, study and patient of Orthanc, one study after the other, and tells of each attachment: images
 * before what belongs to them. What is removed meanwhile is left out, what arrives meanwhile may be: the caller walks twice if something
 * looks wrong. Holds the ids of one level at a time, and the instances of one series. Thread-safe.
 */
public final class IndexWalk {
    private final IndexApi orthanc;

    public IndexWalk(IndexApi orthanc) {
        this.orthanc = orthanc;
    }

    /** Told of one attachment. */
    @FunctionalInterface
    interface Each {
        /** @param uri what to delete for Orthanc to forget it: of an image the instance */
        void file(String uri, IndexedFile file);
    }

    /**
     * Calls {@code each} for every attachment.
     *
     * @throws StrongroomException UNAVAILABLE if Orthanc or its database does not answer; then the walk is worth nothing
     */
    public void run(Consumer<IndexedFile> each) {
        locate((uri, file) -> each.accept(file));
    }

    /** The same, with where each is. */
    void locate(Each each) {
        for (JsonNode id : Answers.read(orthanc.get("/studies"))) {
            locate(id.asText(), each);
        }
        for (JsonNode patient : Answers.read(orthanc.get("/patients"))) {
            ignoreGone(() -> attachments("/patients/" + patient.asText(), each));
        }
    }

    /** The same of one study, by Orthanc's id; nothing if there is no such study. */
    void locate(String id, Each each) {
        String study = "/studies/" + id;
        ignoreGone(() -> series(study, each));
        ignoreGone(() -> attachments(study, each));
    }

    /** The same, and what is of its patient: that goes too if this is the patient's last study. */
    void locateWithPatient(String id, Each each) {
        locate(id, each);
        ignoreGone(() -> {
            String patient = Answers.read(orthanc.get("/studies/" + id))
                    .path("ParentPatient")
                    .asText();
            if (patient.isEmpty()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not tell whose a study is");
            }
            attachments("/patients/" + patient, each);
        });
    }

    private void series(String study, Each each) {
        for (JsonNode id : Answers.read(orthanc.get(study)).path("Series")) {
            ignoreGone(() -> instances(id.asText(), each));
            ignoreGone(() -> attachments("/series/" + id.asText(), each));
        }
    }

    private void instances(String series, Each each) {
        if (orthanc.findsAttachments()) {
            String query = "{\"Level\":\"Instance\",\"Query\":{},\"Expand\":true,\"ParentSeries\":\"" + series
                    + "\",\"ResponseContent\":[\"Attachments\"]}";
            for (JsonNode instance : Answers.read(orthanc.find(query.getBytes(StandardCharsets.UTF_8)))) {
                for (JsonNode attachment : instance.path("Attachments")) {
                    tell(
                            "/instances/" + instance.path("ID").asText(),
                            attachment.path("ContentType").asText(),
                            Answers.file(attachment),
                            each);
                }
            }
            return;
        }
        for (JsonNode instance : Answers.read(orthanc.get("/series/" + series)).path("Instances")) {
            ignoreGone(() -> attachments("/instances/" + instance.asText(), each));
        }
    }

    /** The same of one resource alone, not of what is below it; NOT_FOUND if it is gone. */
    void attachments(String resource, Each each) {
        for (JsonNode name : Answers.read(orthanc.get(resource + "/attachments"))) {
            String uri = resource + "/attachments/" + name.asText();
            try {
                IndexedFile file = Answers.file(Answers.read(orthanc.get(uri + "/info")), name.asText());
                tell(resource, name.asText(), file, each);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND || isThere(resource, name)) {
                    throw unanswered(e);
                }
            }
        }
    }

    private static void tell(String resource, String name, IndexedFile file, Each each) {
        boolean image = file.attachment().contentType() == Attachment.DICOM;
        each.file(image ? resource : resource + "/attachments/" + name, file);
    }

    private boolean isThere(String resource, JsonNode name) {
        for (JsonNode now : Answers.read(orthanc.get(resource + "/attachments"))) {
            if (now.equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static StrongroomException unanswered(StrongroomException cause) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not tell the uuid of an attachment")
                .causedBy(cause);
    }

    /** What is not there any more was removed while its level was listed. */
    private static void ignoreGone(Runnable step) {
        try {
            step.run();
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
