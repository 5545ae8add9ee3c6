package org.strongroom.plugin.gate;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.login.Login;

/**
 * Sends a browser that nobody has logged in with to the login page, and everybody else away: {@link #authenticate} is an {@link
 * HttpAuthentication}. Whoever is let in here is still asked by the {@link Gate}, which knows the method as well. Thread-safe.
 */
final class Entrance {
    private final Callers callers;
    private final Access access;
    private final OwnMedium media;
    private final NamelessDenials nameless;
    private final Consumer<AuditEvent> audit;

    /** @param audit returns when an event is durable */
    Entrance(Callers callers, Access access, OwnMedium media, NamelessDenials nameless, Consumer<AuditEvent> audit) {
        this.callers = callers;
        this.access = access;
        this.media = media;
        this.nameless = nameless;
        this.audit = audit;
    }

    /** As {@link HttpAuthentication#authenticate}. */
    HttpAuthentication.Answer authenticate(HttpAuthentication.Question question) {
        boolean isPublic = access.decide(Principal.NOBODY, HttpMethod.GET, question.uri(), question.arguments())
                instanceof Decision.Allow;
        // Asked second: a wrong password must not count twice.
        Principal principal = isPublic ? Principal.NOBODY : callers.who("GET", question.headers(), question.ip());
        if (isPublic || !principal.isNobody()) {
            return (sends(question.headers()) ? Optional.<String>empty() : media.of(principal, question))
                    .map(HttpAuthentication.Answer::redirect)
                    .orElse(HttpAuthentication.Answer.granted(""));
        }
        if (isBrowsers(question.headers())) {
            return HttpAuthentication.Answer.redirect(Login.linkFrom(question.uri(), question.arguments()));
        }
        nameless.of(
                        question.ip(),
                        AuditEvent.of(AuditType.DENIAL)
                                .by(AuditEvent.NOBODY)
                                .fromAddress(question.ip())
                                .refused("nobody is logged in"))
                .ifPresent(audit);
        return HttpAuthentication.Answer.unauthorized();
    }

    /** Whether somebody opens a page. A viewer's own requests and programs would take the login page for an answer. */
    private static boolean isBrowsers(Map<String, String> headers) {
        boolean page = headers.getOrDefault("accept", "").contains("text/html")
                && headers.getOrDefault("sec-fetch-mode", "navigate").equals("navigate");
        return page && !sends(headers) && !headers.containsKey("authorization");
    }

    /** Whether the request has a body: then it is no GET. */
    private static boolean sends(Map<String, String> headers) {
        return !headers.getOrDefault("content-length", "0").equals("0") || headers.containsKey("transfer-encoding");
    }
}
