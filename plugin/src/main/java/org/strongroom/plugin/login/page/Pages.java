package org.strongroom.plugin.login.page;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.signin.Outcome;

/** The login's pages. All are 200, or Orthanc calls them text; none is kept by a browser, framed, or loads anything from elsewhere. */
final class Pages {
    private static final String CONTENT = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self';"
            + " frame-ancestors 'none'; base-uri 'none'";
    private static final Html SCRIPT = new Html("<script src=\"login.js\"></script>\n");

    private static final Html KEY_SCRIPT = new Html("<script src=\"webauthn.js\"></script>\n");

    private Pages() {}

    /** @param elsewhere another way to log in; nothing if there is none */
    static RestAnswer login(String problem, String user, ReturnPath to, String fragment, Html elsewhere) {
        Html body = Template.fill(
                "login", Map.of("to", to.encoded(), "fragment", fragment, "user", user, "elsewhere", elsewhere));
        return page("Log in", SCRIPT, problem, body);
    }

    /** A way to log in that begins at this address. */
    static Html elsewhere(String href, String text) {
        return Template.fill("elsewhere", Map.of("href", href, "text", text));
    }

    static RestAnswer code(Outcome.Ask ask, KeyForms keys) {
        boolean app = ask.login().before().hasApp();
        Html body = Template.fill(
                "code",
                Map.of(
                        "key", keys.show(ask),
                        "ticket", ask.ticket(),
                        "label", app ? "Code from your app" : "A recovery code",
                        "hint", hint(app),
                        "focus", app ? new Html(" autofocus") : Html.NONE));
        return page("One more step", KEY_SCRIPT, ask.problem(), body);
    }

    private static String hint(boolean app) {
        return app
                ? "Six digits; without the app, one of your recovery codes."
                : "If your security key is not there, one of the codes that you were given with it.";
    }

    static RestAnswer setUp(Outcome.Ask ask, String issuer, KeyForms keys) {
        String secret = ask.login().newSecret();
        String address = OneTimeCodes.address(issuer, ask.login().account().name(), secret);
        Html body = Template.fill(
                "setup",
                Map.of(
                        "ticket", ask.ticket(),
                        "secret", secret,
                        "picture", QrPicture.of(address),
                        "key", keys.instead(ask)));
        return page("Set up a second factor", KEY_SCRIPT, ask.problem(), body);
    }

    static RestAnswer addKey(Outcome.Ask ask, KeyForms keys) {
        return page("Add a security key", KEY_SCRIPT, ask.problem(), keys.add(ask));
    }

    static RestAnswer codes(Outcome.Ask ask) {
        StringBuilder items = new StringBuilder();
        ask.codes()
                .forEach(code ->
                        items.append(Template.fill("item", Map.of("text", code)).html()));
        Html body = Template.fill("codes", Map.of("ticket", ask.ticket(), "codes", new Html(items.toString())));
        return page("Your recovery codes", Html.NONE, "", body);
    }

    static RestAnswer acknowledge(Outcome.Ask ask, String policy) {
        Html body = Template.fill("acknowledge", Map.of("ticket", ask.ticket(), "text", policy));
        return page("Please read this", Html.NONE, ask.problem(), body);
    }

    static RestAnswer logout(String csrf) {
        return page("Log out", Html.NONE, "", Template.fill("logout", Map.of("csrf", csrf)));
    }

    /** A page that only says something, with one link. */
    static RestAnswer message(String title, String problem, String href, String text) {
        return page(title, Html.NONE, problem, Template.fill("link", Map.of("href", href, "text", text)));
    }

    /** How long, in words that do not hurry anybody. */
    static String words(Duration wait) {
        long seconds = Math.max(1, wait.toSeconds() + 1);
        return seconds < 90 ? seconds + " seconds" : (seconds + 59) / 60 + " minutes";
    }

    static RestAnswer file(String name, String type) {
        return RestAnswer.of(200, type, Template.text(name).getBytes(StandardCharsets.UTF_8))
                .with("X-Content-Type-Options", "nosniff")
                .with("Cache-Control", "max-age=3600");
    }

    static RestAnswer page(String title, Html head, String problem, Html body) {
        return page(title, head, problem, body, "");
    }

    /** A page one step below the others. */
    static RestAnswer below(String title, Html body) {
        return page(title, Html.NONE, "", body, "../");
    }

    private static RestAnswer page(String title, Html head, String problem, Html body, String up) {
        Html alert = problem.isEmpty() ? Html.NONE : Template.fill("problem", Map.of("problem", problem));
        Html page =
                Template.fill("layout", Map.of("title", title, "head", head, "problem", alert, "body", body, "up", up));
        return guarded(
                RestAnswer.of(200, "text/html; charset=utf-8", page.html().getBytes(StandardCharsets.UTF_8)));
    }

    static RestAnswer to(String link) {
        return guarded(RestAnswer.of(303, "", new byte[0]).with("Location", link));
    }

    private static RestAnswer guarded(RestAnswer answer) {
        RestAnswer guarded = answer;
        // Not "no-referrer": with it a browser would not say either where a form comes from.
        for (Map.Entry<String, String> header : List.of(
                Map.entry("Content-Security-Policy", CONTENT),
                Map.entry("Referrer-Policy", "same-origin"),
                Map.entry("X-Content-Type-Options", "nosniff"),
                Map.entry("X-Frame-Options", "DENY"),
                Map.entry("Cache-Control", "no-store"))) {
            guarded = guarded.with(header.getKey(), header.getValue());
        }
        return guarded;
    }
}
