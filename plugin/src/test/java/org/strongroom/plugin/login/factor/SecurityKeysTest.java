package org.strongroom.plugin.login.factor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.plugin.keys.StateFile;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.LoginReset;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.page.Browser;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.signin.Wish;
import org.strongroom.plugin.webauthn.Assertion;
import org.strongroom.plugin.webauthn.Creation;
import org.strongroom.plugin.webauthn.SoftKey;

/** Security keys from the first one to the last, as browsers with them do it. */
class SecurityKeysTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser rad;
    private final SoftKey key = new SoftKey(SoftKey.Kind.ES256);

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.address = Optional.of(new WebAddress(URI.create("https://pacs.clinic.example")));
        clinic.open();
        rad = new Browser(clinic, "10.0.0.7");
        rad.logIn("rad", Clinic.PASSWORD);
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private static Browser act(Browser browser, String action, String... fields) throws IOException {
        browser.get("/strongroom/account");
        Map<String, String> form = new HashMap<>();
        form.put("csrf", browser.between("name=\"csrf\" value=\"", "\""));
        form.put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return browser.post("/strongroom/account", form);
    }

    private static String challenge(Browser browser) throws IOException {
        return browser.between("data-challenge=\"", "\"");
    }

    private static Browser add(Browser browser, SoftKey key, String name) throws IOException {
        Creation made = key.create(challenge(browser));
        return browser.submit("attestation", made.attestation(), "client", made.client(), "name", name);
    }

    private static Browser show(Browser browser, SoftKey key) throws IOException {
        return answer(browser, key.show(challenge(browser)));
    }

    private static Browser answer(Browser browser, Assertion answer) {
        return browser.submit(
                "authenticator",
                answer.authenticator(),
                "id",
                answer.id(),
                "client",
                answer.client(),
                "signature",
                answer.signature(),
                "handle",
                answer.handle());
    }

    /** The first one of somebody who has no second factor; gives the recovery codes' page an end. */
    private void addFirst() throws IOException {
        act(rad, "add-key");
        assertThat(add(rad, key, "blue <b>").title()).isEqualTo("Your recovery codes");
    }

    private Browser logIn(String address) {
        return new Browser(clinic, address).logIn("rad", Clinic.PASSWORD);
    }

    private List<String> hows(AuditType type) {
        return clinic.events.stream()
                .filter(event -> event.type() == type)
                .map(event -> event.details().getOrDefault("how", ""))
                .toList();
    }

    @Test
    void aKeyIsAddedAndIsThenASecondFactor() throws IOException {
        Browser elsewhere = logIn("10.0.0.8");
        addFirst();
        assertThat(elsewhere.identity()).as("had less to show").isEqualTo(new Authentication.Anonymous());
        rad.submit();
        assertThat(rad.header("Location")).isEqualTo("../strongroom/account");
        assertThat(rad.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        assertThat(rad.get("/strongroom/account").page())
                .contains("security keys: 1", "10 unused recovery codes", "blue &lt;b&gt;", "never");
        clinic.restart();
        Browser next = logIn("10.0.0.8");
        assertThat(next.title()).isEqualTo("One more step");
        assertThat(next.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(next.page()).contains("webauthn.js", "data-rp=\"pacs.clinic.example\"", SoftKey.text(key.id));
        show(next, key);
        assertThat(next.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        assertThat(next.get("/strongroom/account").page())
                .contains("2026-11-26")
                .doesNotContain("never");
        assertThat(hows(AuditType.USERS)).containsExactly("security key added");
        assertThat(hows(AuditType.LOGIN)).last().isEqualTo("password and security key");
    }

    @Test
    void anAnswerIsGoodOnceAndForOneLogin() throws IOException {
        addFirst();
        Browser first = logIn("10.0.0.8");
        Browser second = logIn("10.0.0.9");
        Assertion answer = key.show(challenge(first));
        assertThat(answer(second, answer).problem()).contains("does not fit");
        Map<String, String> replay = Map.of(
                "step", "key",
                "ticket", first.between("name=\"ticket\" value=\"", "\""),
                "id", answer.id(),
                "client", answer.client(),
                "authenticator", answer.authenticator(),
                "signature", answer.signature());
        answer(first, key.show(SoftKey.text(new byte[32])));
        assertThat(first.problem()).contains("does not fit");
        first.post("/strongroom/login", replay);
        assertThat(first.problem()).as("its question is gone").contains("does not fit");
        show(first, key);
        assertThat(first.identity()).isInstanceOf(Authentication.User.class);
        first.cookies.clear();
        first.post("/strongroom/login", replay);
        assertThat(first.problem()).contains("done already");
        assertThat(first.identity()).isEqualTo(new Authentication.Anonymous());
        Browser late = logIn("10.0.0.8");
        Assertion tooLate = key.show(challenge(late));
        clinic.pass(Duration.ofMinutes(11));
        assertThat(answer(late, tooLate).problem()).contains("took too long");
        assertThat(hows(AuditType.LOGIN_FAILED)).isNotEmpty();
    }

    /** Else a login that is never over could be had by adding a key and taking it away, again and again. */
    @Test
    void whoChangesFactorsGoesOnWithTheLoginThatTheyHad() throws IOException {
        for (int minutes = 0; minutes < 11 * 60; minutes += 20) {
            clinic.pass(Duration.ofMinutes(20));
            assertThat(rad.identity()).isInstanceOf(Authentication.User.class);
        }
        addFirst();
        rad.submit();
        assertThat(rad.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        assertThat(hows(AuditType.LOGIN)).as("nobody has logged in again").hasSize(1);
        for (int i = 0; i < 3; i++) {
            clinic.pass(Duration.ofMinutes(20));
            rad.identity();
        }
        assertThat(rad.identity()).as("after twelve hours in any case").isEqualTo(new Authentication.Anonymous());
    }

    @Test
    void whatIsBegunInALoginEndsWithIt() throws IOException {
        act(rad, "add-key");
        Creation made = key.create(challenge(rad));
        String ticket = rad.between("name=\"ticket\" value=\"", "\"");
        rad.get("/strongroom/logout").submit();
        Map<String, String> form =
                Map.of("step", "add-key", "ticket", ticket, "client", made.client(), "attestation", made.attestation());
        assertThat(rad.post("/strongroom/login", form).problem()).contains("done already");
        assertThat(clinic.login.records().of("rad").keys()).isEmpty();
    }

    @Test
    void loggingOutElsewhereEndsHalfLoginsToo() throws IOException {
        addFirst();
        rad.submit();
        Browser half = logIn("10.0.0.8");
        act(rad, "elsewhere");
        show(half, key);
        assertThat(half.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(rad.identity()).isInstanceOf(Authentication.User.class);
    }

    @Test
    void nobodyPushesOutAnothersLogin() throws IOException {
        addFirst();
        Browser half = logIn("10.0.0.8");
        Account busy = clinic.accounts.get("old-client");
        clinic.login.sessions().begin(busy, false);
        Session session = clinic.login.sessions().of("old-client").get(0);
        for (int i = 0; i < 1100; i++) {
            clinic.login.signIn().change(busy, session, Wish.SET_UP_APP, "10.0.0.9", Optional.empty(), ReturnPath.HOME);
        }
        show(half, key);
        assertThat(half.identity()).isInstanceOf(Authentication.User.class);
    }

    /** A key that was stolen, and has been shown: its owner takes it away before the last step. */
    @Test
    void whatWasShownIsGoodNoMoreOnceItIsRemoved() throws IOException {
        clinic.policy = Optional.of(Files.writeString(folder.resolve("policy"), "Be good.\n"));
        clinic.restart();
        rad = logIn("10.0.0.7").submit();
        addFirst();
        rad.submit();
        SoftKey second = new SoftKey(SoftKey.Kind.ES256);
        act(rad, "add-key");
        show(rad, key);
        add(rad, second, "");
        clinic.pass(Duration.ofMinutes(1));
        Files.writeString(folder.resolve("policy"), "Be very good.\n");
        clinic.restart();
        Browser thief = logIn("10.0.0.9");
        show(thief, key);
        assertThat(thief.identity()).as("asked to read the policy").isEqualTo(new Authentication.Anonymous());
        act(rad, "remove-key", "id", SoftKey.text(key.id));
        show(rad, second);
        thief.submit();
        assertThat(thief.problem()).contains("done already");
        assertThat(thief.identity()).isEqualTo(new Authentication.Anonymous());
    }

    /** Whoever has shown nothing must not get past what was set up meanwhile. */
    @Test
    void aKeyIsNotAddedBesideOneThatCameMeanwhile() throws IOException {
        Browser thief = logIn("10.0.0.8");
        act(thief, "add-key");
        addFirst();
        add(thief, new SoftKey(SoftKey.Kind.ES256), "mine");
        assertThat(thief.problem()).contains("done already");
        assertThat(thief.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(clinic.login.records().of("rad").keys()).hasSize(1);
    }

    @Test
    void somebodyElsesKeyIsNotTheUsers() throws IOException {
        addFirst();
        Browser other = new Browser(clinic, "10.0.0.9");
        other.logIn("old-client", Clinic.PASSWORD);
        act(other, "add-key");
        SoftKey others = new SoftKey(SoftKey.Kind.EDDSA);
        add(other, others, "mine").submit();
        Browser thief = logIn("10.0.0.9");
        assertThat(show(thief, others).problem()).contains("does not fit");
        key.handle = SoftKey.text(new byte[32]);
        assertThat(show(thief, key).problem()).as("of another user, it says").contains("does not fit");
        key.handle = clinic.login.records().of("rad").keys().get(0).handle();
        show(thief, key);
        assertThat(thief.identity()).isInstanceOf(Authentication.User.class);
    }

    @Test
    void guessesAreCountedAndWait() throws IOException {
        addFirst();
        SoftKey wrong = new SoftKey(SoftKey.Kind.ES256);
        Browser thief = logIn("10.0.0.9");
        for (int i = 0; i < 5; i++) {
            show(thief, wrong);
        }
        assertThat(clinic.eventTypes()).contains(AuditType.LOCK_OUT);
        assertThat(show(thief, key).problem()).contains("Too many attempts");
    }

    @Test
    void aCopyIsRefusedAndTold() throws IOException {
        key.counts = true;
        key.counter = 10;
        addFirst();
        Browser first = logIn("10.0.0.8");
        show(first, key);
        assertThat(first.identity()).isInstanceOf(Authentication.User.class);
        key.counter = 10;
        Browser copy = logIn("10.0.0.9");
        assertThat(show(copy, key).problem()).contains("does not fit");
        assertThat(copy.identity()).isEqualTo(new Authentication.Anonymous());
        List<AuditEvent> alerts = clinic.events.stream()
                .filter(event -> event.type() == AuditType.ALERT)
                .toList();
        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0).toString()).contains("copy", "rad");
        assertThat(alerts.get(0).details()).containsEntry("securityKey", SecurityKey.mark(SoftKey.text(key.id)));
        assertThat(clinic.eventTypes()).endsWith(AuditType.ALERT, AuditType.LOGIN_FAILED);
    }

    /** A browser that was left alone must not be enough to add a key, or to take one away. */
    @Test
    void moreKeysAndFewerTakeOneThatIsThere() throws IOException {
        addFirst();
        rad.submit();
        SoftKey second = new SoftKey(SoftKey.Kind.RS256);
        act(rad, "add-key");
        assertThat(rad.title()).isEqualTo("One more step");
        assertThat(show(rad, key).title()).isEqualTo("Add a security key");
        assertThat(rad.page()).contains(SoftKey.text(key.id));
        assertThat(add(rad, key, "again").problem()).contains("could not be added");
        add(rad, second, "");
        assertThat(rad.header("Location")).as("the old codes are good").isEqualTo("../strongroom/account");
        assertThat(rad.get("/strongroom/account").page()).contains("security keys: 2", "10 unused");
        Browser elsewhere = logIn("10.0.0.8");
        show(elsewhere, second);
        act(rad, "remove-key", "id", SoftKey.text(key.id));
        assertThat(rad.title()).isEqualTo("One more step");
        assertThat(clinic.login.records().of("rad").keys()).hasSize(2);
        show(rad, second);
        assertThat(rad.get("/strongroom/account").page()).contains("security keys: 1");
        assertThat(elsewhere.identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(show(logIn("10.0.0.8"), key).problem()).as("removed").contains("does not fit");
        act(rad, "remove-key", "id", SoftKey.text(key.id));
        assertThat(rad.problem()).contains("no such security key");
        act(rad, "remove-key", "id", SoftKey.text(second.id));
        show(rad, second);
        assertThat(rad.get("/strongroom/account").page()).contains("You have none.");
        assertThat(clinic.login.records().of("rad").recoveryCodes()).isEmpty();
        assertThat(hows(AuditType.USERS))
                .containsExactly(
                        "security key added", "security key added", "security key removed", "security key removed");
    }

    @Test
    void whoseRoleAsksForOneTakesAKeyAndKeepsOne() throws IOException {
        Browser admin = new Browser(clinic, "10.0.0.7");
        admin.logIn("admin", Clinic.PASSWORD);
        assertThat(admin.title()).isEqualTo("Set up a second factor");
        assertThat(admin.page()).contains("<svg", "data-key=\"add\"");
        add(admin, key, "mine").submit();
        assertThat(admin.identity()).isEqualTo(clinic.user("admin", Authentication.Means.SESSION, true));
        act(admin, "remove-key", "id", SoftKey.text(key.id));
        assertThat(admin.problem()).contains("the only one");
        assertThat(clinic.login.records().of("admin").keys()).hasSize(1);
    }

    @Test
    void anAppAndAKeyAreEachEnough() throws IOException {
        act(rad, "setup");
        assertThat(rad.page()).doesNotContain("data-key");
        String secret = rad.between("<code>", "</code>");
        rad.submit("code", code(secret)).submit();
        clinic.pass(Duration.ofSeconds(30));
        act(rad, "add-key");
        assertThat(rad.page()).doesNotContain("data-key");
        rad.submit("code", code(secret));
        add(rad, key, "");
        assertThat(rad.header("Location")).isEqualTo("../strongroom/account");
        assertThat(rad.get("/strongroom/account").page()).contains("an app, security keys: 1");
        Browser byKey = logIn("10.0.0.8");
        assertThat(byKey.page()).contains("Code from your app", "data-key=\"show\"");
        show(byKey, key);
        assertThat(byKey.identity()).isInstanceOf(Authentication.User.class);
        clinic.pass(Duration.ofSeconds(30));
        Browser byCode = logIn("10.0.0.9").submit("code", code(secret));
        assertThat(byCode.identity()).isInstanceOf(Authentication.User.class);
    }

    @Test
    void anAppIsTakenAwayByWhoeverShowsAFactor() throws IOException {
        act(rad, "remove-app");
        assertThat(rad.problem()).contains("there is no app");
        act(rad, "setup");
        String secret = rad.between("<code>", "</code>");
        rad.submit("code", code(secret)).submit();
        clinic.pass(Duration.ofSeconds(30));
        act(rad, "add-key");
        rad.submit("code", code(secret));
        add(rad, key, "");
        Browser elsewhere = logIn("10.0.0.8");
        show(elsewhere, key);
        act(rad, "remove-app");
        assertThat(rad.title()).isEqualTo("One more step");
        assertThat(clinic.login.records().of("rad").findFactor()).isPresent();
        show(rad, key);
        assertThat(rad.get("/strongroom/account").page()).contains("You have security keys: 1, and 10 unused");
        assertThat(elsewhere.identity()).isEqualTo(new Authentication.Anonymous());
        clinic.pass(Duration.ofSeconds(30));
        Browser byCode = logIn("10.0.0.9").submit("code", code(secret));
        assertThat(byCode.identity()).isEqualTo(new Authentication.Anonymous());
        act(rad, "remove-key", "id", SoftKey.text(key.id));
        show(rad, key);
        assertThat(rad.get("/strongroom/account").page())
                .contains("You have none.")
                .doesNotContain("renew-codes");
        assertThat(hows(AuditType.USERS)).endsWith("app removed", "security key removed");
    }

    @Test
    void theOnlyAppOfWhoNeedsOneStays() throws IOException {
        Browser admin = new Browser(clinic, "10.0.0.7");
        admin.logIn("admin", Clinic.PASSWORD);
        String secret = admin.between("<code>", "</code>");
        admin.submit("code", code(secret)).submit();
        act(admin, "remove-app");
        assertThat(admin.problem()).contains("the only one");
        assertThat(clinic.login.records().of("admin").findFactor()).isPresent();
    }

    @Test
    void newRecoveryCodesTakeThePlaceOfTheOldOnes() throws IOException {
        act(rad, "renew-codes");
        assertThat(rad.problem()).contains("no second factor");
        act(rad, "add-key");
        add(rad, key, "");
        String old = recoveryCode(rad);
        rad.submit();
        act(rad, "renew-codes");
        assertThat(rad.title())
                .as("a browser that was left alone is not enough")
                .isEqualTo("One more step");
        show(rad, key);
        assertThat(rad.title()).isEqualTo("Your recovery codes");
        String fresh = recoveryCode(rad);
        rad.submit();
        assertThat(rad.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        assertThat(logIn("10.0.0.8").submit("code", old).identity()).isEqualTo(new Authentication.Anonymous());
        assertThat(logIn("10.0.0.8").submit("code", fresh).identity()).isInstanceOf(Authentication.User.class);
        assertThat(hows(AuditType.USERS)).contains("recovery codes renewed");
    }

    private static String recoveryCode(Browser browser) throws IOException {
        return browser.between("<li>", "</li>").replaceAll("<[^>]*>", "");
    }

    private String code(String secret) {
        return OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30);
    }

    @Test
    void whoHasOnlyAKeyHasRecoveryCodesAndIsAskedEvenWhereKeysAreNot() throws IOException {
        act(rad, "add-key");
        add(rad, key, "");
        String recovery = rad.between("<li>", "</li>").replaceAll("<[^>]*>", "");
        clinic.login.close();
        clinic.address = Optional.empty();
        clinic.open();
        Browser next = logIn("10.0.0.8");
        assertThat(next.title()).isEqualTo("One more step");
        assertThat(next.page())
                .contains("cannot be used here now", "recovery code")
                .doesNotContain("data-key");
        Map<String, String> headers = Map.of(
                "authorization",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("rad:" + Clinic.PASSWORD).getBytes(StandardCharsets.UTF_8)));
        assertThat(clinic.login.identify("GET", headers, "10.0.0.9")).isInstanceOf(Authentication.Refused.class);
        next.submit("code", recovery);
        assertThat(next.identity()).isEqualTo(clinic.user("rad", Authentication.Means.SESSION, true));
        act(next, "add-key");
        assertThat(next.problem()).contains("cannot be used here");
    }

    @Test
    void withoutAnAddressAndWithOneThatIsNoNameThereAreNoKeys() throws IOException {
        for (String address : List.of("", "https://192.0.2.7", "https://[2001:db8::7]")) {
            clinic.login.close();
            clinic.address =
                    Optional.of(address).filter(text -> !text.isEmpty()).map(text -> new WebAddress(URI.create(text)));
            clinic.open();
            Browser browser = logIn("10.0.0.8");
            assertThat(browser.get("/strongroom/account").page()).doesNotContain("add-key");
            Browser admin = new Browser(clinic, "10.0.0.8").logIn("admin", Clinic.PASSWORD);
            assertThat(admin.page()).contains("<svg").doesNotContain("data-key");
        }
    }

    @Test
    void aResetTakesKeysAway() throws IOException {
        addFirst();
        clinic.login.close();
        assertThat(LoginReset.run(clinic.home.login(), clinic.keyring, "rad", clinic))
                .isTrue();
        assertThat(LoginReset.run(clinic.home.login(), clinic.keyring, "rad", clinic))
                .isFalse();
        clinic.open();
        assertThat(logIn("10.0.0.8").identity()).isInstanceOf(Authentication.User.class);
    }

    /** What was written before there were keys. */
    @Test
    void anAccountOfBeforeIsReadAndGetsAKey() throws IOException {
        record Before(
                String user,
                AccountRecord.Factor factor,
                List<String> recoveryCodes,
                List<AppToken> tokens,
                AccountRecord.Acknowledgement acknowledged) {}
        record File(List<Before> accounts) {}
        clinic.login.close();
        AccountRecord.Factor factor = new AccountRecord.Factor("JBSWY3DPEHPK3PXP", 7);
        AccountRecord.Acknowledgement read =
                new AccountRecord.Acknowledgement("x", Instant.parse("2026-01-01T00:00:00Z"));
        new StateFile<>(clinic.home.login().resolve("accounts.strs"), "accounts", clinic.keyring, File.class)
                .write(new File(List.of(new Before("rad", factor, List.of("a"), List.of(), read))));
        clinic.open();
        assertThat(clinic.login.records().of("rad"))
                .isEqualTo(new AccountRecord("rad", factor, List.of(), List.of("a"), List.of(), read));
        rad = logIn("10.0.0.7").submit("code", code("JBSWY3DPEHPK3PXP"));
        clinic.pass(Duration.ofSeconds(30));
        act(rad, "add-key");
        rad.submit("code", code("JBSWY3DPEHPK3PXP"));
        add(rad, key, "");
        clinic.restart();
        assertThat(clinic.login.records().of("rad").keys()).hasSize(1);
    }

    /** Unless it is recorded it does not happen. */
    @Test
    void aKeyIsNotAddedUnrecorded() throws IOException {
        act(rad, "add-key");
        Creation made = key.create(challenge(rad));
        clinic.deaf = true;
        assertThat(catchThrowable(() -> rad.submit("attestation", made.attestation(), "client", made.client())))
                .isNotNull();
        assertThat(clinic.login.records().of("rad").keys()).isEmpty();
    }
}
