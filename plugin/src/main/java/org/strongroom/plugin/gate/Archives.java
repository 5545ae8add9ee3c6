package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
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
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.tenancy.Started.Coming;

/**
 * Archives and media of what a body names, for Orthancs that take no list of them in the address (before 1.12.2): whoever answers a path
 * answers all its methods, and newer ones stream what an address names. Orthanc's job makes the archive, and Orthanc gives it. Thread-safe.
 */
final class Archives implements Answerer {
    private static final List<String> ROUTES =
            List.of("/tools/create-archive", "/tools/create-media", "/tools/create-media-extended");
    private static final Set<String> MEMBERS =
            Set.of("Resources", "Synchronous", "Asynchronous", "Priority", "Transcode", "Extended");

    private final Callers callers;
    private final Access access;
    private final Jobs jobs;
    private final Function<Resource, List<String>> keysOf;
    private final Consumer<AuditEvent> audit;

    /**
     * @param keysOf what the audit log calls the studies of a resource
     * @param audit returns when an event is durable
     */
    Archives(
            Callers callers,
            Access access,
            Jobs jobs,
            Function<Resource, List<String>> keysOf,
            Consumer<AuditEvent> audit) {
        this.callers = callers;
        this.access = access;
        this.jobs = jobs;
        this.keysOf = keysOf;
        this.audit = audit;
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
        return method == HttpMethod.POST && isFor(uri);
    }

    @Override
    public boolean mayWait() {
        return true;
    }

    /** @throws StrongroomException REFUSED if not all of it is the caller's, or it is asked in a way that is not answered here */
    @Override
    public RestAnswer handle(RestRequest request) {
        Principal principal = callers.who(request.method().name(), request.headers(), "");
        if (request.method() != HttpMethod.POST || principal.isLink()) {
            throw Lists.refused("this is not answered");
        }
        requireTheirs(principal, request.path(), List.of()); // before anything is said of the body
        return jobs.holding(principal.name(), () -> {
            try {
                return made(principal, request.path(), read(Lists.body(request)));
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.REFUSED) {
                    audit.accept(AuditEvent.of(AuditType.DENIAL)
                            .by(principal.name())
                            .refused(e.text())
                            .with("way", "rest"));
                }
                throw e;
            }
        });
    }

    private RestAnswer made(Principal principal, String path, ObjectNode body) {
        List<String> named = OrderBody.ids(body, "Resources");
        requireTheirs(principal, path, named);
        // That there was such a request is recorded where its path is seen.
        named.stream()
                .flatMap(id -> keysOf.apply(new Resource(Level.RESOURCE, false, id)).stream())
                .distinct()
                .forEach(key -> audit.accept(AuditEvent.of(AuditType.ARCHIVE)
                        .by(principal.name())
                        .with("way", "rest")
                        .with("route", path)
                        .with("key", key)));
        if (!Jobs.waits(body)) {
            return jobs.start(path, body, principal.name(), Coming.NOTHING, false);
        }
        return jobs.start(
                path,
                body,
                principal.name(),
                Coming.NOTHING,
                (job, state) -> RestAnswer.of(303, "", new byte[0]).with("Location", "../jobs/" + job + "/archive"));
    }

    /** A bare list is one of resources. */
    private static ObjectNode read(byte[] text) {
        JsonNode read = Json.read(text);
        ObjectNode body = read instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        if (!read.isObject()) {
            body.set("Resources", read);
        }
        OrderBody.requireMembers(body, MEMBERS::contains);
        return body;
    }

    private void requireTheirs(Principal principal, String path, List<String> named) {
        Decision decision = access.decide(principal, HttpMethod.POST, path, List.of(), named);
        if (!(decision instanceof Decision.Filter filter)
                || !filter.treatments().equals(Set.of(Treatment.BODY))) {
            throw Lists.refused(Orders.NOT_THEIRS);
        }
    }
}
