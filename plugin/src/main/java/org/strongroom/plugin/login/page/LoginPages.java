package org.strongroom.plugin.login.page;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.Forms;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Sessions;
import org.strongroom.plugin.login.signin.Outcome;
import org.strongroom.plugin.login.signin.SignIn;

/**
 * {@code /strongroom/login}, {@code /strongroom/logout}, {@code /strongroom/openid}, {@code /strongroom/account}, {@code /strongroom/emergency}, {@code
 * /strongroom/share} and {@code /strongroom/shared}. Anybody may ask for them. Thread-safe.
 */
public final class LoginPages implements RestHandler {
    private static final int LONGEST_NAME = 64;
    private static final String NOT_FROM_HERE = "This form did not come from this page. Please log in here.";

    private final Login login;
    private final Function<RestRequest, String> peer;
    private final String issuer;
    private final Duration cookieLife;
    private final KeyForms keys;
    private final AccountPages account;
    private final EmergencyPages emergency;
    private final SharePages share;
    private final SharedPages shared;
    private final Optional<OpenIdPages> openId;

    /**
     * @param peer the address that a request comes from
     * @param issuer the clinic's name, for the list in a user's app
     */
    public LoginPages(Login login, Function<RestRequest, String> peer, String issuer) {
        this.login = login;
        this.peer = peer;
        this.issuer = issuer;
        this.keys = new KeyForms(login.keys().host(), issuer);
        this.cookieLife = login.longestSession();
        this.emergency = new EmergencyPages(login, peer);
        this.share = new SharePages(login, peer);
        this.shared = new SharedPages(login, peer);
        this.openId = login.openId()
                .map(provider -> new OpenIdPages(
                        login, provider, peer, this::page, outcome -> show(outcome, Map.of(), ReturnPath.HOME)));
        this.account = new AccountPages(login, peer, outcome -> show(outcome, Map.of(), ReturnPath.HOME));
    }

    /** Whether this handler answers the path. */
    public static boolean answers(String path) {
        return switch (path) {
            case "/strongroom/login",
                    "/strongroom/logout",
                    "/strongroom/openid",
                    "/strongroom/account",
                    "/strongroom/emergency",
                    "/strongroom/share",
                    "/strongroom/shared",
                    "/strongroom/login.css",
                    "/strongroom/login.js",
                    "/strongroom/webauthn.js" -> true;
            default -> SharedPages.isLink(path);
        };
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        boolean post = request.method() == HttpMethod.POST;
        if (!post && request.method() != HttpMethod.GET) {
            return RestAnswer.of(405, "", new byte[0]).with("Allow", "GET,POST");
        }
        return switch (request.path()) {
            case "/strongroom/login.css" -> Pages.file("login.css", "text/css; charset=utf-8");
            case "/strongroom/login.js" -> Pages.file("login.js", "text/javascript; charset=utf-8");
            case "/strongroom/webauthn.js" -> Pages.file("webauthn.js", "text/javascript; charset=utf-8");
            case "/strongroom/account" -> account.handle(request);
            case "/strongroom/openid" ->
                openId.isPresent() && !post ? openId.get().handle(request) : Pages.to("login");
            case "/strongroom/emergency" -> emergency.handle(request);
            case "/strongroom/share" -> share.handle(request);
            case "/strongroom/shared" -> shared.handle(request);
            case "/strongroom/logout" -> post ? logout(request) : askToLogOut(request);
            default -> {
                if (SharedPages.isLink(request.path())) {
                    yield shared.handle(request);
                }
                yield post ? step(request) : page("", "", wanted(request), "");
            }
        };
    }

    private RestAnswer page(String problem, String user, ReturnPath to, String fragment) {
        return Pages.login(
                problem, user, to, fragment, openId.map(pages -> pages.link(to)).orElse(Template.Html.NONE));
    }

    private static ReturnPath wanted(RestRequest request) {
        return ReturnPath.decode(request.query().getOrDefault("to", ""));
    }

    private RestAnswer step(RestRequest request) {
        Map<String, String> form = Forms.read(request);
        ReturnPath to = ReturnPath.decode(form.getOrDefault("to", ""));
        if (!CrossSite.isOwn(request.headers())) {
            return page(NOT_FROM_HERE, "", to, "");
        }
        String ticket = form.getOrDefault("ticket", "");
        String code = form.getOrDefault("code", "");
        SignIn steps = login.signIn();
        return show(
                switch (form.getOrDefault("step", "")) {
                    case "password" -> password(request, form, to);
                    case "code" -> steps.code(ticket, code);
                    case "key" -> steps.key(ticket, KeyForms.shown(form));
                    case "add-key" -> steps.add(ticket, KeyForms.created(form), form.getOrDefault("name", ""));
                    case "confirm" -> steps.confirm(ticket, code);
                    case "seen" -> steps.seen(ticket);
                    case "acknowledge" -> steps.acknowledged(ticket);
                    default -> new Outcome.Expired();
                },
                form,
                to);
    }

    private Outcome password(RestRequest request, Map<String, String> form, ReturnPath to) {
        String user = form.getOrDefault("user", "").strip();
        Secret password = Secret.of(form.getOrDefault("password", ""));
        String source = login.source(peer.apply(request), request.headers());
        Optional<String> device = login.cookies().read(request.headers(), Cookies.Kind.DEVICE);
        String fragment = form.getOrDefault("fragment", "");
        return user.length() > LONGEST_NAME
                ? new Outcome.Failed()
                : login.signIn().password(user, password, source, device, to, fragment);
    }

    private RestAnswer show(Outcome outcome, Map<String, String> form, ReturnPath to) {
        if (outcome instanceof Outcome.Done done) {
            return enter(done);
        } else if (outcome instanceof Outcome.Ask ask) {
            return ask(ask);
        }
        String problem;
        if (outcome instanceof Outcome.Wait wait) {
            problem = "Too many attempts. Please try again in " + Pages.words(wait.time()) + ".";
        } else if (outcome instanceof Outcome.Failed) {
            problem = "User name and password do not belong together.";
        } else if (outcome instanceof Outcome.Unanswered) {
            problem = "Passwords cannot be checked now. Please try again in a minute.";
        } else {
            problem = "This took too long, or was done already. Please log in again.";
        }
        return page(problem, form.getOrDefault("user", ""), to, form.getOrDefault("fragment", ""));
    }

    RestAnswer ask(Outcome.Ask ask) {
        return switch (ask.step()) {
            case CODE -> Pages.code(ask, keys);
            case SET_UP -> Pages.setUp(ask, issuer, keys);
            case ADD_KEY -> Pages.addKey(ask, keys);
            case SHOW_CODES -> Pages.codes(ask);
            case ACKNOWLEDGE -> Pages.acknowledge(ask, login.signIn().policyText());
        };
    }

    private RestAnswer enter(Outcome.Done done) {
        Cookies cookies = login.cookies();
        return Pages.to(done.login().to().link(done.login().fragment()))
                .with("Set-Cookie", cookies.write(Cookies.Kind.SESSION, done.session(), cookieLife))
                .with("Set-Cookie", cookies.write(Cookies.Kind.DEVICE, done.device(), Sessions.DEVICE_LIFE));
    }

    private RestAnswer askToLogOut(RestRequest request) {
        Optional<String> token = login.cookies().read(request.headers(), Cookies.Kind.SESSION);
        return token.isPresent() ? Pages.logout(Tokens.derived(token.get(), "form")) : Pages.to("login");
    }

    private RestAnswer logout(RestRequest request) {
        Map<String, String> form = Forms.read(request);
        Optional<String> token = login.cookies().read(request.headers(), Cookies.Kind.SESSION);
        if (token.isEmpty()) {
            return Pages.to("login");
        }
        if (!CrossSite.isOwn(request.headers())
                || !Secret.of(Tokens.derived(token.get(), "form")).matches(form.getOrDefault("csrf", ""))) {
            return Pages.logout(Tokens.derived(token.get(), "form"));
        }
        login.logout(token.get(), login.source(peer.apply(request), request.headers()));
        return Pages.to("login").with("Set-Cookie", login.cookies().remove(Cookies.Kind.SESSION));
    }
}
