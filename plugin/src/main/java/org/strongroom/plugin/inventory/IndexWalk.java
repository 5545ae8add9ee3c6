package org.strongroom.plugin.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

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

    /**
     * Calls {@code each} for every attachment.
     *
     * @throws StrongroomException UNAVAILABLE if Orthanc or its database does not answer; then the walk is worth nothing
     */
    public void run(Consumer<IndexedFile> each) {
        for (JsonNode id : Answers.read(orthanc.get("/studies"))) {
            String study = "/studies/" + id.asText();
            ignoreGone(() -> series(study, each));
            ignoreGone(() -> attachments(study, each));
        }
        for (JsonNode patient : Answers.read(orthanc.get("/patients"))) {
            ignoreGone(() -> attachments("/patients/" + patient.asText(), each));
        }
    }

    private void series(String study, Consumer<IndexedFile> each) {
        for (JsonNode id : Answers.read(orthanc.get(study)).path("Series")) {
            ignoreGone(() -> instances(id.asText(), each));
            ignoreGone(() -> attachments("/series/" + id.asText(), each));
        }
    }

    private void instances(String series, Consumer<IndexedFile> each) {
        if (orthanc.findsAttachments()) {
            String query = "{\"Level\":\"Instance\",\"Query\":{},\"Expand\":true,\"ParentSeries\":\"" + series
                    + "\",\"ResponseContent\":[\"Attachments\"]}";
            for (JsonNode instance : Answers.read(orthanc.find(query.getBytes(StandardCharsets.UTF_8)))) {
                for (JsonNode attachment : instance.path("Attachments")) {
                    each.accept(Answers.file(attachment));
                }
            }
            return;
        }
        for (JsonNode instance : Answers.read(orthanc.get("/series/" + series)).path("Instances")) {
            ignoreGone(() -> attachments("/instances/" + instance.asText(), each));
        }
    }

    private void attachments(String resource, Consumer<IndexedFile> each) {
        for (JsonNode name : Answers.read(orthanc.get(resource + "/attachments"))) {
            String uri = resource + "/attachments/" + name.asText();
            try {
                each.accept(Answers.file(Answers.read(orthanc.get(uri + "/info")), name.asText()));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND || isThere(resource, name)) {
                    throw unanswered(e);
                }
            }
        }
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
