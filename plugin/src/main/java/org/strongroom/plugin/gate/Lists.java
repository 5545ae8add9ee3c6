package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.access.Siblings;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.tenancy.TenantLabels;

/**
 * Lists and searches of Orthanc, and single patients and studies, with what is the caller's alone. Each resource is in them that the caller could ask for by its id:
 * there is one decision, and no second one that could differ. Thread-safe.
 */
public final class Lists implements RestHandler {
    private static final String ONE = "/(patients|studies)/[0-9a-f]{8}(-[0-9a-f]{8}){4}";

    /** For {@link org.strongroom.plugin.bridge.PluginApplication#routes}. */
    public static final List<String> ROUTES =
            List.of("/patients", "/studies", "/series", ONE, "/tools/find", "/tools/lookup", "/tools/count-resources");

    private static final Set<String> REQUESTED = Set.of("requestedTags", "requested-tags");
    private static final Set<String> PAGE = Set.of("since", "limit", "expand", "requestedTags", "requested-tags");
    /** What a report says is not among the tags that are shown here. */
    private static final Set<Treatment> DONE = Set.of(Treatment.FILTERED, Treatment.OWN, Treatment.REPORTS);

    private static final Page ALL = new Page(0, 0);
    private static final int LONGEST_BODY = 1 << 20;
    /** Some 70 MB while they are looked through. */
    private static final int MOST_HELD = 500_000;

    private final Callers callers;
    private final Access access;
    private final Shown shown;
    private final Optional<TenantLabels> labels;
    private final int mostHeld;

    /** @param labels if Orthanc knows any */
    Lists(Callers callers, Access access, Shown shown, Optional<TenantLabels> labels) {
        this(callers, access, shown, labels, MOST_HELD);
    }

    /** @param mostHeld of everybody's matches of one search */
    Lists(Callers callers, Access access, Shown shown, Optional<TenantLabels> labels, int mostHeld) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
        this.labels = labels;
        this.mostHeld = mostHeld;
    }

    /** Whether this is a list that can be answered in this way; Orthanc knows more arguments. */
    static boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        if (uri.startsWith("/tools/")) {
            return method == HttpMethod.POST && answers(uri);
        }
        return method == HttpMethod.GET
                && answers(uri)
                && arguments.stream().map(Map.Entry::getKey).allMatch((isOne(uri) ? REQUESTED : PAGE)::contains);
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
        Principal principal = callers.who(request.method().name(), request.headers(), "");
        Decision decision = access.decide(principal, request.method(), request.path(), request.arguments());
        if (isOne(request.path())) {
            return one(principal, request, decision);
        }
        if (!answers(request.method(), request.path(), request.arguments())
                || !(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.FILTERED))) {
            throw refused("this is not answered");
        }
        return switch (request.path()) {
            case "/tools/find" -> find(principal, body(request));
            case "/tools/count-resources" -> count(principal, body(request));
            case "/tools/lookup" -> lookup(principal, body(request));
            default -> list(principal, request);
        };
    }

    /** Orthanc would answer as well, but for a patient who is another's, too. */
    private RestAnswer one(Principal principal, RestRequest request, Decision before) {
        String uri = request.path();
        Decision decision = before;
        if (decision instanceof Decision.Allow && request.method() == HttpMethod.DELETE) {
            String patient = shown.get(uri).path("ParentPatient").asText("");
            shown.delete(uri);
            return json(remaining(principal, patient));
        }
        if (decision instanceof Decision.Allow && request.method() == HttpMethod.GET) {
            JsonNode whole = shown.get(uri + query(request));
            decision = access.decide(principal, request.method(), uri, request.arguments());
            if (decision instanceof Decision.Allow) {
                return json(whole);
            } // else a part of it has become another's meanwhile
        }
        boolean filtered = decision instanceof Decision.Filter filter && DONE.containsAll(filter.treatments());
        if (!filtered || !answers(request.method(), uri, request.arguments())) {
            throw refused("this is not answered");
        }
        return json(expanded(principal, requested(request, uri.substring(0, uri.lastIndexOf('/') + 1)))
                .of(uri, decision)
                .orElseThrow(() -> refused("it is gone meanwhile")));
    }

    /**
     * Tags that are asked for beside the main ones, as newer Orthancs understand it.
     *
     * @param folder of what they are asked of
     */
    private static Set<String> requested(RestRequest request, String folder) {
        Set<String> requested = new TreeSet<>();
        for (Map.Entry<String, String> argument : request.arguments()) {
            if (REQUESTED.contains(argument.getKey())) {
                for (String tag : list(argument.getValue()).split("[;,]", -1)) {
                    Search.requireShown(tag, folder);
                    requested.add(tag);
                }
            }
        }
        return requested;
    }

    /** Browsers write lists with these; Orthanc's versions differ in what they decode. */
    private static String list(String value) {
        return value.replaceAll("(?i)%3b", ";").replaceAll("(?i)%2c", ",");
    }

    /** Orthanc's versions do not all tell a plugin; and the patient may be there still and not the caller's. */
    private ObjectNode remaining(Principal principal, String patient) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().putNull("RemainingAncestor");
        String path = "/patients/" + patient;
        if (!patient.isEmpty() && mine(principal, path).isPresent()) {
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

    private RestAnswer list(Principal principal, RestRequest request) {
        Map<String, String> query = request.query();
        List<String> ids = new ArrayList<>();
        shown.get(request.path()).forEach(id -> ids.add(id.asText()));
        boolean expand = query.containsKey("expand") && !query.get("expand").equals("false");
        String folder = request.path() + "/";
        Siblings all = access.siblings(principal, folder);
        Set<String> requested = requested(request, folder);
        Entry entry = requested.isEmpty()
                ? expanded(principal, new Slices(shown, request.path(), ids))
                : expanded(principal, requested);
        return page(
                new Matches(folder, ids, false),
                List.of(new Round(Matches::uris, uri -> mine(all, uri))),
                Page.of(query.get("since"), query.get("limit")),
                expand ? entry : Lists::id);
    }

    private RestAnswer find(Principal principal, byte[] body) {
        Search search = Search.of(Json.read(body));
        Siblings siblings = access.siblings(principal, search.folder());
        Function<String, Optional<Decision>> all = uri -> match(principal, search, siblings, uri);
        return page(
                matches(principal, search),
                search.isOrderedByPatient()
                        ? List.of(
                                new Round(Matches::uris, uri -> all.apply(uri)
                                        .filter(found -> isOfOne(principal, uri, found))),
                                // Also among each other they would stand as another's tags order them.
                                new Round(found -> found.uris().sorted(), uri -> all.apply(uri)
                                        .filter(found -> !isOfOne(principal, uri, found))))
                        : List.of(new Round(Matches::uris, all)),
                search.page(),
                search.metadata()
                        ? metadata(principal)
                        : search.expand() ? expanded(principal, search.requested()) : Lists::id);
    }

    /** The page of a search, as paths. */
    List<String> found(Principal principal, Search search) {
        List<String> found = new ArrayList<>();
        long at = 0;
        Matches matches = matches(principal, search);
        Siblings siblings = access.siblings(principal, search.folder());
        for (String uri : (Iterable<String>) matches.uris()::iterator) {
            if (search.page().isOver(at)) {
                return found;
            }
            if (match(principal, search, siblings, uri).isPresent()
                    && search.page().holds(at++)) {
                found.add(uri);
            }
        }
        matches.requireWhole(search.page(), at);
        return found;
    }

    private RestAnswer count(Principal principal, byte[] body) {
        Search search = Search.of(Json.read(body));
        Matches matches = matches(principal, search);
        Siblings siblings = access.siblings(principal, search.folder());
        long count = matches.uris()
                .filter(uri -> match(principal, search, siblings, uri).isPresent())
                .count();
        matches.requireWhole(ALL, count);
        return json(JsonNodeFactory.instance.objectNode().put("Count", count));
    }

    /**
     * Everybody's matches. In one piece: no Orthanc promises an order in which pages of its own would fit together.
     *
     * @param cut whether there are more
     */
    private record Matches(String folder, List<String> ids, boolean cut) {
        Stream<String> uris() {
            return ids.stream().map(folder::concat);
        }

        /** A page that could go on in what was cut off would seem to be the last one. */
        void requireWhole(Page page, long place) {
            if (cut && !page.isOver(place)) {
                throw refused("the search finds more than can be looked through at once, so narrow it");
            }
        }
    }

    private Matches matches(Principal principal, Search search) {
        List<String> ids = new ArrayList<>();
        byte[] body = labelled(principal, search).everything(mostHeld + 1);
        for (JsonNode id : shown.post("/tools/find", body)) {
            if (ids.size() == mostHeld) {
                return new Matches(search.folder(), ids, true);
            }
            ids.add(id.asText());
        }
        return new Matches(search.folder(), ids, false);
    }

    /** Orthanc itself leaves out what it can: less is looked through here. */
    private Search labelled(Principal principal, Search search) {
        if (labels.filter(TenantLabels::areKnown).isEmpty()) {
            return search;
        }
        Search asked = search.asksForBareStudies() ? search.forStudiesWithout(usersLabels()) : search;
        return asked.leavingOut(
                labels.get().ofOthers(tenant -> principal.reach("study:view", tenant) != Reach.NOTHING));
    }

    /** All but those that every study has from Strongroom. */
    private Set<String> usersLabels() {
        Set<String> theirs = new TreeSet<>();
        for (JsonNode label : shown.get("/tools/labels")) {
            if (!TenantLabels.isOne(label.asText())) {
                theirs.add(label.asText());
            }
        }
        return theirs;
    }

    /**
     * One way through everybody's matches.
     *
     * @param left what becomes of each; empty if it is left out
     */
    private record Round(Function<Matches, Stream<String>> order, Function<String, Optional<Decision>> left) {}

    /** Where only tags of the patient were asked for, and they may be those that another has sent, nothing is said. */
    private Optional<Decision> match(Principal principal, Search search, Siblings siblings, String uri) {
        return mine(siblings, uri).filter(found -> !search.asksForPatient() || isOfOne(principal, uri, found));
    }

    /** Whether its patient is the caller's alone: of a series or image its study tells, by which Orthanc finds it. */
    private boolean isOfOne(Principal principal, String uri, Decision found) {
        boolean below = uri.startsWith("/instances/") || uri.startsWith("/series/");
        return below
                ? shown.studyOf(uri)
                        .flatMap(study -> mine(principal, study))
                        .filter(Lists::isWhole)
                        .isPresent()
                : isWhole(found);
    }

    private RestAnswer lookup(Principal principal, byte[] body) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (JsonNode found : shown.post("/tools/lookup", body)) {
            if (mine(principal, found.path("Path").asText()).isPresent()) {
                answer.add(found);
            }
        }
        return json(answer);
    }

    /** Makes what stands in a list for a match; empty if that is gone meanwhile. */
    private interface Entry {
        Optional<JsonNode> of(String uri, Decision decision);
    }

    /**
     * The page is one of what is left.
     *
     * @param rounds one after the other
     */
    private static RestAnswer page(Matches matches, List<Round> rounds, Page page, Entry entry) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        long at = 0;
        for (Round round : rounds) {
            for (String uri : (Iterable<String>) round.order().apply(matches)::iterator) {
                if (page.isOver(at)) {
                    return json(answer);
                }
                Optional<Decision> decision = round.left().apply(uri);
                if (decision.isPresent() && page.holds(at++)) {
                    entry.of(uri, decision.get()).ifPresent(answer::add);
                }
            }
            matches.requireWhole(page, at);
        }
        return json(answer);
    }

    private static Optional<JsonNode> id(String uri, Decision decision) {
        return Optional.of(TextNode.valueOf(idOf(uri)));
    }

    private static String idOf(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    private Entry expanded(Principal principal, Slices slices) {
        Entry byId = expanded(principal, Set.of());
        return (uri, decision) -> (isWhole(decision) ? slices.find(idOf(uri)) : Optional.<JsonNode>empty())
                .or(() -> byId.of(uri, decision));
    }

    /** @param requested tags beside the main ones */
    private Entry expanded(Principal principal, Set<String> requested) {
        return (uri, decision) ->
                shown.resource(uri, requested, isOwn(decision), isPart(decision), study -> mine(principal, study)
                        .isPresent());
    }

    /** That of a patient of several says what another does: it is left out, as it is refused by its path. */
    private Entry metadata(Principal principal) {
        return (uri, decision) -> {
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            entry.put("ID", idOf(uri));
            try {
                boolean whole = mine(principal, uri + "/metadata")
                        .filter(Decision.Allow.class::isInstance)
                        .isPresent();
                entry.set("Metadata", whole ? shown.get(uri + "/metadata?expand") : entry.objectNode());
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.NOT_FOUND) {
                    return Optional.empty();
                }
                throw e;
            }
            return Optional.of(entry);
        };
    }

    /** What becomes of a request for this resource; empty if it is refused. */
    private Optional<Decision> mine(Principal principal, String uri) {
        return given(access.decide(principal, HttpMethod.GET, uri, List.of()));
    }

    /** The same of one of many. */
    private static Optional<Decision> mine(Siblings siblings, String uri) {
        return given(siblings.decide(idOf(uri)));
    }

    private static Optional<Decision> given(Decision decision) {
        return decision instanceof Decision.Deny ? Optional.empty() : Optional.of(decision);
    }

    private static boolean isOwn(Decision decision) {
        return decision instanceof Decision.Filter filter && filter.treatments().contains(Treatment.OWN);
    }

    /** Whether it is shown as Orthanc has it. */
    private static boolean isWhole(Decision decision) {
        return !isOwn(decision) && !isPart(decision);
    }

    private static boolean isPart(Decision decision) {
        return decision instanceof Decision.Filter filter && filter.treatments().contains(Treatment.FILTERED);
    }

    static byte[] body(RestRequest request) {
        ByteSource body = request.body();
        if (body.size() > LONGEST_BODY) {
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

    private static RestAnswer json(JsonNode answer) {
        return RestAnswer.json(200, answer + "\n");
    }
}
