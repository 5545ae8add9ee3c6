package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.tenancy.TenantLabels;

/** Orthanc's labels that something of the caller's has; without those that Strongroom itself writes. Thread-safe. */
final class LabelsInUse implements Answerer {
    private static final String ROUTE = "/tools/labels";
    private static final List<String> FOLDERS = List.of("/studies/", "/series/", "/instances/", "/patients/");
    /** Each is searched for. */
    private static final int MOST = 200;

    private final Callers callers;
    private final Access access;
    private final Lists lists;
    private final Shown shown;

    LabelsInUse(Callers callers, Access access, Lists lists, Shown shown) {
        this.callers = callers;
        this.access = access;
        this.lists = lists;
        this.shown = shown;
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
        return method == HttpMethod.GET && isFor(uri) && arguments.isEmpty();
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or there are so many that they are not looked through */
    @Override
    public RestAnswer handle(RestRequest request) {
        Principal principal = callers.who(request.method().name(), request.headers(), "");
        Decision decision = access.decide(principal, request.method(), request.path(), request.arguments());
        if (!answers(request.method(), request.path(), request.arguments())
                || !(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.FILTERED))) {
            throw Lists.refused("this is not answered");
        }
        JsonNode all = shown.get(ROUTE);
        if (all.size() > MOST) {
            throw Lists.refused("there are more labels than are looked through at once");
        }
        ArrayNode theirs = JsonNodeFactory.instance.arrayNode();
        for (JsonNode label : all) {
            if (!TenantLabels.isOne(label.asText()) && isTheirs(principal, label.asText())) {
                theirs.add(label);
            }
        }
        return RestAnswer.json(200, theirs + "\n");
    }

    private boolean isTheirs(Principal principal, String label) {
        ObjectNode having = JsonNodeFactory.instance.objectNode().put("LabelsConstraint", "Any");
        having.putArray("Labels").add(label);
        ObjectNode anything = JsonNodeFactory.instance.objectNode();
        return FOLDERS.stream()
                .map(folder -> new Search(folder, anything, false, false, new Page(0, 1), Set.of(), false, having))
                .anyMatch(search -> !lists.found(principal, search).isEmpty());
    }
}
