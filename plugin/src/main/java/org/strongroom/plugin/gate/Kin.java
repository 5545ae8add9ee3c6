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
    private static final String EXPAND = "expand";
    private static final Set<String> NO = Set.of("false", "0");
    /** What a report says is not among the tags that are shown here. */
    private static final Set<Treatment> DONE = Set.of(Treatment.FILTERED, Treatment.OWN, Treatment.REPORTS);

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
        return method == HttpMethod.GET
                && isFor(uri)
                && arguments.stream()
                        .map(Map.Entry::getKey)
                        .allMatch(name -> Detail.isArgument(name) || (uri.matches(BELOW) && name.equals(EXPAND)));
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
        String what = path.substring(last + 1);
        return switch (what) {
            case "study" -> Json.answer(there(mine, study(of), Detail.of(request, "/studies/")));
            case "patient" -> {
                String patient = there(mine, study(of), Detail.USUAL)
                        .path("ParentPatient")
                        .asText();
                yield Json.answer(there(mine, "/patients/" + patient, Detail.of(request, "/patients/")));
            }
            default -> {
                ArrayNode all = below(mine, of, what, Detail.of(request, "/" + what + "/"));
                yield Json.answer(NO.contains(request.query().getOrDefault(EXPAND, "")) ? ids(all) : all);
            }
        };
    }

    /** What is in those studies of a patient that are the caller's, as it may be shown. */
    private ArrayNode below(Mine mine, String patient, String what, Detail detail) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode id : there(mine, patient, Detail.USUAL).path("Studies")) {
            String study = "/studies/" + id.asText();
            if (what.equals("studies")) {
                mine.resource(shown, study, detail).ifPresent(all::add);
            } else if (mine.decision(study).isPresent()) {
                series(detail.asked(study + "/series")).forEach(all::add);
            }
        }
        return all;
    }

    /** None if the study is gone meanwhile. */
    private JsonNode series(String uri) {
        try {
            return shown.get(uri);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return JsonNodeFactory.instance.arrayNode();
            }
            throw e;
        }
    }

    private static ArrayNode ids(ArrayNode resources) {
        ArrayNode ids = JsonNodeFactory.instance.arrayNode();
        resources.forEach(one -> ids.add(one.path("ID")));
        return ids;
    }

    private String study(String of) {
        return of.startsWith("/studies/") ? of : shown.studyOf(of).orElseThrow(Kin::gone);
    }

    private JsonNode there(Mine mine, String uri, Detail detail) {
        Optional<JsonNode> resource = mine.resource(shown, uri, detail);
        return resource.orElseThrow(Kin::gone);
    }

    private static StrongroomException gone() {
        return StrongroomException.of(FailureKind.NOT_FOUND, "it is gone meanwhile");
    }
}
