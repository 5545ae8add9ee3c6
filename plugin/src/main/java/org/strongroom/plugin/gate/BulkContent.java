package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * What Orthanc says of many resources that a body names. What is another's is left out, as Orthanc leaves out what it does not have.
 * Thread-safe.
 */
final class BulkContent implements Answerer {
    private static final String ROUTE = "/tools/bulk-content";
    private static final Set<String> MEMBERS = Set.of("Resources", "Level", "Metadata");
    /** What a report says is not among the main tags. */
    private static final Set<Treatment> DONE = Set.of(Treatment.BODY, Treatment.REPORTS);

    /** From the outside in. */
    private static final List<String> FOLDERS = List.of("/patients/", "/studies/", "/series/", "/instances/");

    private static final List<String> BELOW = List.of("Studies", "Series", "Instances");
    private static final List<String> ABOVE = List.of("ParentPatient", "ParentStudy", "ParentSeries");

    private final Callers callers;
    private final Access access;
    private final Shown shown;
    private final int most;

    BulkContent(Callers callers, Access access, Shown shown) {
        this(callers, access, shown, 10_000);
    }

    /** @param most resources in one answer */
    BulkContent(Callers callers, Access access, Shown shown, int most) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
        this.most = most;
    }

    @Override
    public List<String> routes() {
        return List.of(ROUTE);
    }

    @Override
    public boolean isFor(String path) {
        return path.equals(ROUTE);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.POST && isFor(uri);
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        Principal principal = callers.who(request.method().name(), request.headers(), "")
                .opening(Set.of()); // what an emergency opens is told by its path
        Inquiry inquiry = Inquiry.of(access, principal, request);
        inquiry.require(request.method() == HttpMethod.POST, DONE);
        if (!(Json.read(Lists.body(request)) instanceof ObjectNode body)) {
            throw Lists.refused("the body is no JSON object");
        }
        OrderBody.requireMembers(body, member -> MEMBERS.contains(member) || TagFormat.MEMBERS.contains(member));
        boolean metadata = OrderBody.flag(body, "Metadata").orElse(true);
        Detail detail = new Detail(Set.of(), TagFormat.of(body));
        Mine mine = inquiry.mine();
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (String uri : asked(mine, body)) {
            described(mine, uri, detail, metadata).ifPresent(answer::add);
        }
        return Json.answer(answer);
    }

    private Collection<String> asked(Mine mine, ObjectNode body) {
        Optional<Integer> level = Optional.empty();
        if (body.has("Level")) {
            int rank = FOLDERS.indexOf(Search.folder(body.path("Level").asText()));
            if (rank < 0) {
                throw Lists.refused("it is Patient, Study, Series or Instance").with("member", "Level");
            }
            level = Optional.of(rank);
        }
        Collection<String> asked = level.isPresent() ? new TreeSet<>() : new LinkedHashSet<>();
        Set<String> visited = new HashSet<>();
        for (String id : new LinkedHashSet<>(OrderBody.ids(body, "Resources"))) {
            Optional<String> uri = shown.find(id);
            if (uri.isPresent()) {
                int here = FOLDERS.indexOf(uri.get().substring(0, uri.get().lastIndexOf('/') + 1));
                add(mine, id, here, level.orElse(here), visited, asked);
            }
        }
        return asked;
    }

    /** What is at the level that is asked for, above or below a resource; only what the caller may see on the way. */
    private void add(Mine mine, String id, int here, int level, Set<String> visited, Collection<String> asked) {
        String uri = FOLDERS.get(here) + id;
        if (!visited.add(uri)) {
            return;
        }
        if (visited.size() > most) {
            throw Lists.refused("it is more than is described at once, so ask for less");
        }
        if (here == level) {
            asked.add(uri);
            return;
        }
        JsonNode resource = mine.resource(shown, uri).orElse(JsonNodeFactory.instance.objectNode());
        if (here < level) {
            resource.path(BELOW.get(here)).forEach(child -> add(mine, child.asText(), here + 1, level, visited, asked));
        } else if (resource.has(ABOVE.get(here - 1))) {
            add(mine, resource.path(ABOVE.get(here - 1)).asText(), here - 1, level, visited, asked);
        }
    }

    private Optional<JsonNode> described(Mine mine, String uri, Detail detail, boolean metadata) {
        Optional<JsonNode> resource = mine.resource(shown, uri, detail);
        if (metadata && resource.isPresent()) {
            JsonNode theirs = mine.metadata(shown, uri).orElse(JsonNodeFactory.instance.objectNode());
            ((ObjectNode) resource.get()).set("Metadata", theirs);
        }
        return resource;
    }
}
