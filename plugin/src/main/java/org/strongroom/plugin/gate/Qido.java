package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * QIDO-RS with what is the caller's alone, in place of the DICOMweb plugin: some of its versions ask Orthanc in a way that no other plugin
 * sees. Answers are in JSON. Thread-safe.
 */
final class Qido implements Answerer {
    /** What else the plugin answers on these paths (STOW-RS), it takes before Strongroom is asked. */
    private static final List<String> PATHS = List.of(
            "/(studies|series|instances)",
            "/studies/[0-9.]+/(series|instances)",
            "/studies/[0-9.]+/series/[0-9.]+/instances");

    private static final String UNKNOWN =
            "An argument is not known, or a tag that is not answered. Cure: docs/access.md says which are\n";

    private static final Set<Treatment> DONE = Set.of(Treatment.FILTERED, Treatment.OWN, Treatment.REPORTS);

    private final Callers callers;
    private final Access access;
    private final Searches searches;
    private final Shown shown;
    private final DicomWeb web;
    private final FirstAsked first;
    private final List<Pattern> patterns;

    Qido(Callers callers, Access access, Searches searches, Shown shown, DicomWeb web, FirstAsked first) {
        this.callers = callers;
        this.access = access;
        this.searches = searches;
        this.shown = shown;
        this.web = web;
        this.first = first;
        this.patterns = routes().stream().map(Pattern::compile).toList();
    }

    @Override
    public List<String> routes() {
        String root = web.root().replace(".", "\\.");
        return PATHS.stream().map(path -> root + path).toList();
    }

    @Override
    public boolean isFor(String path) {
        String bare = bare(path);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(bare).matches());
    }

    /** Orthanc itself takes a slash at the end away, but tells the filter of it. */
    private static String bare(String path) {
        return path.replaceFirst("/$", "");
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.GET && isFor(uri) && first.holds();
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        if (first.isCall(request)) {
            return first.answer();
        }
        Principal principal = callers.who(request.method().name(), request.headers(), "");
        Decision decision = access.decide(principal, request.method(), request.path(), request.arguments());
        boolean done = decision instanceof Decision.Allow
                || (decision instanceof Decision.Filter filter && DONE.containsAll(filter.treatments()));
        if (request.method() != HttpMethod.GET || !done) {
            throw Lists.refused("this is not answered");
        }
        if (!takesJson(request.headers().getOrDefault("accept", "*/*"))) {
            return RestAnswer.of(406, "", new byte[0]);
        }
        if (!QidoRequest.knows(request.arguments())) {
            return RestAnswer.of(400, "text/plain", UNKNOWN.getBytes(StandardCharsets.UTF_8));
        }
        QidoRequest asked =
                QidoRequest.of(bare(request.path()).substring(web.root().length() + 1), request.arguments());
        List<String> found = searches.found(principal, asked.search(web.caseSensitive()));
        QidoRows rows = new QidoRows(asked, new Mine(access, principal), shown, web.address(request.headers()));
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        found.stream().limit(asked.page().limit()).forEach(uri -> rows.row(uri).ifPresent(answer::add));
        RestAnswer whole =
                RestAnswer.of(200, "application/dicom+json", (answer + "\n").getBytes(StandardCharsets.UTF_8));
        if (asked.fuzzy()) {
            whole = whole.with(
                    "Warning",
                    "299 strongroom \"The fuzzymatching parameter is not supported. Only literal matching has been performed.\"");
        }
        return found.size() > asked.page().limit()
                ? whole.with("Warning", "299 strongroom \"There are additional results that can be requested\"")
                : whole;
    }

    private static boolean takesJson(String accept) {
        return Stream.of(accept.split(",", -1))
                .map(type -> type.replaceFirst(";.*", "").strip())
                .anyMatch(Set.of("application/dicom+json", "application/json", "application/*", "*/*", "")::contains);
    }
}
