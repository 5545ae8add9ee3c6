package org.strongroom.plugin.watch;

import java.lang.System.Logger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.audit.Viewing;
import org.strongroom.plugin.audit.Viewings;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.tenancy.Sender;

/**
 * Records what is asked for by HTTP before it is answered: views and searches as sessions, everything else one by one. Never refuses by
 * itself, and never fails: what the inner filter says stands, whatever becomes of the event. Thread-safe.
 */
public final class HttpWatch implements HttpFilter {
    private static final Logger LOG = System.getLogger(HttpWatch.class.getName());

    private final HttpFilter access;
    private final RouteTable routes;
    private final LookUps lookUps;
    private final Viewings viewings;
    private final Consumer<AuditEvent> audit;
    private final Runnable settings;
    private final Runnable jobs;
    /** Classes of what was thrown: each is told once, since it may come with every request. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param access decides; the token of what it lets through says who it is
     * @param audit returns when an event is durable; does not throw for want of a disk
     * @param settings told before settings are changed
     * @param jobs told before something is ordered that Orthanc does by a job
     */
    HttpWatch(
            HttpFilter access,
            RouteTable routes,
            LookUps lookUps,
            Viewings viewings,
            Consumer<AuditEvent> audit,
            Runnable settings,
            Runnable jobs) {
        this.access = access;
        this.routes = routes;
        this.lookUps = lookUps;
        this.viewings = viewings;
        this.audit = audit;
        this.settings = settings;
        this.jobs = jobs;
    }

    @Override
    public Decision decide(Question question) throws StrongroomException {
        Decision decision = access.decide(question);
        if (decision.isAllowed()) {
            try {
                watch(question, Sender.asker(decision.token()));
            } catch (RuntimeException e) {
                tell(e);
            }
        }
        return decision;
    }

    private void watch(Question question, String user) {
        routes.find(question.method(), question.uri(), question.arguments())
                // Arguments that the table does not read ("_method" is one) must not hide what was asked for.
                .or(() -> routes.find(question.method(), question.uri(), List.of()))
                .ifPresentOrElse(match -> record(question, user, match), () -> unlisted(question, user));
    }

    /** Not its message: it may name what was asked for. */
    private void tell(RuntimeException e) {
        String what = e.getClass().getName();
        if (told.add(what)) {
            LOG.log(
                    Logger.Level.ERROR,
                    "A request could not be recorded in the audit log, and is answered all the same: {0}",
                    what);
        }
    }

    private void record(Question question, String user, RouteTable.Match match) {
        Optional<Asked> asked = Asked.of(question.method(), match.route());
        if (asked.isEmpty()) {
            return;
        }
        List<Resource> stored = stored(match.named());
        Map<String, String> details = new LinkedHashMap<>();
        details.put("way", Asked.way(match.route().path()));
        match.named().stream()
                .filter(resource -> !resource.level().isStored())
                .findFirst()
                .ifPresent(remote -> details.put(remote.level().toString(), remote.id()));
        if (asked.get().isSession()) {
            session(question, user, asked.get(), match, stored, details);
        } else {
            details.put("route", match.route().path());
            single(question, user, asked.get().type(), stored, details);
            if (asked.get().type() == AuditType.SETTINGS) {
                settings.run();
            } else if (isDoneByJob(
                    question.method(), match.route().path(), asked.get().type())) {
                jobs.run();
            }
        }
    }

    /** Labels and metadata are put at once; so is what becomes of one image or attachment, and what is sent from a request's body. */
    private static boolean isDoneByJob(HttpMethod method, String path, AuditType type) {
        if (path.endsWith("/store-straight")
                || path.startsWith("/instances/")
                || path.startsWith("/jobs/") // what one has made is fetched
                || path.contains("/attachments/")) {
            return false;
        }
        return switch (type) {
            case TRANSFER_BEGIN, ARCHIVE -> true;
            case MODIFY, ANONYMISE -> method == HttpMethod.POST;
            default -> false;
        };
    }

    /** The innermost, which the others have; or all of a list. */
    private static List<Resource> stored(List<Resource> named) {
        List<Resource> stored =
                named.stream().filter(resource -> resource.level().isStored()).toList();
        boolean listed = stored.stream().allMatch(resource -> resource.level() == Level.RESOURCE);
        return listed ? stored : stored.subList(stored.size() - 1, stored.size());
    }

    private Set<String> keysOf(List<Resource> stored) {
        Set<String> keys = new LinkedHashSet<>();
        stored.forEach(resource -> keys.addAll(lookUps.keysOf(resource)));
        return keys;
    }

    private void session(
            Question question,
            String user,
            Asked asked,
            RouteTable.Match match,
            List<Resource> stored,
            Map<String, String> details) {
        if (asked.type() == AuditType.QUERY) {
            details.put("route", match.route().path());
            viewings.asked(new Viewing(AuditType.QUERY, user, question.ip(), "", details));
            return;
        }
        details.put("what", asked.what());
        Optional<String> instance = stored.stream()
                .filter(resource -> resource.level() == Level.INSTANCE)
                .map(Resource::id)
                .findFirst();
        Optional<String> level =
                stored.stream().findFirst().map(resource -> resource.level().toString());
        for (String key : stored.isEmpty() ? LookUps.UNKNOWN : keysOf(stored)) {
            details.put("key", key);
            viewings.asked(new Viewing(AuditType.VIEW, user, question.ip(), key, details), level, instance);
        }
    }

    private void single(
            Question question, String user, AuditType type, List<Resource> stored, Map<String, String> details) {
        AuditEvent event = AuditEvent.of(type).by(user).fromAddress(question.ip());
        for (Map.Entry<String, String> detail : details.entrySet()) {
            event = event.with(detail.getKey(), detail.getValue());
        }
        if (stored.isEmpty()) {
            audit.accept(event);
            return;
        }
        for (String key : keysOf(stored)) {
            audit.accept(event.with("level", stored.get(0).level()).with("key", key));
        }
    }

    /** Another plugin's, or written in a way of its own: only without access control does it get as far as here. */
    private void unlisted(Question question, String user) {
        if (question.method() == HttpMethod.DELETE) {
            audit.accept(AuditEvent.of(AuditType.DELETE)
                    .by(user)
                    .fromAddress(question.ip())
                    .with("way", "unlisted"));
            return;
        }
        viewings.asked(new Viewing(
                AuditType.QUERY,
                user,
                question.ip(),
                "",
                Map.of("way", "unlisted", "method", question.method().name())));
    }
}
