package org.strongroom.plugin.login.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.page.Template.Html;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.Forms;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.share.ShareLink;
import org.strongroom.plugin.login.share.ShareTerms;
import org.strongroom.plugin.login.share.SharedStudies;

/**
 * {@code /strongroom/share}: who has logged in with a browser makes links to single studies, sees which there are and how often they were
 * opened, and revokes them. Thread-safe.
 */
final class SharePages implements RestHandler {
    private static final String PATH = "/strongroom/share";
    private static final Pattern STUDY = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{8}){4}");
    /** Where the browser says that this page is, also behind a proxy that has put it below a path of its own. */
    private static final Pattern HERE =
            Pattern.compile("(https?://[A-Za-z0-9.:_\\[\\]-]+(?:/[A-Za-z0-9._~/-]*)?)" + PATH + "(\\?.*)?");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'");
    private static final Duration DAY = Duration.ofDays(1);

    private final Login login;
    private final Function<RestRequest, String> peer;

    SharePages(Login login, Function<RestRequest, String> peer) {
        this.login = login;
        this.peer = peer;
    }

    @Override
    public RestAnswer handle(RestRequest request) {
        String asked = request.query().getOrDefault("study", "");
        Optional<String> token = login.cookies().read(request.headers(), Cookies.Kind.SESSION);
        Optional<Session> session = login.session(request.headers());
        if (token.isEmpty() || session.isEmpty()) {
            String here = isStudy(asked) ? PATH + "?study=" + asked : PATH;
            return Pages.to("login?to=" + new ReturnPath(here).encoded());
        }
        Principal user = login.account(session.get().user()).principal();
        String csrf = Tokens.derived(token.get(), "form");
        if (request.method() != HttpMethod.POST) {
            return page(user, csrf, asked, "");
        }
        Map<String, String> form = Forms.read(request);
        String study = form.getOrDefault("study", "");
        if (!CrossSite.isOwn(request.headers()) || !Secret.of(csrf).matches(form.getOrDefault("csrf", ""))) {
            return page(user, csrf, study, "This form did not come from this page. Please try again.");
        }
        try {
            return act(request, user, form);
        } catch (StrongroomException e) {
            return page(user, csrf, study, e.text() + ". " + e.cure());
        }
    }

    private static boolean isStudy(String text) {
        return STUDY.matcher(text).matches();
    }

    private RestAnswer act(RestRequest request, Principal user, Map<String, String> form) {
        String source = login.source(peer.apply(request), request.headers());
        switch (form.getOrDefault("action", "")) {
            case "make" -> {
                boolean download = form.containsKey("download");
                String secret = login.shares()
                        .make(
                                user,
                                form.getOrDefault("study", ""),
                                life(form),
                                download,
                                form.getOrDefault("note", ""),
                                source);
                return Pages.page(
                        "A new link",
                        Html.NONE,
                        "",
                        Template.fill("share-made", Map.of("link", base(request) + SharedPages.path(secret))));
            }
            case "revoke" -> {
                String id = form.getOrDefault("id", "");
                if (login.shares().revoke(user, id, source)) {
                    login.sessions().end(open -> ShareLink.idIn(open.user()).equals(id));
                }
            }
            default -> {}
        }
        return Pages.to("share");
    }

    private static String base(RestRequest request) {
        Matcher here = HERE.matcher(request.headers().getOrDefault("referer", ""));
        return here.matches() ? here.group(1) : request.headers().getOrDefault("origin", "");
    }

    private static Duration life(Map<String, String> form) {
        String count = form.getOrDefault("count", "");
        long number = count.matches("[0-9]{1,5}") ? Math.max(1, Long.parseLong(count)) : 1;
        return form.getOrDefault("unit", "").equals("days") ? Duration.ofDays(number) : Duration.ofHours(number);
    }

    private RestAnswer page(Principal user, String csrf, String study, String problem) {
        StringBuilder body = new StringBuilder();
        SharedStudies studies = login.shares().terms().studies();
        boolean offered = isStudy(study)
                && !login.shares().terms().longest().isZero()
                && studies.known(study).isPresent()
                && studies.mayShare(user, study);
        if (offered) {
            body.append(form(user, csrf, study).html());
        }
        body.append(Template.fill("share", Map.of("links", rows(login.shares().of(user), csrf, false)))
                .html());
        List<ShareLink> others = login.shares().ofOthers(user);
        if (!others.isEmpty()) {
            body.append(Template.fill("share-others", Map.of("links", rows(others, csrf, true)))
                    .html());
        }
        String said = problem.isEmpty() && !study.isEmpty() && !offered ? "This study cannot be shared." : problem;
        return Pages.page("Share links", Html.NONE, said, new Html(body.toString()));
    }

    private Html form(Principal user, String csrf, String study) {
        ShareTerms terms = login.shares().terms();
        boolean days = terms.usual().compareTo(DAY) >= 0;
        Html download = terms.studies().download(user, study).isPresent()
                ? Template.fill("share-download", Map.of())
                : Html.NONE;
        return Template.fill(
                "share-make",
                Map.of(
                        "csrf",
                        csrf,
                        "study",
                        study,
                        "what",
                        terms.studies().describe(user, study),
                        "count",
                        days
                                ? terms.usual().toDays()
                                : Math.max(1, terms.usual().toHours()),
                        "days",
                        days ? "selected" : "",
                        "longest",
                        words(terms.longest()),
                        "download",
                        download));
    }

    private Html rows(List<ShareLink> links, String csrf, boolean others) {
        StringBuilder rows = new StringBuilder();
        Duration longest = login.shares().terms().longest();
        for (ShareLink link : links) {
            String whose = others ? link.user() + ": " + link.note() : link.note();
            rows.append(Template.fill(
                            "share-link",
                            Map.of(
                                    "note",
                                    whose,
                                    "may",
                                    link.download() ? "download" : "look",
                                    "until",
                                    time(link.end(longest)),
                                    "uses",
                                    link.uses(),
                                    "used",
                                    link.used() == null ? "never" : time(link.used()),
                                    "id",
                                    link.id(),
                                    "csrf",
                                    csrf))
                    .html());
        }
        return new Html(rows.toString());
    }

    private static String words(Duration time) {
        return time.compareTo(DAY) >= 0 ? time.toDays() + " days" : Math.max(1, time.toHours()) + " hours";
    }

    private static String time(Instant at) {
        return at.atZone(ZoneOffset.UTC).format(TIME);
    }
}
