package org.strongroom.plugin.login.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.LoginReset;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.OneTimeCodes;

/** What somebody does about their own login. */
class AccountPagesTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void logIn() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
        browser = new Browser(clinic, "10.0.0.7");
        browser.logIn("rad", Clinic.PASSWORD);
        browser.get("/strongroom/account");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private Browser act(String action, String... fields) throws IOException {
        Map<String, String> form = new HashMap<>();
        form.put("csrf", browser.between("name=\"csrf\" value=\"", "\""));
        form.put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return browser.post("/strongroom/account", form);
    }

    private String codeNow(String secret) {
        return OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30);
    }

    @Test
    void whoIsNotLoggedInLogsInFirstAndComesBack() {
        Browser stranger = new Browser(clinic, "10.0.0.8");
        stranger.get("/strongroom/account");
        assertThat(stranger.answer.status()).isEqualTo(303);
        stranger.get("/strongroom/" + stranger.header("Location")).submit("user", "rad", "password", Clinic.PASSWORD);
        assertThat(stranger.header("Location")).isEqualTo("../strongroom/account");
    }

    @Test
    void aTokenIsMadeShownOnceAndRevoked() throws IOException {
        act("token", "label", "OHIF <b>", "scope", "study:view study:pixels", "days", "10");
        String token = browser.between("<code>", "</code>");
        assertThat(clinic.login.identify("GET", Map.of("authorization", "Bearer " + token), "10.0.0.9"))
                .isInstanceOf(Authentication.User.class);
        browser.get("/strongroom/account");
        assertThat(browser.page())
                .contains("OHIF &lt;b&gt;", "study:view study:pixels", "2026-12-06")
                .doesNotContain(token)
                .doesNotContain("<b>");
        act("revoke", "id", browser.between("name=\"id\" value=\"", "\""));
        assertThat(clinic.login.identify("GET", Map.of("authorization", "Bearer " + token), "10.0.0.9"))
                .isInstanceOf(Authentication.Refused.class);
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN, AuditType.USERS, AuditType.USERS);
        browser.get("/strongroom/account");
        assertThat(act("token", "label", "x", "scope", "Study").problem()).contains("not a scope");
    }

    /** It would be in for a year, whatever second factor and password its user has by then. */
    @Test
    void whoFindsABrowserThatWasLeftAloneMakesNoToken() throws IOException {
        clinic.pass(Duration.ofMinutes(10).plusMillis(1));
        assertThat(act("token", "label", "x", "days", "10").problem()).contains("within 10 minutes of a login");
        assertThat(clinic.login.tokens().of("rad")).isEmpty();
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN);
        browser.logIn("rad", Clinic.PASSWORD).get("/strongroom/account");
        clinic.pass(Duration.ofMinutes(10));
        act("token", "label", "x", "days", "10");
        assertThat(clinic.login.tokens().of("rad")).hasSize(1);
    }

    @Test
    void nothingIsDoneForAFormFromElsewhere() throws IOException {
        browser.site = "cross-site";
        assertThat(act("token", "label", "x").problem()).contains("did not come from this page");
        browser.site = "same-origin";
        browser.post("/strongroom/account", Map.of("csrf", "x", "action", "token", "label", "x"));
        assertThat(browser.problem()).contains("did not come from this page");
        assertThat(clinic.login.tokens().of("rad")).isEmpty();
    }

    @Test
    void aSecondFactorIsSetUpOfOnesOwnWill() throws IOException {
        Browser elsewhere = new Browser(clinic, "10.0.0.8");
        elsewhere.logIn("rad", Clinic.PASSWORD);
        act("setup");
        assertThat(browser.title()).isEqualTo("Set up a second factor");
        browser.submit("code", codeNow(browser.between("<code>", "</code>"))).submit();
        assertThat(browser.header("Location")).isEqualTo("../strongroom/account");
        assertThat(browser.get("/strongroom/account").page()).contains("10 unused recovery codes");
        assertThat(browser.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        assertThat(elsewhere.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(elsewhere.logIn("rad", Clinic.PASSWORD).title()).isEqualTo("One more step");
    }

    /** A browser that was left alone must not be enough to take over the account. */
    @Test
    void aNewPhoneTakesACodeOfTheOldOne() throws IOException {
        act("setup");
        String old = browser.between("<code>", "</code>");
        browser.submit("code", codeNow(old)).submit();
        browser.get("/strongroom/account");
        act("setup");
        browser.submit("code", "123456");
        assertThat(browser.problem()).contains("not the right one");
        browser.get("/strongroom/account");
        clinic.pass(Duration.ofSeconds(30));
        act("setup");
        browser.submit("code", codeNow(old));
        String fresh = browser.between("<code>", "</code>");
        assertThat(fresh).isNotEqualTo(old);
        browser.submit("code", codeNow(fresh)).submit();
        clinic.pass(Duration.ofSeconds(30));
        Browser second = new Browser(clinic, "10.0.0.9");
        second.logIn("rad", Clinic.PASSWORD).submit("code", codeNow(old));
        assertThat(second.problem()).isNotEmpty();
        second.submit("code", codeNow(fresh));
        assertThat(second.identity()).isInstanceOf(Authentication.User.class);
    }

    @Test
    void aLoginElsewhereIsEnded() throws IOException {
        Browser elsewhere = new Browser(clinic, "10.0.0.8");
        elsewhere.logIn("rad", Clinic.PASSWORD);
        assertThat(browser.get("/strongroom/account").page()).contains("you are logged in: 2.");
        act("elsewhere");
        assertThat(elsewhere.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(browser.identity()).isInstanceOf(Authentication.User.class);
        assertThat(clinic.eventTypes()).endsWith(AuditType.LOGOUT);
    }

    /** What {@code strongroom user reset} does, with Orthanc stopped. */
    @Test
    void anAccountInWrongHandsIsReset() throws IOException {
        act("token", "label", "x", "days", "10");
        String token = browser.between("<code>", "</code>");
        browser.get("/strongroom/account");
        act("setup");
        browser.submit("code", codeNow(browser.between("<code>", "</code>"))).submit();
        Browser other = new Browser(clinic, "10.0.0.8");
        other.logIn("old-client", Clinic.PASSWORD);
        clinic.login.close();
        assertThat(LoginReset.run(clinic.home.login(), clinic.keyring, "rad", clinic))
                .isTrue();
        assertThat(LoginReset.run(clinic.home.login(), clinic.keyring, "rad", clinic))
                .isFalse();
        clinic.open();
        assertThat(browser.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(clinic.login.identify("GET", Map.of("authorization", "Bearer " + token), "10.0.0.9"))
                .isInstanceOf(Authentication.Refused.class);
        assertThat(browser.logIn("rad", Clinic.PASSWORD).answer.status()).isEqualTo(303);
        assertThat(other.identity()).as("somebody else's").isInstanceOf(Authentication.User.class);
    }
}
