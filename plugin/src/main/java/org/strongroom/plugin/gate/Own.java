package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/** Orthanc's lists of jobs and queries with those that the caller has started, of modalities and peers with those that the caller reaches. Thread-safe. */
final class Own implements Answerer {
    private static final String JOB = "/jobs/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final List<String> ROUTES = List.of("/jobs", JOB, "/queries", "/modalities", "/peers");

    /** What somebody else's job may show of itself. */
    private static final Set<String> OF_ANY_JOB = Set.of(
            "ID",
            "Type",
            "State",
            "Progress",
            "Priority",
            "CreationTime",
            "CompletionTime",
            "EffectiveRuntime",
            "EstimatedTimeOfArrival",
            "Timestamp",
            "ErrorCode",
            "ErrorDescription");

    /** What it can be asked for, by which Orthanc Explorer 2 chooses; where it is, and who logs in there, is none of it. */
    private static final Set<String> OF_ANY_STATION = Set.of(
            "AET",
            "AllowEcho",
            "AllowEventReport",
            "AllowFind",
            "AllowFindWorklist",
            "AllowGet",
            "AllowMove",
            "AllowNAction",
            "AllowStorageCommitment",
            "AllowStore",
            "AllowTranscoding",
            "LocalAet",
            "Manufacturer",
            "RetrieveMethod");

    private final Callers callers;
    private final Access access;
    private final Shown shown;

    Own(Callers callers, Access access, Shown shown) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
    }

    @Override
    public List<String> routes() {
        return ROUTES;
    }

    @Override
    public boolean isFor(String path) {
        return ROUTES.contains(path) || path.matches(JOB);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.GET
                && isFor(uri)
                && arguments.stream().map(Map.Entry::getKey).allMatch("expand"::equals);
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        String path = request.path();
        Inquiry inquiry = Inquiry.of(callers, access, request);
        Decision decision = inquiry.decision();
        if (inquiry.allows(HttpMethod.DELETE)) {
            shown.delete(path);
            return RestAnswer.of(200, "text/plain", new byte[0]);
        }
        if (decision instanceof Decision.Deny || !answers(request.method(), path, request.arguments())) {
            throw Lists.refused("this is not answered");
        }
        if (!ROUTES.contains(path)) {
            return Json.answer(job(shown.get(path), decision));
        }
        String expand = request.query().getOrDefault("expand", "false");
        return Json.answer(list(inquiry.principal(), path, !expand.equals("false")));
    }

    private JsonNode list(Principal principal, String path, boolean expand) {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        ObjectNode stations = JsonNodeFactory.instance.objectNode();
        boolean remote = path.equals("/modalities") || path.equals("/peers");
        JsonNode settings = remote && expand ? shown.get(path + "?expand") : stations;
        for (JsonNode name : shown.get(path)) {
            String one = path + "/" + name.asText();
            Decision decision = access.decide(principal, HttpMethod.GET, one, List.of());
            if (decision instanceof Decision.Deny) {
                continue;
            }
            if (expand && path.equals("/jobs")) {
                job(one, decision).ifPresent(names::add);
            } else {
                names.add(name);
            }
            stations.set(name.asText(), station(principal, one, settings.path(name.asText())));
        }
        return remote && expand ? stations : names;
    }

    /** Its address is for who configures it. */
    private JsonNode station(Principal principal, String path, JsonNode settings) {
        boolean whole =
                access.decide(principal, HttpMethod.GET, path + "/configuration", List.of()) instanceof Decision.Allow;
        return whole || !(settings instanceof ObjectNode object) ? settings : object.retain(OF_ANY_STATION);
    }

    private Optional<JsonNode> job(String path, Decision decision) {
        try {
            return Optional.of(job(shown.get(path), decision));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty(); // Orthanc keeps the last ones only
            }
            throw e;
        }
    }

    /** What Orthanc says of a failure may be about what is stored. */
    private static JsonNode job(JsonNode whole, Decision decision) {
        boolean somebodys = decision instanceof Decision.Filter filter
                && filter.treatments().equals(Set.of(Treatment.FILTERED));
        ObjectNode job = (ObjectNode) whole;
        if (somebodys) {
            return job.retain(OF_ANY_JOB);
        }
        if (job.has("Content")) {
            job.set("Content", Jobs.content(job));
        }
        return job.without("ErrorDetails");
    }
}
