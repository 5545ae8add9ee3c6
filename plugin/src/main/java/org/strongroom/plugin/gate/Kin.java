package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * The studies and series of a patient, the patient and the study of something: what of a patient of several tenants Orthanc would tell as
 * the other has it. Thread-safe.
 */
final class Kin implements Answerer {
    private static final String BELOW = "/patients/" + Order.ID + "/(studies|series)";
    private static final String ABOVE =
            "/(studies|series|instances)/" + Order.ID + "/patient|/(series|instances)/" + Order.ID + "/study";
    private static final Set<Treatment> DONE = Set.of(Treatment.FILTERED, Treatment.OWN);

    private final Callers callers;
    private final Access access;
    private final Shown shown;

    Kin(Callers callers, Access access, Shown shown) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
    }

    @Override
    public List<String> routes() {
        return List.of(BELOW, ABOVE);
    }

    @Override
    public boolean isFor(String path) {
        return path.matches(BELOW) || path.matches(ABOVE);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.GET && isFor(uri) && arguments.isEmpty();
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        String path = request.path();
        Inquiry before = Inquiry.of(callers, access, request);
        Optional<JsonNode> whole = before.whole(shown);
        if (whole.isPresent()) {
            return Json.answer(whole.get());
        }
        Inquiry inquiry = before.now();
        inquiry.require(answers(request.method(), path, request.arguments()), DONE);
        Mine mine = inquiry.mine();
        int last = path.lastIndexOf('/');
        String of = path.substring(0, last);
        return switch (path.substring(last + 1)) {
            case "studies" ->
                Json.answer(below(mine, "/studies/", there(mine, of).path("Studies")));
            case "series" -> Json.answer(series(mine, of));
            case "study" -> Json.answer(there(mine, study(of)));
            default ->
                Json.answer(there(
                        mine,
                        "/patients/"
                                + there(mine, study(of)).path("ParentPatient").asText()));
        };
    }

    private ArrayNode series(Mine mine, String patient) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode study : below(mine, "/studies/", there(mine, patient).path("Studies"))) {
            all.addAll(below(mine, "/series/", study.path("Series")));
        }
        return all;
    }

    /** Those that are the caller's, as they may be shown. */
    private ArrayNode below(Mine mine, String folder, JsonNode ids) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode id : ids) {
            mine.resource(shown, folder + id.asText()).ifPresent(all::add);
        }
        return all;
    }

    private String study(String of) {
        return of.startsWith("/studies/") ? of : shown.studyOf(of).orElseThrow(Kin::gone);
    }

    private JsonNode there(Mine mine, String uri) {
        Optional<JsonNode> resource = mine.resource(shown, uri);
        return resource.orElseThrow(Kin::gone);
    }

    private static StrongroomException gone() {
        return StrongroomException.of(FailureKind.NOT_FOUND, "it is gone meanwhile");
    }
}
