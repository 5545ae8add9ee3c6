package org.strongroom.plugin.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.Orthanc;
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

    private final Orthanc orthanc;
    private final Keyring keyring;
    private final Supplier<ControlClient> sidecar;

    public StatusRoutes(Orthanc orthanc, Keyring keyring, Supplier<ControlClient> sidecar) {
        this.orthanc = orthanc;
        this.keyring = keyring;
        this.sidecar = sidecar;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        if (request.method() != HttpMethod.GET) {
            return RestAnswer.of(405, "", new byte[0]).with("Allow", "GET");
        }
        if (request.path().equals("/strongroom") || request.path().equals("/strongroom/status")) {
            return json(sidecar.get().status());
        }
        Matcher study = STUDY.matcher(request.path());
        if (study.matches()) {
            return json(sidecar.get().study(keyOf(study.group(1))));
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route")
                .cure("Ask /strongroom/status or /strongroom/studies/{Orthanc id}");
    }

    private UUID keyOf(String orthancStudy) {
        JsonNode study;
        try {
            study = JSON.readTree(orthanc.restApiGet("/studies/" + orthancStudy));
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                    .causedBy(e);
        }
        byte[] patient = tag(study, "PatientMainDicomTags", "PatientID");
        byte[] uid = tag(study, "MainDicomTags", "StudyInstanceUID");
        Optional<UUID> key = keyring.findStudyKey(patient, uid);
        return key.orElseThrow(
                () -> StrongroomException.of(FailureKind.NOT_FOUND, "no instance of this study was ever sealed here")
                        .with("study", orthancStudy)
                        .cure("It was stored before Strongroom was switched on, and is kept in clear by Orthanc"));
    }

    private static byte[] tag(JsonNode study, String group, String name) {
        return study.path(group).path(name).asText("").getBytes(StandardCharsets.UTF_8);
    }

    private static RestAnswer json(Object answer) {
        return RestAnswer.of(200, "application/json", ControlJson.write(answer));
    }
}
