package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * Has Orthanc make an image, a report in PDF for example, in a study or series of the caller's: it is whose that study is. What would begin
 * a study of its own can be stored as a file. Thread-safe.
 */
final class NewImages implements Answerer {
    private static final String ROUTE = "/tools/create-dicom";
    private static final Set<String> MEMBERS =
            Set.of("Parent", "Tags", "Content", "PrivateCreator", "InterpretBinaryTags", "Encapsulate");
    private static final int LONGEST = 16 << 20;
    private static final long PATIENCE_SECONDS = 3;

    private final Callers callers;
    private final Access access;
    private final Shown shown;
    private final Jobs jobs;
    private final BiFunction<String, byte[], HttpAnswer> post;
    private final Function<Resource, List<String>> keysOf;
    private final OrderEvents events;
    /** What is made of a body takes several times its memory. */
    private final Semaphore one = new Semaphore(1);

    /**
     * @param post to Orthanc itself, with what it says if it refuses
     * @param keysOf what the audit log calls the studies of a resource
     */
    NewImages(
            Callers callers,
            Access access,
            Shown shown,
            Jobs jobs,
            BiFunction<String, byte[], HttpAnswer> post,
            Function<Resource, List<String>> keysOf,
            OrderEvents events) {
        this.callers = callers;
        this.access = access;
        this.shown = shown;
        this.jobs = jobs;
        this.post = post;
        this.keysOf = keysOf;
        this.events = events;
    }

    @Override
    public List<String> routes() {
        return List.of(ROUTE);
    }

    @Override
    public boolean isFor(String path) {
        return isAbout(path);
    }

    static boolean isAbout(String path) {
        return path.equals(ROUTE);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.POST && isFor(uri);
    }

    @Override
    public boolean mayWait() {
        return true;
    }

    /** @throws StrongroomException REFUSED if that is not the caller's, or it is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        // An emergency is for looking.
        Principal principal =
                callers.who(request.method().name(), request.headers(), "").opening(Set.of());
        if (request.method() != HttpMethod.POST) {
            throw Lists.refused("this is not answered");
        }
        requireTheirs(principal, List.of()); // before anything is said of the body
        return jobs.holding(
                principal.name(), () -> events.orDenial(principal, request, () -> inTurn(principal, request)));
    }

    private RestAnswer inTurn(Principal principal, RestRequest request) {
        try {
            if (!one.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Jobs.tooMany();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is about to stop, and no image is made")
                    .causedBy(e);
        }
        try {
            return make(principal, request);
        } finally {
            one.release();
        }
    }

    private RestAnswer make(Principal principal, RestRequest request) {
        if (!(Json.read(Lists.body(request, LONGEST)) instanceof ObjectNode body)) {
            throw Lists.refused("the body is no JSON object");
        }
        OrderBody.requireMembers(body, MEMBERS::contains);
        String parent = body.path("Parent").asText();
        if (!parent.matches(Order.ID)) {
            throw Lists.refused("an image is made in a study or series only").with("member", "Parent");
        }
        requireTheirs(principal, List.of(parent));
        Optional<String> where = shown.find(parent).filter(path -> path.matches("/(studies|series)/.*"));
        if (where.isEmpty()) {
            throw Lists.refused("an image is made in a study or series only").with("member", "Parent");
        }
        requireOfItsParent(body.path("Tags"));
        requireOne(body.path("Content"));
        AuditEvent made = events.of(AuditType.MODIFY, principal, request).with("route", ROUTE);
        keysOf.apply(new Resource(Level.RESOURCE, false, parent)).forEach(key -> events.record(made.with("key", key)));
        requireTheirs(principal, List.of(parent)); // it may have become another's, or restricted, since
        HttpAnswer answer = post.apply(ROUTE, body.toString().getBytes(StandardCharsets.UTF_8));
        return answer.status() == 200 ? RestAnswer.of(200, "application/json", answer.body()) : Jobs.refused(answer);
    }

    /** Whose it is, and where it goes, must say its parent alone. */
    private static void requireOfItsParent(JsonNode tags) {
        if (!tags.isObject()) {
            throw Lists.refused("it is an object of tags and values").with("member", "Tags");
        }
        tags.fieldNames().forEachRemaining(name -> {
            OrderBody.requireTag(name);
            if (Stream.of(OrderBody.Tag.values()).anyMatch(tag -> tag.isNamed(name))) {
                throw Lists.refused("what identifies an image is its parent's, or made up")
                        .with("tag", name);
            }
        });
    }

    /** Of a list Orthanc makes several, each with tags of its own, and if one fails, it deletes the series that they came into. */
    private static void requireOne(JsonNode content) {
        if (!content.isMissingNode() && !content.isTextual()) {
            throw Lists.refused("it is the text of one image or document").with("member", "Content");
        }
    }

    private void requireTheirs(Principal principal, List<String> named) {
        Decision decision = access.decide(principal, HttpMethod.POST, ROUTE, List.of(), named);
        if (!(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.BODY))) {
            throw Lists.refused(Orders.NOT_THEIRS);
        }
    }
}
