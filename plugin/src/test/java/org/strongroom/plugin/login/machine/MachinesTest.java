package org.strongroom.plugin.login.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.page.Browser;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.signin.Outcome;
import org.strongroom.plugin.login.signin.Wish;

/** Those who cannot type: app tokens, and HTTP Basic where a role allows it. */
class MachinesTest {
    @TempDir
    Path folder;

    private Clinic clinic;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private Authentication show(String authorization) {
        return clinic.login.identify("POST", Map.of("authorization", authorization), "10.0.0.7");
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTokenIsItsOwnerForSomeThingsAndSomeTime() throws IOException {
        String token = clinic.login.tokens().make("rad", "viewer", List.of("study:view"), Duration.ofDays(10));
        Principal principal = ((Authentication.User) show("Bearer " + token)).principal();
        assertThat(principal.name()).isEqualTo("rad");
        assertThat(principal.reach("study:view", "north")).isEqualTo(Reach.EVERYTHING);
        assertThat(principal.reach("study:view", "south")).isEqualTo(Reach.NOTHING);
        assertThat(principal.reach("study:pixels", "north")).isEqualTo(Reach.NOTHING);
        assertThat(principal.may("job:own")).isFalse();
        assertThat(show("bearer  " + token)).isInstanceOf(Authentication.User.class);
        clinic.pass(Duration.ofDays(10).minusMillis(1));
        clinic.restart();
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.User.class);
        clinic.pass(Duration.ofMillis(1));
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.Refused.class);
        assertThat(clinic.login.tokens().of("rad")).isEmpty();
    }

    /** A scope takes away and never gives. */
    @Test
    void aTokenIsForNothingThatItsOwnerMayNot() {
        String token = clinic.login
                .tokens()
                .make("rad", "viewer", List.of("system:*", "study:*:south", "study:view:*"), Duration.ofDays(10));
        Principal principal = ((Authentication.User) show("Bearer " + token)).principal();
        assertThat(principal.may("system:configure")).isFalse();
        assertThat(principal.reach("study:view", "south")).isEqualTo(Reach.NOTHING);
        assertThat(principal.reach("study:view", "north")).isEqualTo(Reach.EVERYTHING);
    }

    @Test
    void aRevokedTokenIsNothing() throws IOException {
        String token = clinic.login.tokens().make("rad", "viewer", List.of(), Duration.ofDays(10));
        String id = clinic.login.tokens().of("rad").get(0).id();
        assertThat(clinic.login.tokens().revoke("admin", id)).isFalse();
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.User.class);
        assertThat(clinic.login.tokens().revoke("rad", id)).isTrue();
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.Refused.class);
        clinic.restart();
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void everyBitOfATokenCounts() {
        String token = clinic.login.tokens().make("rad", "viewer", List.of(), Duration.ofDays(10));
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'a' ? 'b' : 'a';
            String wrong = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(show("Bearer " + wrong)).as("at %d", i).isInstanceOf(Authentication.Refused.class);
        }
        assertThat(show("Bearer " + token + "a")).isInstanceOf(Authentication.Refused.class);
        assertThat(show("Bearer " + token.substring(1))).isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void aTokenEndsWithItsOwner() throws IOException {
        String token = clinic.login.tokens().make("rad", "viewer", List.of(), Duration.ofDays(10));
        clinic.accounts.remove("rad");
        clinic.restart();
        assertThat(show("Bearer " + token)).isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void noTokenLivesLongerThanTheSettingsAllow() {
        clinic.login.tokens().make("rad", "viewer", List.of(), Duration.ofDays(10_000));
        assertThat(clinic.login.tokens().of("rad")).singleElement().satisfies(token -> assertThat(token.until())
                .isEqualTo(clinic.now.plus(Duration.ofDays(365))));
    }

    @Test
    void whatIsNoLabelOrScopeAndVeryManyAreRefused() {
        AppTokens tokens = clinic.login.tokens();
        for (String scope : new String[] {"", "Study", "study view", "study:view\n"}) {
            assertThatExceptionOfType(StrongroomException.class)
                    .as(scope)
                    .isThrownBy(() -> tokens.make("rad", "x", List.of(scope), Duration.ofDays(1)));
        }
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> tokens.make("rad", " ", List.of(), Duration.ofDays(1)));
        for (int i = 0; i < 50; i++) {
            tokens.make("rad", "x", List.of(), Duration.ofDays(1));
        }
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> tokens.make("rad", "x", List.of(), Duration.ofDays(1)))
                .satisfies(e -> assertThat(e.cure()).contains("Revoke"));
    }

    @Test
    void basicIsForThoseWhoMay() {
        assertThat(show(basic("old-client", Clinic.PASSWORD)))
                .isEqualTo(clinic.user("old-client", Authentication.Means.BASIC, false));
        assertThat(show(basic("rad", Clinic.PASSWORD))).isInstanceOf(Authentication.Refused.class);
        assertThat(show(basic("admin", Clinic.PASSWORD))).isInstanceOf(Authentication.Refused.class);
        assertThat(show(basic("old-client", "wrong"))).isInstanceOf(Authentication.Refused.class);
        assertThat(show(basic("nobody", "wrong"))).isInstanceOf(Authentication.Refused.class);
    }

    /** Each request has the password again: only the first is a login, and only it costs anything. */
    @Test
    void aRightPasswordIsRememberedForMinutes() {
        for (int i = 0; i < 200; i++) {
            assertThat(show(basic("old-client", Clinic.PASSWORD))).isInstanceOf(Authentication.User.class);
        }
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN);
        clinic.pass(Duration.ofMinutes(5));
        assertThat(show(basic("old-client", Clinic.PASSWORD))).isInstanceOf(Authentication.User.class);
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN, AuditType.LOGIN);
        assertThat(show(basic("old-client", Clinic.PASSWORD + "x"))).isInstanceOf(Authentication.Refused.class);
    }

    /** Whoever shows a right password where it opens nothing has it from somewhere. */
    @Test
    void aRightPasswordThatMayNotComeByBasicIsRecordedOnceInAWhile() {
        show(basic("rad", Clinic.PASSWORD));
        show(basic("rad", Clinic.PASSWORD));
        assertThat(clinic.events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.LOGIN_FAILED);
            assertThat(event.principal()).contains("rad");
        });
        clinic.pass(Duration.ofMinutes(6));
        show(basic("rad", Clinic.PASSWORD));
        assertThat(clinic.events).hasSize(2);
    }

    @Test
    void guessingByBasicIsAsSlowAsOnThePage() {
        for (int i = 0; i < 5; i++) {
            show(basic("old-client", "guess" + i));
        }
        assertThat(show(basic("old-client", Clinic.PASSWORD)))
                .isEqualTo(new Authentication.Refused("too many attempts"));
        assertThat(new Browser(clinic, "10.0.0.7")
                        .logIn("old-client", Clinic.PASSWORD)
                        .problem())
                .contains("Too many attempts");
        assertThat(clinic.eventTypes().stream().filter(type -> type == AuditType.LOCK_OUT))
                .hasSize(1);
    }

    /** Who has set up a second factor of their own will does not want a way around it. */
    @Test
    void basicIsNoWayAroundASecondFactor() throws IOException {
        assertThat(show(basic("old-client", Clinic.PASSWORD))).isInstanceOf(Authentication.User.class);
        Account account = clinic.accounts.get("old-client");
        clinic.login.sessions().begin(account, false);
        Outcome.Ask ask = (Outcome.Ask) clinic.login
                .signIn()
                .change(
                        account,
                        clinic.login.sessions().of(account.name()).get(0),
                        Wish.SET_UP_APP,
                        "10.0.0.7",
                        java.util.Optional.empty(),
                        ReturnPath.HOME);
        String code = OneTimeCodes.code(ask.login().newSecret(), clinic.now.getEpochSecond() / 30);
        clinic.login.signIn().confirm(ask.ticket(), code);
        assertThat(show(basic("old-client", Clinic.PASSWORD)))
                .as("even while the password is remembered")
                .isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void aWrongHeaderIsNotMadeGoodByACookie() {
        Browser browser = new Browser(clinic, "10.0.0.7");
        browser.logIn("rad", Clinic.PASSWORD);
        Map<String, String> headers = browser.headers();
        for (String wrong : new String[] {"", "Bearer", "Bearer x", "Basic", "Basic %%%", "Basic OnB3", "Digest x"}) {
            headers.put("authorization", wrong);
            assertThat(clinic.login.identify("GET", headers, "10.0.0.7"))
                    .as(wrong)
                    .isInstanceOf(Authentication.Refused.class);
        }
    }
}
