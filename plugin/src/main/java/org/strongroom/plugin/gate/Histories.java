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
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * Orthanc's logs of what changed and what was sent, one of its pages at a time, without what is not the caller's. Numbers and ends are
 * Orthanc's own: whoever goes on from {@code Last} until {@code Done} sees everything that is theirs. Thread-safe.
 */
final class Histories implements Answerer {
    private static final List<String> ROUTES = List.of("/changes", "/exports");
    private static final Set<String> ARGUMENTS = Set.of("since", "limit", "last", "to", "type");
    /** Entries of one page. */
    private static final long MOST = 1000;

    private static final Map<String, String> FOLDERS =
            Map.of("Patient", "/patients/", "Study", "/studies/", "Series", "/series/", "Instance", "/instances/");

    private final Callers callers;
    private final Access access;
    private final Shown shown;

    Histories(Callers callers, Access access, Shown shown) {
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
        return ROUTES.contains(path);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.GET
                && isFor(uri)
                && arguments.stream().map(Map.Entry::getKey).allMatch(ARGUMENTS::contains);
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        Inquiry inquiry = Inquiry.of(callers, access, request);
        if (inquiry.allows(HttpMethod.DELETE)) {
            shown.delete(request.path());
            return RestAnswer.of(200, "text/plain", new byte[0]);
        }
        inquiry.require(answers(request.method(), request.path(), request.arguments()), Set.of(Treatment.FILTERED));
        JsonNode page = shown.get(request.path() + Lists.query(bounded(request)));
        String entries = request.path().equals("/changes") ? "Changes" : "Exports";
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        page.properties().forEach(member -> {
            if (member.getValue().isNumber() || member.getValue().isBoolean()) {
                answer.set(member.getKey(), member.getValue());
            }
        });
        ArrayNode left = answer.putArray(entries);
        for (JsonNode entry : page.path(entries)) {
            String folder = FOLDERS.get(entry.path("ResourceType").asText());
            // What happened to a patient of several tenants may have been another's doing.
            if (folder != null
                    && inquiry.mine().entirely(folder + entry.path("ID").asText())) {
                left.add(entry);
            }
        }
        return Json.answer(answer);
    }

    /** The whole log would be held in memory; and Orthanc's versions differ in what no limit and a negative one are. */
    private static RestRequest bounded(RestRequest request) {
        return request.with(request.arguments().stream()
                .map(argument -> argument.getKey().equals("limit")
                        ? Map.entry("limit", Long.toString(bounded(argument.getValue())))
                        : argument)
                .toList());
    }

    private static long bounded(String limit) {
        long asked = Page.of(null, limit).limit();
        return asked == 0 ? MOST : Math.min(asked, MOST);
    }
}
