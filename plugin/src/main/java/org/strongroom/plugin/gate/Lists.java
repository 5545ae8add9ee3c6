package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Shared;
import org.strongroom.plugin.access.Siblings;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * Lists and searches of Orthanc, and single patients and studies, with what is the caller's alone. Each resource is in them that the caller could ask for by its id:
 * there is one decision, and no second one that could differ. Thread-safe.
 */
public final class Lists implements RestHandler {
    private static final String ONE = "/(patients|studies)/[0-9a-f]{8}(-[0-9a-f]{8}){4}";

    /** For {@link org.strongroom.plugin.bridge.PluginApplication#routes}. */
    public static final List<String> ROUTES =
            List.of("/patients", "/studies", "/series", ONE, "/tools/find", "/tools/lookup", "/tools/count-resources");

    private static final Set<String> PAGE = Set.of("since", "limit", "expand");
    /** What a report says is not among the tags that are shown here. */
    private static final Set<Treatment> DONE = Set.of(Treatment.FILTERED, Treatment.OWN, Treatment.REPORTS);

    private static final int LONGEST_BODY = 1 << 20;
    private final Callers callers;
    private final Access access;
    private final Shown shown;
    private final Searches searches;

    Lists(Callers callers, Access access, Shown shown, Searches searches) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
        this.searches = searches;
    }

    /** Whether this is a list that can be answered in this way; Orthanc knows more arguments. */
    static boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        if (uri.startsWith("/tools/")) {
            return method == HttpMethod.POST && answers(uri);
        }
        return method == HttpMethod.GET
                && answers(uri)
                && arguments.stream()
                        .map(Map.Entry::getKey)
                        .allMatch(name -> Detail.isArgument(name) || (!isOne(uri) && PAGE.contains(name)));
    }

    /** Whether a path is one of {@link #ROUTES}. */
    public static boolean answers(String path) {
        return ROUTES.contains(path) || isOne(path);
    }

    private static boolean isOne(String path) {
        return path.matches(ONE);
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        Inquiry inquiry = Inquiry.of(callers, access, request);
        if (isOne(request.path())) {
            return one(inquiry);
        }
        inquiry.require(answers(request.method(), request.path(), request.arguments()), Set.of(Treatment.FILTERED));
        return Json.answer(
                switch (request.path()) {
                    case "/tools/find" -> find(inquiry.mine(), body(request));
                    case "/tools/count-resources" -> count(inquiry.principal(), body(request));
                    case "/tools/lookup" -> lookup(inquiry.mine(), body(request));
                    default -> list(inquiry.mine(), request);
                });
    }

    /** Orthanc would answer as well, but for a patient who is another's, too. */
    private RestAnswer one(Inquiry before) {
        RestRequest request = before.request();
        String uri = request.path();
        if (before.allows(HttpMethod.DELETE)) {
            String patient = shown.get(uri).path("ParentPatient").asText("");
            shown.delete(uri);
            return Json.answer(remaining(before.mine(), patient));
        }
        Optional<JsonNode> whole = before.whole(shown);
        if (whole.isPresent()) {
            return Json.answer(whole.get());
        }
        Inquiry inquiry = before.now();
        inquiry.require(answers(request.method(), uri, request.arguments()), DONE);
        Detail detail = Detail.of(request, uri.substring(0, uri.lastIndexOf('/') + 1));
        return Json.answer(inquiry.mine()
                .resource(shown, uri, inquiry.decision(), detail)
                .orElseThrow(() -> refused("it is gone meanwhile")));
    }

    /** Browsers write lists with these; Orthanc's versions differ in what they decode. */
    static String list(String value) {
        return value.replaceAll("(?i)%3b", ";").replaceAll("(?i)%2c", ",");
    }

    /** Orthanc's versions do not all tell a plugin; and the patient may be there still and not the caller's. */
    private static ObjectNode remaining(Mine mine, String patient) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().putNull("RemainingAncestor");
        String path = "/patients/" + patient;
        if (!patient.isEmpty() && mine.decision(path).isPresent()) {
            answer.putObject("RemainingAncestor")
                    .put("ID", patient)
                    .put("Path", path)
                    .put("Type", "Patient");
        }
        return answer;
    }

    static String query(RestRequest request) {
        StringBuilder query = new StringBuilder();
        request.arguments().forEach(argument -> {
            String value = list(argument.getValue());
            if (!value.matches("[A-Za-z0-9;,._-]*")) {
                throw refused("an argument that could be read in several ways");
            }
            query.append(query.length() == 0 ? '?' : '&')
                    .append(argument.getKey())
                    .append(value.isEmpty() ? "" : "=")
                    .append(value);
        });
        return query.toString();
    }

    private JsonNode list(Mine mine, RestRequest request) {
        Map<String, String> query = request.query();
        Optional<Shared> shared = mine.principal().shared();
        List<String> ids = shared.isPresent()
                ? ofStudy("/studies/" + shared.get().study(), request.path())
                : ids(shown.get(request.path()));
        boolean expand = query.containsKey("expand") && !query.get("expand").equals("false");
        String folder = request.path() + "/";
        Siblings all = mine.siblings(folder);
        Detail detail = Detail.of(request, folder);
        Entry expanded = detail.requested().isEmpty() && shared.isEmpty()
                ? Entry.expanded(mine, shown, new Slices(shown, request.path(), detail.format(), ids), detail)
                : Entry.expanded(mine, shown, detail);
        return new Matches(folder, ids, false)
                .page(
                        List.of(new Matches.Round(Matches::ids, id -> Mine.decision(all, id))),
                        Page.of(query.get("since"), query.get("limit")),
                        expand ? expanded : Entry.id());
    }

    /** What of a study may be in a list: whoever holds a link to it may be a stranger, and has nobody look through everybody's. */
    private List<String> ofStudy(String study, String list) {
        return switch (list) {
            case "/patients" -> shown.patientOf(study).stream().map(Matches::id).toList();
            case "/studies" -> List.of(Matches.id(study));
            default ->
                shown.asItIs(study).map(known -> ids(known.path("Series"))).orElse(List.of());
        };
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private JsonNode find(Mine mine, byte[] body) {
        Search search = Search.of(Json.read(body));
        return searches.matches(mine.principal(), search)
                .page(
                        searches.rounds(mine, search),
                        search.page(),
                        search.content().entry(mine, shown));
    }

    private JsonNode count(Principal principal, byte[] body) {
        Search search = Search.of(Json.read(body));
        return JsonNodeFactory.instance.objectNode().put("Count", searches.count(principal, search));
    }

    private JsonNode lookup(Mine mine, byte[] body) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (JsonNode found : shown.post("/tools/lookup", body)) {
            if (mine.decision(found.path("Path").asText()).isPresent()) {
                answer.add(found);
            }
        }
        return answer;
    }

    static byte[] body(RestRequest request) {
        return body(request, LONGEST_BODY);
    }

    /** @param longest that it may be */
    static byte[] body(RestRequest request, int longest) {
        ByteSource body = request.body();
        if (body.size() > longest) {
            throw refused("the body is too long");
        }
        try {
            return body.read(0, Math.toIntExact(body.size()));
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc gave up before it was answered")
                    .causedBy(e);
        }
    }

    static StrongroomException refused(String why) {
        return StrongroomException.of(FailureKind.REFUSED, why)
                .cure("docs/access.md says what is answered while tenants are kept apart");
    }
}
