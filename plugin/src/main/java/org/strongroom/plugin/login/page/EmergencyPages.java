package org.strongroom.plugin.login.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.emergency.Emergencies;
import org.strongroom.plugin.login.emergency.Emergency;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.Forms;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Session;

/**
 * {@code /strongroom/emergency}: opens a patient to who has logged in with a browser and may do that, and shows what was opened to who
 * reviews it. Thread-safe.
 */
final class EmergencyPages implements RestHandler {
    private static final ReturnPath HERE = new ReturnPath("/strongroom/emergency");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'");
    /** Reads the audit log, so reviews what is in it. */
    private final Login login;

    private final Function<RestRequest, String> peer;

    EmergencyPages(Login login, Function<RestRequest, String> peer) {
        this.login = login;
        this.peer = peer;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        Optional<String> token = login.cookies().read(request.headers(), Cookies.Kind.SESSION);
        Optional<Session> session = login.session(request.headers());
        if (token.isEmpty() || session.isEmpty()) {
            return Pages.to("login?to=" + HERE.encoded());
        }
        Principal user = login.account(session.get().user()).principal();
        String csrf = Tokens.derived(token.get(), "form");
        if (request.method() != HttpMethod.POST) {
            return page(user, csrf, "");
        }
        Map<String, String> form = Forms.read(request);
        if (!CrossSite.isOwn(request.headers()) || !Secret.of(csrf).matches(form.getOrDefault("csrf", ""))) {
            return page(user, csrf, "This form did not come from this page. Please try again.");
        }
        try {
            act(user, form, login.source(peer.apply(request), request.headers()));
            return Pages.to("emergency");
        } catch (StrongroomException e) {
            return page(user, csrf, e.text() + ". " + e.cure());
        }
    }

    private void act(Principal user, Map<String, String> form, String source) {
        Emergencies emergencies = login.emergencies();
        String id = form.getOrDefault("id", "");
        switch (form.getOrDefault("action", "")) {
            case "open" ->
                emergencies.begin(user, form.getOrDefault("patient", ""), form.getOrDefault("reason", ""), source);
            case "end" -> emergencies.end(user.name(), id);
            case "review" -> {
                if (user.may(Emergencies.REVIEWS)) {
                    emergencies.review(user, id, form.getOrDefault("note", ""));
                }
            }
            default -> {}
        }
    }

    private RestAnswer page(Principal user, String csrf, String problem) {
        Instant now = login.now();
        List<Emergency> all = login.emergencies().all();
        StringBuilder body = new StringBuilder();
        if (!Emergencies.tenants(user).isEmpty()) {
            List<Html> own = new ArrayList<>();
            all.stream()
                    .filter(one -> one.user().equals(user.name()) && one.isOpen(now))
                    .forEach(one -> own.add(Template.fill(
                            "emergency-open",
                            Map.of(
                                    "patient",
                                    one.patientId(),
                                    "until",
                                    time(one.until()),
                                    "id",
                                    one.id(),
                                    "csrf",
                                    csrf))));
            body.append(Template.fill(
                            "emergency",
                            Map.of(
                                    "csrf",
                                    csrf,
                                    "open",
                                    joined(own),
                                    "hours",
                                    hours(login.emergencies().period())))
                    .html());
        }
        if (user.may(Emergencies.REVIEWS)) {
            List<Emergency> waiting =
                    all.stream().filter(one -> one.review() == null).toList();
            List<Html> theirs = waiting.stream()
                    .filter(one -> Emergencies.mayReview(user, one))
                    .map(one -> review(one, csrf))
                    .toList();
            body.append(Template.fill("emergency-reviews", Map.of("count", waiting.size(), "waiting", joined(theirs)))
                    .html());
        }
        if (body.length() == 0) {
            return Pages.message("Emergency", "No role of yours permits this.", "account", "Your account");
        }
        return Pages.page("Emergency", Html.NONE, problem, new Html(body.toString()));
    }

    /** A reason may name a patient: only who may review it sees it. */
    private static Html review(Emergency one, String csrf) {
        return Template.fill(
                "emergency-review",
                Map.of(
                        "user", one.user(),
                        "tenants", String.join(", ", one.tenants()),
                        "begun", time(one.begun()),
                        "until", time(one.until()),
                        "reason", one.reason(),
                        "id", one.id(),
                        "csrf", csrf));
    }

    private static String hours(Duration period) {
        long minutes = period.toMinutes();
        return minutes % 60 == 0 && minutes > 60 ? minutes / 60 + " hours" : minutes + " minutes";
    }

    private static String time(Instant at) {
        return at.atZone(ZoneOffset.UTC).format(TIME);
    }

    private static Html joined(List<Html> pieces) {
        StringBuilder all = new StringBuilder();
        pieces.forEach(piece -> all.append(piece.html()));
        return new Html(all.toString());
    }
}
