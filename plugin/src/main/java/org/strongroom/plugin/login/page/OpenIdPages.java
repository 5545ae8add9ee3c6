package org.strongroom.plugin.login.page;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.account.Checked;
import org.strongroom.plugin.login.attempt.Throttle.Attempt;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.signin.Outcome;
import org.strongroom.plugin.openid.Answer;
import org.strongroom.plugin.openid.Journey;
import org.strongroom.plugin.openid.Provider;

/**
 * {@code /strongroom/openid}: sends a browser to the OpenID Connect provider, and is where it comes back. What it must bring back is made
 * of a secret in its cookie, so nothing is kept here of whoever has left, nobody can come back with another one's login, and the provider
 * does not learn where somebody wants to go. Thread-safe.
 */
final class OpenIdPages {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Pattern STATE = Pattern.compile("([A-Za-z0-9_-]{43})\\.([0-9]{1,12})");
    /** RFC 6749 §A.11. */
    private static final Pattern CODE = Pattern.compile("[\\x20-\\x7e]{1,4096}");
    /** RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6: what a person can tell to whoever runs the server. */
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

    private static final String SILENT =
            "This way to log in cannot be used now: whom it asks does not answer, or too many come at once. Please try again in a minute.";
    private static final String NOT_IN = "You were not let in. If you should be, please tell whoever runs this server.";
    private static final String EXPIRED = "This took too long, or was done already. Please log in again.";

    private final Login login;
    private final Provider provider;
    private final Function<RestRequest, String> peer;
    private final LoginPage page;
    private final Function<Outcome, RestAnswer> show;
    private final SecureRandom random = new SecureRandom();

    /** The page where a login begins. */
    @FunctionalInterface
    interface LoginPage {
        RestAnswer of(String problem, String user, ReturnPath to, String fragment);
    }

    OpenIdPages(
            Login login,
            Provider provider,
            Function<RestRequest, String> peer,
            LoginPage page,
            Function<Outcome, RestAnswer> show) {
        this.login = login;
        this.provider = provider;
        this.peer = peer;
        this.page = page;
        this.show = show;
    }

    /** For the login page. At the address of the settings: only there is the cookie seen again, and no host name of a request is believed. */
    Template.Html link(ReturnPath to) {
        return Pages.elsewhere(
                provider.redirect() + "?to=" + to.encoded(), provider.settings().button());
    }

    RestAnswer handle(RestRequest request) {
        return request.query().containsKey("state") ? back(request) : leave(request);
    }

    private RestAnswer leave(RestRequest request) {
        Map<String, String> query = request.query();
        ReturnPath to = ReturnPath.decode(query.getOrDefault("to", ""));
        String fragment = ReturnPath.fragment(decoded(query.getOrDefault("at", "")));
        if (!CrossSite.isOwn(request.headers()) && request.headers().containsKey("sec-fetch-site")) {
            return page.of("", "", to, ""); // nobody is logged in by another site's page
        }
        // Where to is in the cookie: an address may name a patient, and state is the provider's to read.
        String kept = Tokens.random(random) + "." + to.encoded() + "." + encoded(fragment);
        String expires = Long.toString(login.now().plus(PATIENCE).getEpochSecond());
        try {
            return Pages.to(provider.address(journey(kept, expires)))
                    .with("Set-Cookie", login.cookies().write(Cookies.Kind.OPENID, kept, PATIENCE));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.UNAVAILABLE) {
                throw e;
            }
            return page.of(SILENT, "", to, fragment);
        }
    }

    private static Journey journey(String kept, String expires) {
        return new Journey(
                Tokens.derived(kept, "openid state " + expires) + "." + expires,
                Tokens.derived(kept, "openid nonce " + expires),
                Tokens.derived(kept, "openid verifier " + expires));
    }

    private RestAnswer back(RestRequest request) {
        RestAnswer answer = arrive(request);
        return answer.with("Set-Cookie", login.cookies().remove(Cookies.Kind.OPENID));
    }

    private RestAnswer arrive(RestRequest request) {
        Map<String, String> query = request.query();
        Matcher state = STATE.matcher(query.getOrDefault("state", ""));
        Optional<String> kept = login.cookies().read(request.headers(), Cookies.Kind.OPENID);
        if (!state.matches() || kept.isEmpty()) {
            return page.of(EXPIRED, "", ReturnPath.HOME, "");
        }
        Journey journey = journey(kept.get(), state.group(2));
        Instant ends = Instant.ofEpochSecond(Long.parseLong(state.group(2)));
        if (!Secret.of(journey.state()).matches(query.get("state"))
                || !login.now().isBefore(ends)) {
            return page.of(EXPIRED, "", ReturnPath.HOME, "");
        }
        String[] parts = kept.get().split("\\.", -1);
        ReturnPath to = ReturnPath.decode(parts[1]);
        String fragment = decoded(parts[2]);
        String code = plain(query.getOrDefault("code", ""));
        if (!CODE.matcher(code).matches()) {
            return page.of(notCompleted(query.getOrDefault("error", "")), "", to, fragment);
        }
        Optional<String> issuer = Optional.ofNullable(query.get("iss")).map(OpenIdPages::plain);
        return redeem(request, journey, code, issuer, to, fragment);
    }

    private static String notCompleted(String error) {
        String said = ERROR.matcher(error).matches() ? " (" + error + ")" : "";
        return "The login was not completed there" + said + ".";
    }

    private RestAnswer redeem(
            RestRequest request,
            Journey journey,
            String code,
            Optional<String> issuer,
            ReturnPath to,
            String fragment) {
        String source = login.source(peer.apply(request), request.headers());
        Attempt attempt = login.guard().attempt("openid", source);
        if (!attempt.permitted()) {
            return show.apply(new Outcome.Wait(attempt.delay()));
        }
        Checked checked;
        try {
            Answer answer = provider.redeem(journey, code, issuer);
            checked = answer instanceof Answer.Named named
                    ? login.people().named(named.person())
                    : Checked.out(Optional.empty(), ((Answer.Refused) answer).why());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.UNAVAILABLE) {
                throw e;
            }
            login.guard().takeBack(attempt);
            if (e.getCause() != null) { // it was asked
                login.audit().unanswered(source, e.text());
            }
            return page.of(SILENT, "", to, fragment);
        }
        if (checked.account().isEmpty()) {
            login.audit().failed(attempt, checked.known(), source, "OpenID Connect: " + checked.why());
            return page.of(NOT_IN, "", to, fragment);
        }
        login.guard().succeeded(attempt);
        Optional<String> device = login.cookies().read(request.headers(), Cookies.Kind.DEVICE);
        return show.apply(login.signIn().named(checked.account().get(), source, device, to, fragment));
    }

    /** Orthanc's versions differ in whether they decode what stands in an address; no provider's codes have percent signs of their own. */
    private static String plain(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
