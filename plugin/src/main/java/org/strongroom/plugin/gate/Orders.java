package org.strongroom.plugin.gate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
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
import org.strongroom.plugin.tenancy.Started.Coming;

/**
 * What users have Orthanc do with what a body names: delete, modify, anonymize, merge, split, send. Orthanc does it if all of that is
 * the caller's; else nothing of it is done. Thread-safe.
 */
final class Orders implements Answerer {
    static final String NOT_THEIRS = "it is not there, or is another's";
    private static final String DELETES = "/tools/bulk-delete";

    private final Callers callers;
    private final Access access;
    private final NewStudies studies;
    private final Jobs jobs;
    private final BiFunction<String, byte[], HttpAnswer> post;
    private final Function<Resource, List<String>> keysOf;
    private final OrderEvents events;

    /**
     * @param post to Orthanc itself, with what it says if it refuses
     * @param keysOf what the audit log calls the studies of a resource
     */
    Orders(
            Callers callers,
            Access access,
            NewStudies studies,
            Jobs jobs,
            BiFunction<String, byte[], HttpAnswer> post,
            Function<Resource, List<String>> keysOf,
            OrderEvents events) {
        this.callers = callers;
        this.access = access;
        this.studies = studies;
        this.jobs = jobs;
        this.post = post;
        this.keysOf = keysOf;
        this.events = events;
    }

    @Override
    public List<String> routes() {
        return Order.routes();
    }

    @Override
    public boolean isFor(String path) {
        return Order.of(path).isPresent();
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.POST && isFor(uri);
    }

    @Override
    public boolean mayWait() {
        return true;
    }

    /** @throws StrongroomException REFUSED if not all of it is the caller's, or it is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        // An emergency is for looking.
        Principal principal =
                callers.who(request.method().name(), request.headers(), "").opening(Set.of());
        if (request.method() != HttpMethod.POST) {
            throw Lists.refused("this is not answered");
        }
        requireTheirs(principal, request.path(), List.of()); // before anything is said of the body
        return jobs.holding(
                principal.name(), () -> events.orDenial(principal, request, () -> carryOut(principal, request)));
    }

    private RestAnswer carryOut(Principal principal, RestRequest request) {
        String path = request.path();
        Order order = Order.of(path).orElseThrow();
        OrderBody body = OrderBody.read(order, Lists.body(request));
        List<String> named = body.named();
        requireTheirs(principal, path, named);
        List<String> sources = sources(path, named);
        List<String> going = body.takesSource() ? going(order, sources, named) : List.of();
        if (!going.isEmpty()) {
            requireTheirs(principal, DELETES, going);
        }
        if (order.sends() && !studies.maySend(path, named)) {
            throw Lists.refused(NOT_THEIRS);
        }
        Coming makes = order.changes() ? studies.of(body, sources) : Coming.NOTHING;
        try {
            AuditEvent ordered = events.of(order.type(), principal, request);
            // What the path names is recorded for every request.
            tell(order.sends() ? ordered.with("to", part(path, 2)) : ordered, named);
            if (order.changes()) {
                tell(events.of(AuditType.DELETE, principal, request), going);
            }
            requireTheirs(principal, path, named); // a patient may have become another's as well since
            return order.isJob()
                    ? jobs.start(path, body.json(), principal.name(), makes, Jobs.waits(body.json()))
                    : deleted(path, body);
        } finally {
            if (!jobs.expect(makes)) {
                studies.release(makes);
            }
        }
    }

    private RestAnswer deleted(String path, OrderBody body) {
        HttpAnswer answer = post.apply(path, body.json().toString().getBytes(StandardCharsets.UTF_8));
        return answer.status() == 200 ? RestAnswer.of(200, "application/json", answer.body()) : Jobs.refused(answer);
    }

    /** What is worked on: what the path names, and what the body does. */
    private static List<String> sources(String path, List<String> named) {
        String id = part(path, 2);
        return id.matches(Order.ID)
                ? Stream.concat(Stream.of(id), named.stream()).distinct().toList()
                : named;
    }

    /** The study that is merged into stays, and so does what is not split from it. */
    private static List<String> going(Order order, List<String> sources, List<String> named) {
        return order.takesSource() ? named : sources;
    }

    private static String part(String path, int number) {
        return path.split("/", -1)[number];
    }

    private void requireTheirs(Principal principal, String path, List<String> named) {
        Decision decision = access.decide(principal, HttpMethod.POST, path, List.of(), named);
        if (!(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.BODY))) {
            throw Lists.refused(NOT_THEIRS);
        }
    }

    private void tell(AuditEvent event, List<String> named) {
        named.stream()
                .flatMap(id -> keysOf.apply(new Resource(Level.RESOURCE, false, id)).stream())
                .distinct()
                .forEach(key -> events.record(event.with("key", key)));
    }
}
