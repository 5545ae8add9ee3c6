package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.Started.Coming;

/**
 * Has Orthanc ask stations of the caller's tenants, and fetch from them: to this Orthanc only, where what comes is its sender's tenant's.
 * Thread-safe.
 */
final class Queries implements Answerer {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String ASK = "/modalities/[A-Za-z0-9][A-Za-z0-9._-]{0,63}/query";
    private static final String BELOW = "/queries/" + UUID + "/answers/[0-9]{1,9}/query-(studies|series|instances)";
    private static final String FETCH = "/queries/" + UUID + "(/answers/[0-9]{1,9})?/retrieve";
    /** What is fetched is described, and no question was asked before. */
    private static final String FETCH_AT_ONCE = "/modalities/[A-Za-z0-9][A-Za-z0-9._-]{0,63}/move";

    private static final List<String> ROUTES = List.of(ASK, BELOW, FETCH, FETCH_AT_ONCE);

    private static final Set<String> ASKED = Set.of("Level", "Query", "Normalize", "Timeout");
    private static final Set<String> FETCHED = Set.of(
            "TargetAet",
            "RetrieveMethod",
            "Synchronous",
            "Asynchronous",
            "Priority",
            "Permissive",
            "UserData",
            "Timeout",
            "Full",
            "Simplify");

    private static final Set<String> FETCHED_AT_ONCE = Set.of(
            "Level",
            "Resources",
            "TargetAet",
            "Synchronous",
            "Asynchronous",
            "Priority",
            "Permissive",
            "UserData",
            "Timeout");

    private static final String MOVE = "C-MOVE";

    private final Callers callers;
    private final Access access;
    private final Jobs jobs;
    private final BiFunction<String, byte[], HttpAnswer> post;
    private final Started started;
    private final OrderEvents events;
    private final String title;

    /**
     * @param post to Orthanc itself, with what it says if it refuses
     * @param title of this Orthanc, by DICOM
     */
    Queries(
            Callers callers,
            Access access,
            Jobs jobs,
            BiFunction<String, byte[], HttpAnswer> post,
            Started started,
            OrderEvents events,
            String title) {
        this.callers = callers;
        this.access = access;
        this.jobs = jobs;
        this.post = post;
        this.started = started;
        this.events = events;
        this.title = title;
    }

    @Override
    public List<String> routes() {
        return ROUTES;
    }

    @Override
    public boolean isFor(String path) {
        return isAbout(path);
    }

    /** Whether a path is one of these. */
    static boolean isAbout(String path) {
        return ROUTES.stream().anyMatch(path::matches);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.POST && isFor(uri);
    }

    @Override
    public boolean mayWait() {
        return true;
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        String path = request.path();
        Principal principal = callers.who(request.method().name(), request.headers(), "");
        Decision decision = access.decide(principal, request.method(), path, List.of());
        if (request.method() != HttpMethod.POST
                || !(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.BODY))) {
            throw Lists.refused("this is not answered");
        }
        return jobs.holding(
                principal.name(), () -> events.orDenial(principal, request, () -> carryOut(principal, request)));
    }

    private RestAnswer carryOut(Principal principal, RestRequest request) {
        String path = request.path();
        String text = new String(Lists.body(request), StandardCharsets.UTF_8).strip();
        if (path.matches(FETCH)) {
            ObjectNode body = fetched(text);
            // By C-GET, which a modality may be set to, a job would store it, and tell nobody's title.
            if (!body.path("RetrieveMethod").asText(MOVE).equals(MOVE)) {
                throw Lists.refused("it is fetched by C-MOVE only").with("member", "RetrieveMethod");
            }
            body.put("RetrieveMethod", MOVE);
            return jobs.start(path, body, principal.name(), Coming.NOTHING, Jobs.waits(body));
        }
        if (path.matches(FETCH_AT_ONCE)) {
            ObjectNode body = toHere(members(Json.read(text.getBytes(StandardCharsets.UTF_8)), FETCHED_AT_ONCE));
            return jobs.start(path, body, principal.name(), Coming.NOTHING, Jobs.waits(body));
        }
        return ask(
                path,
                members(Json.read((text.isEmpty() ? "{}" : text).getBytes(StandardCharsets.UTF_8)), ASKED),
                principal);
    }

    private RestAnswer ask(String path, ObjectNode body, Principal principal) {
        HttpAnswer answer = post.apply(path, body.toString().getBytes(StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            return Jobs.refused(answer);
        }
        started.query(Json.read(answer.body()).path("ID").asText(), principal.name());
        return RestAnswer.of(200, "application/json", answer.body());
    }

    /** Orthanc takes a bare title as well. */
    private ObjectNode fetched(String text) {
        boolean bare = !text.startsWith("{") && !text.startsWith("\"");
        JsonNode read =
                bare ? JsonNodeFactory.instance.textNode(text) : Json.read(text.getBytes(StandardCharsets.UTF_8));
        ObjectNode body = read.isTextual()
                ? JsonNodeFactory.instance.objectNode().put("TargetAet", read.asText())
                : members(read, FETCHED);
        return toHere(body);
    }

    private ObjectNode toHere(ObjectNode body) {
        String target = body.path("TargetAet").asText("").strip();
        if (target.isEmpty()) {
            body.put("TargetAet", title);
        } else if (!target.equals(title)) {
            throw Lists.refused("it is fetched to this Orthanc only").with("TargetAet", target);
        }
        return body;
    }

    private static ObjectNode members(JsonNode body, Set<String> known) {
        if (!(body instanceof ObjectNode object)) {
            throw Lists.refused("the body is no JSON object");
        }
        OrderBody.requireMembers(object, known::contains);
        OrderBody.requireTimeout(object);
        return object;
    }
}
