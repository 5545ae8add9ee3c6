package org.strongroom.plugin.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.keys.Keyring;

/**
 * {@code GET /strongroom/status}: docs/control.md, Status. {@code GET /strongroom/studies/{Orthanc id}}: where the bytes of
 * one study are. Thread-safe.
 */
public final class StatusRoutes implements RestHandler {
    private static final Pattern STUDY = Pattern.compile("/strongroom/studies/([0-9a-f-]{44})");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<String, byte[]> orthanc;
    private final Keyring keyring;
    private final Supplier<ControlClient> sidecar;
    private final Supplier<ClearProgress> clear;

    /**
     * @param orthanc answers a GET of Orthanc's own API
     * @param clear how far the sealing of clear files is, told where no sidecar answers
     */
    public StatusRoutes(
            Function<String, byte[]> orthanc,
            Keyring keyring,
            Supplier<ControlClient> sidecar,
            Supplier<ClearProgress> clear) {
        this.orthanc = orthanc;
        this.keyring = keyring;
        this.sidecar = sidecar;
        this.clear = clear;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        if (request.method() != HttpMethod.GET) {
            return RestAnswer.of(405, "", new byte[0]).with("Allow", "GET");
        }
        if (request.path().equals("/strongroom") || request.path().equals("/strongroom/status")) {
            return json(status());
        }
        Matcher study = STUDY.matcher(request.path());
        if (study.matches()) {
            UUID key = keyOf(study.group(1));
            return json(sidecar.get().study(key));
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route")
                .cure("Ask /strongroom/status or /strongroom/studies/{Orthanc id}");
    }

    private Status status() {
        try {
            return sidecar.get().status();
        } catch (StrongroomException e) {
            ClearProgress progress = clear.get();
            throw progress.waiting() == 0
                    ? e
                    : e.with("filesInClear", progress.waiting())
                            .with(
                                    "clearProblem",
                                    progress.problem() == null
                                            ? ""
                                            : progress.problem().message());
        }
    }

    private UUID keyOf(String orthancStudy) {
        JsonNode study;
        try {
            study = JSON.readTree(orthanc.apply("/studies/" + orthancStudy));
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                    .causedBy(e);
        }
        byte[] uid = tag(study, "MainDicomTags", "StudyInstanceUID").getBytes(StandardCharsets.UTF_8);
        // A key's owner is told by the bytes of the file; Orthanc shows every text in UTF-8.
        for (byte[] patient : OriginalBytes.of(tag(study, "PatientMainDicomTags", "PatientID"))) {
            Optional<UUID> key = keyring.knownStudyKey(patient, uid);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no key of this study was found")
                .with("study", orthancStudy)
                .cure(
                        "If it was stored before Strongroom was switched on, Orthanc keeps it in clear; else its PatientID is in"
                                + " a rare character set: ask strongroom status --study with its StudyInstanceUID");
    }

    private static String tag(JsonNode study, String group, String name) {
        return study.path(group).path(name).asText("");
    }

    private static RestAnswer json(Object answer) {
        return RestAnswer.of(200, "application/json", ControlJson.write(answer));
    }
}
