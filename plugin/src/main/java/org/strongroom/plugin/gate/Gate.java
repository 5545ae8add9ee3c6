package org.strongroom.plugin.gate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reason;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.login.page.LoginPages;
import org.strongroom.plugin.tenancy.Sender;

/** Lets a request pass, or refuses and records it: {@link #decide} is an {@link HttpFilter}. Thread-safe. */
final class Gate {
    /** Remembered, so that each is recorded once; of more it is recorded again. */
    private static final int MOST_USED = 10_000;

    private final Callers callers;
    private final Access access;
    private final Function<Principal, Optional<String>> uploads;
    private final boolean namesFromImages;
    private final boolean metadataOfFiles;
    private final Peers peers;
    private final List<Answerer> answerers;
    private final Consumer<AuditEvent> audit;
    private final NamelessDenials nameless;
    /** What was answered in which emergency. */
    private final Set<String> used = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_USED;
        }
    }));

    /**
     * @param uploads the tenant of what somebody stores
     * @param namesFromImages whether Orthanc names an archive's folders after its images; else after the tags that came first
     * @param metadataOfFiles whether the metadata of DICOMweb are those of each image; else patients' are those that came first
     * @param peers told where a request for the login's pages comes from, an {@link Order} and one of {@link Queries}
     * @param answerers who answer what they can without what is another's
     * @param nameless denials to who has not logged in
     * @param audit returns when an event is durable
     */
    Gate(
            Callers callers,
            Access access,
            Function<Principal, Optional<String>> uploads,
            boolean namesFromImages,
            boolean metadataOfFiles,
            Peers peers,
            List<Answerer> answerers,
            NamelessDenials nameless,
            Consumer<AuditEvent> audit) {
        this.callers = callers;
        this.access = access;
        this.uploads = uploads;
        this.namesFromImages = namesFromImages;
        this.metadataOfFiles = metadataOfFiles;
        this.peers = peers;
        this.answerers = List.copyOf(answerers);
        this.nameless = nameless;
        this.audit = audit;
    }

    /** As {@link HttpFilter#decide}. */
    HttpFilter.Decision decide(HttpFilter.Question question) {
        Principal principal = callers.who(question.method().name(), question.headers(), question.ip());
        Decision decision = access.decide(principal, question.method(), question.uri(), question.arguments());
        Optional<String> tenant = uploads.apply(principal);
        List<Map.Entry<String, String>> meant = Arguments.meant(question.arguments());
        String why;
        if (decision instanceof Decision.Deny denied) {
            why = sentence(denied.reason());
        } else if (decision instanceof Decision.Filter filter
                && !isUpload(question.method(), filter, tenant)
                && !isOwnArchive(filter)
                && !isOwnMetadata(filter)
                && !Lists.answers(question.method(), question.uri(), meant)
                && answerers.stream().noneMatch(one -> one.answers(question.method(), question.uri(), meant))) {
            why = "what is another's cannot be left out of this answer";
        } else {
            tellIfOpened(question, principal, decision);
            String path = flat(question.uri());
            if (LoginPages.answers(path) || isOrder(question.method(), path)) {
                peers.note(question.headers(), question.ip());
            }
            return HttpFilter.Decision.allow(
                    Sender.of(principal, tenant, question.ip()).token());
        }
        AuditEvent denial = AuditEvent.of(AuditType.DENIAL)
                .by(principal.isNobody() ? AuditEvent.NOBODY : principal.name())
                .fromAddress(question.ip())
                .refused(why)
                .with("method", question.method());
        AuditEvent event = access.route(question.method(), question.uri(), question.arguments())
                .map(route -> denial.with("route", route.path()))
                .orElse(denial);
        if (principal.isNobody()) { // wrong passwords are recorded by the login
            nameless.of(question.ip(), event).ifPresent(audit);
        } else {
            audit.accept(
                    principal.tenants().size() == 1
                            ? event.ofTenant(principal.tenants().iterator().next())
                            : event);
        }
        return HttpFilter.Decision.deny();
    }

    private static boolean isOrder(HttpMethod method, String path) {
        return method == HttpMethod.POST
                && (Order.of(path).isPresent() || Queries.isAbout(path) || NewImages.isAbout(path));
    }

    /** As Orthanc tells it to who answers: without the slashes that say nothing. */
    private static String flat(String uri) {
        return uri.replaceAll("/+", "/").replaceFirst("(?<=.)/$", "");
    }

    /** What is answered only because of an emergency is recorded, each resource once in each. */
    private void tellIfOpened(HttpFilter.Question question, Principal principal, Decision decision) {
        if (principal.opened().isEmpty()
                || decision.equals(access.decide(
                        principal.opening(Set.of()), question.method(), question.uri(), question.arguments()))) {
            return;
        }
        String route = decision instanceof Decision.Allow allow
                ? allow.route().path()
                : ((Decision.Filter) decision).route().path();
        String emergencies = principal.opened().stream()
                .map(Principal.Opened::emergency)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        String listed = route.contains("?") ? " " + question.arguments() : ""; // they name something
        String use = emergencies + " " + question.method() + " " + question.uri() + listed;
        if (!used.contains(use)) {
            audit.accept(AuditEvent.of(AuditType.BREAK_GLASS_USE)
                    .by(principal.name())
                    .fromAddress(question.ip())
                    .with("emergency", emergencies)
                    .with("method", question.method())
                    .with("route", route));
            used.add(use); // only now: it is durable
        }
    }

    /** The body is what is stored; the token says whose it becomes, whatever it names. */
    private static boolean isUpload(HttpMethod method, Decision.Filter filter, Optional<String> tenant) {
        String path = filter.route().path();
        return method == HttpMethod.POST
                && tenant.isPresent()
                && filter.treatments().equals(Set.of(Treatment.BODY))
                && (path.equals("/instances") || path.endsWith("/studies") || path.endsWith("/studies/{study-uid}"));
    }

    /** Where several resources are asked for, the folders of a patient of several are named after what came first in any version. */
    private boolean isOwnArchive(Decision.Filter filter) {
        return namesFromImages
                && filter.treatments().equals(Set.of(Treatment.OWN))
                && filter.route().path().endsWith("/archive");
    }

    private boolean isOwnMetadata(Decision.Filter filter) {
        return metadataOfFiles
                && filter.treatments().equals(Set.of(Treatment.OWN))
                && filter.route().path().matches(".*/\\{study-uid}/(.*/)?metadata");
    }

    private static String sentence(Reason reason) {
        return switch (reason) {
            case NOT_CANONICAL -> "the request could be read in several ways";
            case UNKNOWN_ROUTE -> "no such route is known";
            case CLOSED -> "nobody may ask for this";
            case NOT_LOGGED_IN -> "nobody is logged in";
            case NOT_PERMITTED -> "no role permits it";
            case NOT_THEIRS -> "it is not there, or is another's";
            case SHARED -> "it is the caller's in part";
        };
    }
}
