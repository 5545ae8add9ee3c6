package org.strongroom.plugin.login.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.AppToken;
import org.strongroom.plugin.login.factor.SecurityKey;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.Forms;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.signin.Outcome;
import org.strongroom.plugin.login.signin.Wish;

/**
 * {@code /strongroom/account}: what somebody who is logged in with a browser may do about their own login. Nobody else is served.
 * Thread-safe.
 */
final class AccountPages implements RestHandler {
    private static final ReturnPath HERE = new ReturnPath("/strongroom/account");
    private static final int LONGEST_SCOPE = 1000;
    /** Within which of a login an app token is made: it lets in for a year, and a browser that was left alone must not be enough. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final Login login;
    private final Function<RestRequest, String> peer;
    private final Function<Outcome, RestAnswer> steps;

    /** @param steps shows what a login asks next */
    AccountPages(Login login, Function<RestRequest, String> peer, Function<Outcome, RestAnswer> steps) {
        this.login = login;
        this.peer = peer;
        this.steps = steps;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        Optional<String> token = login.cookies().read(request.headers(), Cookies.Kind.SESSION);
        Optional<Session> session = login.session(request.headers());
        if (token.isEmpty() || session.isEmpty()) {
            return Pages.to("login?to=" + HERE.encoded());
        }
        String csrf = Tokens.derived(token.get(), "form");
        if (request.method() != HttpMethod.POST) {
            return page(session.get(), csrf, "");
        }
        Map<String, String> form = Forms.read(request);
        if (!CrossSite.isOwn(request.headers()) || !Secret.of(csrf).matches(form.getOrDefault("csrf", ""))) {
            return page(session.get(), csrf, "This form did not come from this page. Please try again.");
        }
        try {
            return act(request, session.get(), form);
        } catch (StrongroomException e) {
            return page(session.get(), csrf, e.text() + ". " + e.cure());
        }
    }

    private RestAnswer act(RestRequest request, Session session, Map<String, String> form) {
        String user = session.user();
        String source = login.source(peer.apply(request), request.headers());
        switch (form.getOrDefault("action", "")) {
            case "setup" -> {
                return change(request, session, source, Wish.SET_UP_APP);
            }
            case "add-key" -> {
                return change(request, session, source, Wish.ADD_KEY);
            }
            case "remove-app" -> {
                return change(request, session, source, Wish.REMOVE_APP);
            }
            case "renew-codes" -> {
                return change(request, session, source, Wish.RENEW_CODES);
            }
            case "remove-key" -> {
                return change(request, session, source, Wish.remove(form.getOrDefault("id", "")));
            }
            case "token" -> {
                requireFresh(session);
                return made(user, source, form);
            }
            case "revoke" -> {
                String id = form.getOrDefault("id", "");
                login.audit().done(AuditType.USERS, user, source, "app token revoked");
                login.tokens().revoke(user, id);
            }
            case "elsewhere" -> {
                login.audit().done(AuditType.LOGOUT, user, source, "everywhere else");
                login.signIn().endHalf(user);
                login.sessions()
                        .end(other -> other.user().equals(user) && !other.id().equals(session.id()));
            }
            default -> {}
        }
        return Pages.to("account");
    }

    private RestAnswer change(RestRequest request, Session session, String source, Wish wish) {
        Optional<String> device = login.cookies().read(request.headers(), Cookies.Kind.DEVICE);
        return steps.apply(login.signIn().change(login.account(session.user()), session, wish, source, device, HERE));
    }

    private void requireFresh(Session session) {
        if (login.now().isAfter(session.begun().plus(FRESH))) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "an app token is made within " + FRESH.toMinutes() + " minutes of a login")
                    .cure("Log out, log in again, and make it then");
        }
    }

    private RestAnswer made(String user, String source, Map<String, String> form) {
        String scope = form.getOrDefault("scope", "").strip();
        List<String> permissions =
                scope.isEmpty() || scope.length() > LONGEST_SCOPE ? List.of() : List.of(scope.split("[\\s]+", -1));
        login.audit().done(AuditType.USERS, user, source, "app token made");
        String token = login.tokens().make(user, form.getOrDefault("label", ""), permissions, days(form));
        return Pages.page("A new app token", Html.NONE, "", Template.fill("made", Map.of("token", token)));
    }

    private static Duration days(Map<String, String> form) {
        String days = form.getOrDefault("days", "");
        return Duration.ofDays(days.matches("[0-9]{1,5}") ? Math.max(1, Integer.parseInt(days)) : 1);
    }

    private RestAnswer page(Session session, String csrf, String problem) {
        String user = session.user();
        AccountRecord record = login.records().of(user);
        Map<String, Object> values = new HashMap<>();
        values.put("user", user);
        values.put("csrf", csrf);
        values.put("factor", factors(record));
        values.put("keys", keys(record, csrf));
        values.put("changes", changes(record, csrf));
        values.put("tokens", tokens(user, csrf));
        values.put("days", login.longestToken().toDays());
        values.put(
                "sessions",
                "Browsers in which you are logged in: "
                        + login.sessions().of(user).size() + ".");
        return Pages.page("Your account", Html.NONE, problem, Template.fill("account", values));
    }

    private static String factors(AccountRecord record) {
        if (!record.hasSecondFactor()) {
            return "You have none.";
        }
        List<String> all = new ArrayList<>();
        record.findFactor().ifPresent(app -> all.add("an app"));
        if (!record.keys().isEmpty()) {
            all.add("security keys: " + record.keys().size());
        }
        return "You have " + String.join(", ", all) + ", and "
                + record.recoveryCodes().size() + " unused recovery codes.";
    }

    /** Buttons, for what can be done. */
    private Html changes(AccountRecord record, String csrf) {
        StringBuilder all = new StringBuilder(change(
                csrf,
                "setup",
                "Set up an app on your phone" + (record.findFactor().isPresent() ? " anew" : "")));
        if (login.keys().host().isPresent()) {
            all.append(change(csrf, "add-key", "Add a security key"));
        }
        if (record.findFactor().isPresent()) {
            all.append(change(csrf, "remove-app", "Remove the app"));
        }
        if (record.hasSecondFactor()) {
            all.append(change(csrf, "renew-codes", "Make new recovery codes"));
        }
        return new Html(all.toString());
    }

    private static String change(String csrf, String action, String label) {
        return Template.fill("change", Map.of("csrf", csrf, "action", action, "label", label))
                .html();
    }

    private static Html keys(AccountRecord record, String csrf) {
        StringBuilder rows = new StringBuilder();
        for (SecurityKey key : record.keys()) {
            Map<String, Object> values = Map.of(
                    "name", key.name(),
                    "mark", key.mark(),
                    "added", day(key.added()),
                    "used", key.used() == null ? "never" : day(key.used()),
                    "id", key.id(),
                    "csrf", csrf);
            rows.append(Template.fill("key", values).html());
        }
        return record.keys().isEmpty() ? Html.NONE : Template.fill("keys", Map.of("keys", new Html(rows.toString())));
    }

    private static String day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private Html tokens(String user, String csrf) {
        StringBuilder rows = new StringBuilder();
        for (AppToken token : login.tokens().of(user)) {
            Map<String, Object> values = Map.of(
                    "label", token.label(),
                    "scope", token.scope().isEmpty() ? "all that you may" : String.join(" ", token.scope()),
                    "until", token.until().atZone(ZoneOffset.UTC).toLocalDate(),
                    "id", token.id(),
                    "csrf", csrf);
            rows.append(Template.fill("token", values).html());
        }
        return new Html(rows.toString());
    }
}
