package org.strongroom.plugin.login.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.attempt.Throttle;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.Forms;
import org.strongroom.plugin.login.share.ShareLink;
import org.strongroom.plugin.login.share.SharedStudies;
import org.strongroom.plugin.login.share.SharedStudies.Series;

/**
 * {@code /strongroom/shared/TOKEN}: what somebody sees who was given a share link; and {@code /strongroom/shared}, where it opens. Looking at
 * the link does nothing, whoever does (programs look at links in mails): a person opens it. Thread-safe.
 */
final class SharedPages implements RestHandler {
    private static final Pattern LINK = Pattern.compile("/strongroom/shared/[^/]+");
    private static final int LONGEST_SECRET = 100;
    /** Links to single images of a series; a viewer shows more. */
    private static final int MOST_IMAGES = 500;

    private final Login login;
    private final Function<RestRequest, String> peer;

    SharedPages(Login login, Function<RestRequest, String> peer) {
        this.login = login;
        this.peer = peer;
    }

    /** Whether a path is that of a link, of one that there is or not. */
    static boolean isLink(String path) {
        return LINK.matcher(path).matches();
    }

    /** Where a secret leads to. */
    static String path(String secret) {
        return "/strongroom/shared/" + secret;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        if (isLink(request.path())) {
            String secret = request.path().substring(path("").length());
            return Pages.below(
                    "Images for you", Template.fill("shared-open", Map.of("action", "../shared", "link", secret)));
        }
        return request.method() == HttpMethod.POST
                ? open(request)
                : login.linkHolder(request.headers()).map(this::overview).orElseGet(SharedPages::nothing);
    }

    private RestAnswer open(RestRequest request) {
        String secret = Forms.read(request).getOrDefault("link", "");
        if (secret.length() > LONGEST_SECRET) {
            return nothing();
        }
        if (!CrossSite.isOwn(request.headers())) {
            Html again = Template.fill("shared-open", Map.of("action", "shared", "link", secret));
            return Pages.page("Images for you", Html.NONE, "Please open them here.", again);
        }
        String source = login.source(peer.apply(request), request.headers());
        Throttle.Attempt attempt = login.guard().attempt("share", secret, source, Optional.empty());
        if (!attempt.permitted()) {
            String wait = "Too many attempts. Please try again in " + Pages.words(attempt.delay()) + ".";
            return Pages.page("Please wait", Html.NONE, wait, Html.NONE);
        }
        Optional<ShareLink> link = use(secret, source, attempt);
        if (link.isEmpty()) {
            return nothing();
        }
        login.guard().succeeded(attempt);
        // A browser is one person at a time: who was logged in there is not any more.
        login.cookies().read(request.headers(), Cookies.Kind.SESSION).ifPresent(old -> login.logout(old, source));
        String session = login.sessions().begin(link.get());
        String cookie = login.cookies().write(Cookies.Kind.SESSION, session, login.longestSession());
        return Pages.to(login.shares()
                        .holder(link.get().name())
                        .flatMap(holder -> studies().viewer(holder, link.get().study()))
                        .map("../"::concat)
                        .orElse("shared"))
                .with("Set-Cookie", cookie);
    }

    private Optional<ShareLink> use(String secret, String source, Throttle.Attempt attempt) {
        try {
            return login.shares().use(secret, source);
        } catch (StrongroomException e) {
            login.guard().takeBack(attempt); // nothing was learned by it
            throw e;
        }
    }

    /** The same for every link that opens nothing, whatever the reason. */
    private static RestAnswer nothing() {
        return Pages.page(
                "Nothing here",
                Html.NONE,
                "This link opens nothing, or nothing any more. Please ask whoever gave it to you.",
                Html.NONE);
    }

    private RestAnswer overview(Principal holder) {
        String study = holder.shared().orElseThrow().study();
        StringBuilder rows = new StringBuilder();
        for (Series series : studies().series(holder, study)) {
            rows.append(Template.fill("shared-series", Map.of("title", series.title(), "links", links(series)))
                    .html());
        }
        Html download = studies()
                .download(holder, study)
                .map(address -> link("../" + address, "Download all of it (ZIP)"))
                .orElse(Html.NONE);
        Html body = Template.fill(
                "shared",
                Map.of(
                        "what",
                        studies().describe(holder, study),
                        "series",
                        new Html(rows.toString()),
                        "download",
                        download,
                        "study",
                        study));
        return Pages.page("Images for you", Html.NONE, "", body);
    }

    private static Html links(Series series) {
        if (series.viewer().isPresent()) {
            return link("../" + series.viewer().get(), "Look at it");
        }
        StringBuilder links = new StringBuilder();
        List<String> images = series.images().stream().limit(MOST_IMAGES).toList();
        for (int i = 0; i < images.size(); i++) {
            links.append(link("../instances/" + images.get(i) + "/preview", Integer.toString(i + 1))
                    .html());
        }
        return new Html(links.toString());
    }

    private static Html link(String href, String text) {
        return Template.fill("link", Map.of("href", href, "text", text));
    }

    private SharedStudies studies() {
        return login.shares().terms().studies();
    }
}
