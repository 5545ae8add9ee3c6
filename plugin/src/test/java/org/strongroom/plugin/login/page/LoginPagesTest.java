package org.strongroom.plugin.login.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.signin.Outcome;

/** What a person with a browser goes through, page by page. */
class LoginPagesTest {
    private static final Authentication NOBODY = new Authentication.Anonymous();

    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
        browser = new Browser(clinic, "10.0.0.7");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private Authentication user(String name, boolean secondFactor) {
        return clinic.user(name, Authentication.Means.SESSION, secondFactor);
    }

    @Test
    void aPasswordOpensTheDoorAndLeadsBackToWhereOneWanted() {
        String link = Login.linkFrom("/app/explorer.html", List.of(Map.entry("a", "b")));
        assertThat(link).startsWith("strongroom/login?to=");
        browser.get("/" + link).submit("user", "rad", "password", Clinic.PASSWORD, "fragment", "study?uuid=12-3");
        assertThat(browser.answer.status()).isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo("../app/explorer.html?a=b#study?uuid=12-3");
        assertThat(browser.identity()).isEqualTo(user("rad", false));
        assertThat(clinic.events)
                .containsExactly(AuditEvent.of(AuditType.LOGIN)
                        .by("rad")
                        .fromAddress("10.0.0.7")
                        .with("how", "password"));
    }

    @Test
    void cookiesGoToNoScriptNoOtherSiteAndNoClearLine() {
        browser.logIn("rad", Clinic.PASSWORD);
        assertThat(browser.answer.headers().stream()
                        .filter(header -> header.getKey().equals("Set-Cookie")))
                .hasSize(2)
                .allSatisfy(header -> assertThat(header.getValue())
                        .startsWith("__Host-")
                        .contains("; HttpOnly; SameSite=Lax; Secure")
                        .contains("; Path=/;")
                        .doesNotContain("Domain"));
    }

    @Test
    void aWrongPasswordAndAnUnknownNameLookTheSame() {
        String wrong = browser.logIn("rad", "wrong").page().replace("rad", "NAME");
        String unknown = browser.logIn("nobody", Clinic.PASSWORD).page().replace("nobody", "NAME");
        assertThat(unknown).isEqualTo(wrong).contains("do not belong together");
        assertThat(browser.answer.status()).isEqualTo(200);
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(clinic.events)
                .extracting(event -> event.principal().orElseThrow())
                .as("a password typed as a name must not be written down")
                .containsExactly("rad", "(unknown)");
    }

    @Test
    void pagesLoadNothingFromElsewhereAndAreKeptNowhere() {
        browser.get("/strongroom/login");
        assertThat(browser.header("Content-Security-Policy"))
                .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                .doesNotContain("unsafe");
        assertThat(browser.header("Cache-Control")).isEqualTo("no-store");
        assertThat(browser.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(browser.page())
                .doesNotContain("style=")
                .doesNotContain("onload")
                .doesNotContain("http://");
        assertThat(browser.get("/strongroom/login.css").answer.contentType()).startsWith("text/css");
        assertThat(browser.get("/strongroom/login.js").answer.contentType()).startsWith("text/javascript");
    }

    @Test
    void whatPeopleTypeIsTextOnThePage() {
        browser.logIn("\"><script>alert(1)</script>", "x");
        assertThat(browser.page()).doesNotContain("<script>alert").contains("&lt;script&gt;alert");
    }

    @Test
    void anotherSitesFormIsNotTaken() {
        browser.get("/strongroom/login");
        browser.site = "cross-site";
        browser.submit("user", "rad", "password", Clinic.PASSWORD);
        assertThat(browser.problem()).contains("did not come from this page");
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void anotherSitesPageCannotUseTheCookieToChangeAnything() {
        browser.logIn("rad", Clinic.PASSWORD);
        browser.site = "cross-site";
        assertThat(browser.identity("GET")).isEqualTo(user("rad", false));
        assertThat(browser.identity("DELETE")).isInstanceOf(Authentication.Refused.class);
        browser.site = "same-origin";
        assertThat(browser.identity("DELETE")).isEqualTo(user("rad", false));
    }

    @Test
    void loggingOutEndsTheSessionEverywhereItsCookieWent() {
        browser.logIn("rad", Clinic.PASSWORD);
        Browser thief = new Browser(clinic, "10.0.0.8");
        thief.cookies.putAll(browser.cookies);
        assertThat(thief.identity()).isEqualTo(user("rad", false));
        browser.post("/strongroom/logout", Map.of("csrf", "guessed"));
        assertThat(browser.identity()).isEqualTo(user("rad", false));
        browser.get("/strongroom/logout").submit();
        assertThat(browser.answer.status()).isEqualTo(303);
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(thief.identity()).isEqualTo(NOBODY);
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN, AuditType.LOGOUT);
        assertThat(browser.get("/strongroom/logout").header("Location")).isEqualTo("login");
    }

    @Test
    void whoMustHaveASecondFactorSetsOneUpAndIsAskedForItFromThenOn() throws IOException {
        browser.logIn("admin", Clinic.PASSWORD);
        assertThat(browser.title()).isEqualTo("Set up a second factor");
        assertThat(browser.identity()).isEqualTo(NOBODY);
        String secret = browser.between("<code>", "</code>");
        assertThat(browser.submit("code", "000000").problem()).contains("does not fit");
        assertThat(browser.between("<code>", "</code>")).isEqualTo(secret);
        browser.submit("code", codeNow(secret));
        assertThat(browser.title()).isEqualTo("Your recovery codes");
        assertThat(browser.identity()).isEqualTo(NOBODY);
        browser.submit();
        assertThat(browser.identity()).isEqualTo(user("admin", true));

        clinic.restart();
        Browser other = new Browser(clinic, "10.0.0.9");
        other.logIn("admin", Clinic.PASSWORD);
        assertThat(other.title()).isEqualTo("One more step");
        other.submit("code", codeNow(secret));
        assertThat(other.problem()).as("this code was used for the set-up").contains("used before");
        clinic.pass(Duration.ofSeconds(30));
        other.submit("code", codeNow(secret));
        assertThat(other.identity()).isEqualTo(user("admin", true));
        assertThat(clinic.eventTypes())
                .containsExactly(AuditType.USERS, AuditType.LOGIN, AuditType.LOGIN_FAILED, AuditType.LOGIN);
    }

    private String codeNow(String secret) {
        return OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30);
    }

    @Test
    void aRecoveryCodeIsGoodOnce() throws IOException {
        browser.logIn("admin", Clinic.PASSWORD);
        browser.submit("code", codeNow(browser.between("<code>", "</code>")));
        String recovery = browser.between("<code>", "</code>");
        browser.submit();
        Browser second = new Browser(clinic, "10.0.0.9");
        second.logIn("admin", Clinic.PASSWORD).submit("code", recovery.toLowerCase(java.util.Locale.ROOT));
        assertThat(second.identity()).isEqualTo(user("admin", true));
        Browser third = new Browser(clinic, "10.0.0.10");
        third.logIn("admin", Clinic.PASSWORD).submit("code", recovery);
        assertThat(third.problem()).isNotEmpty();
        assertThat(third.identity()).isEqualTo(NOBODY);
    }

    /** Somebody who knows the password and opened the set-up before its owner did must not replace what the owner set up. */
    @Test
    void theFirstSetUpStands() throws IOException {
        Browser thief = new Browser(clinic, "10.6.6.6");
        thief.logIn("admin", Clinic.PASSWORD);
        String thiefs = thief.between("<code>", "</code>");
        browser.logIn("admin", Clinic.PASSWORD);
        browser.submit("code", codeNow(browser.between("<code>", "</code>"))).submit();
        thief.submit("code", codeNow(thiefs));
        assertThat(thief.problem()).contains("log in again");
        assertThat(thief.identity()).isEqualTo(NOBODY);
        assertThat(browser.identity()).isEqualTo(user("admin", true));
    }

    /** A ticket is good for the step that was asked, not for the one that would be easier. */
    @Test
    void noStepIsLeftOut() throws IOException {
        browser.logIn("admin", Clinic.PASSWORD);
        browser.submit("code", codeNow(browser.between("<code>", "</code>"))).submit();
        for (String step : List.of("confirm", "seen", "acknowledge", "password", "")) {
            Browser thief = new Browser(clinic, "10.0.0.9");
            thief.logIn("admin", Clinic.PASSWORD);
            assertThat(thief.title()).isEqualTo("One more step");
            thief.submit("step", step, "read", "yes", "code", "123456");
            assertThat(thief.identity()).as(step).isEqualTo(NOBODY);
            assertThat(thief.cookies).as(step).isEmpty();
        }
    }

    /** Not even with the secret of a set-up that was never asked for. */
    @Test
    void nobodySetsUpAnotherFactorInPlaceOfShowingTheirs() throws IOException {
        browser.logIn("admin", Clinic.PASSWORD);
        browser.submit("code", codeNow(browser.between("<code>", "</code>"))).submit();
        Outcome.Ask ask = (Outcome.Ask) clinic.login
                .signIn()
                .password("admin", Secret.of(Clinic.PASSWORD), "10.0.0.9", Optional.empty(), ReturnPath.HOME, "");
        assertThat(ask.step()).isEqualTo(Outcome.Step.CODE);
        assertThat(clinic.login
                        .signIn()
                        .confirm(ask.ticket(), codeNow(ask.login().newSecret())))
                .isInstanceOf(Outcome.Expired.class);
    }

    @Test
    void aLoginThatIsLeftStandingIsOver() throws IOException {
        browser.logIn("admin", Clinic.PASSWORD);
        String secret = browser.between("<code>", "</code>");
        clinic.pass(Duration.ofMinutes(10));
        browser.submit("code", codeNow(secret));
        assertThat(browser.problem()).contains("log in again");
    }

    @Test
    void thePolicyIsReadOnceAYearAndWhenItChanges() throws IOException {
        Path text = Files.writeString(folder.resolve("policy.txt"), "Look at <nobody> you do not treat.");
        clinic.policy = Optional.of(text);
        clinic.restart();
        browser.logIn("rad", Clinic.PASSWORD);
        assertThat(browser.title()).isEqualTo("Please read this");
        assertThat(browser.page()).contains("Look at &lt;nobody&gt; you do not treat.");
        assertThat(browser.identity()).isEqualTo(NOBODY);
        browser.submit("read", "yes");
        assertThat(browser.identity()).isEqualTo(user("rad", false));
        assertThat(clinic.eventTypes()).containsExactly(AuditType.ACKNOWLEDGEMENT, AuditType.LOGIN);

        clinic.restart();
        clinic.pass(Duration.ofDays(364));
        assertThat(browser.logIn("rad", Clinic.PASSWORD).answer.status()).isEqualTo(303);
        clinic.pass(Duration.ofDays(1));
        assertThat(browser.logIn("rad", Clinic.PASSWORD).title()).isEqualTo("Please read this");
        browser.submit("read", "yes");
        Files.writeString(text, "Another one.");
        clinic.restart();
        assertThat(browser.logIn("rad", Clinic.PASSWORD).page()).contains("Another one.");
    }

    @Test
    void whatCannotBeRecordedDoesNotHappen() throws IOException {
        clinic.login.close();
        clinic.login = Login.open(
                clinic.home.login(),
                clinic.keyring,
                clinic.settings(),
                clinic.who(),
                clinic.terms(),
                clinic.sharing(),
                event -> {
                    throw new IllegalStateException("the audit's disk is full");
                },
                clinic);
        clinic.pages = new LoginPages(clinic.login, request -> "10.0.0.7", "x");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> browser.logIn("rad", Clinic.PASSWORD)))
                .hasMessageContaining("disk is full");
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(clinic.login.sessions().of("rad")).isEmpty();
    }

    @Test
    void everyPageHasLabelsForWhatItAsks() throws IOException {
        clinic.policy = Optional.of(Files.writeString(folder.resolve("policy.txt"), "Rules."));
        clinic.restart();
        StringBuilder pages = new StringBuilder(browser.logIn("admin", "wrong").page());
        pages.append(browser.logIn("admin", Clinic.PASSWORD).page());
        pages.append(browser.submit("code", codeNow(browser.between("<code>", "</code>")))
                .page());
        pages.append(browser.submit().page());
        assertThat(pages).contains("Please read this");
        java.util.regex.Matcher inputs = java.util.regex.Pattern.compile("<input (?!type=\"hidden\")[^>]*>")
                .matcher(pages);
        int count = 0;
        while (inputs.find()) {
            count++;
            String id = inputs.group().replaceAll(".* id=\"([a-z]+)\".*|.*", "$1");
            boolean labelled = id.isEmpty()
                    ? pages.toString().contains("<label class=\"check\">" + inputs.group())
                    : pages.toString().contains("<label for=\"" + id + "\">");
            assertThat(labelled).as(inputs.group()).isTrue();
        }
        assertThat(count).isEqualTo(4);
    }
}
