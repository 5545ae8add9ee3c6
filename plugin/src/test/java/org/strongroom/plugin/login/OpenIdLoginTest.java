package org.strongroom.plugin.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.OpenIdSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.page.Browser;
import org.strongroom.plugin.login.request.ReturnPath;

/** Users of an OpenID Connect provider at the login, which may lie. */
class OpenIdLoginTest {
    private static final Authentication NOBODY = new Authentication.Anonymous();
    private static final String NOT_IN = "You were not let in";

    @TempDir
    Path folder;

    private PlayedProvider provider;
    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        provider = new PlayedProvider(clinic);
        Files.writeString(folder.resolve("secret"), "of the client\n");
        clinic.address = Optional.of(WebAddress.parse("https://pacs.clinic.example/"));
        clinic.openId = Optional.of(settings().orElseThrow());
        clinic.secondFactor = List.of("administrator");
        clinic.open();
        browser = new Browser(clinic, "10.0.0.7");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
        provider.close();
    }

    private Optional<OpenIdSettings> settings() {
        return Settings.parse(
                        """
                        {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Tenants": {"north": {}, "south": {}},
                          "Access": {"OpenIdConnect": {
                            "Issuer": "ISSUER", "ClientId": "strongroom", "ClientSecretFile": "SECRET",
                            "Timeout": "5 s",
                            "Groups": [
                              {"Group": "readers", "Roles": ["radiologist"], "Tenants": ["north"]},
                              {"Group": "deleters", "Roles": ["technologist"], "Tenants": ["south"]},
                              {"Group": "referrers", "Roles": ["referrer"], "Tenants": ["north"]},
                              {"Group": "machine", "Roles": ["administrator"]}],
                            "ReferringPhysician": "physician"},
                           "Login": {"Address": "https://pacs.clinic.example/"}}}}
                        """
                                .replace("ISSUER", provider.issuer())
                                .replace("SECRET", folder.resolve("secret").toString()))
                .access()
                .openIdConnect();
    }

    /** To the provider and back. */
    private Browser comeBack(Browser who) {
        return who.get(provider.authorize(leave(who)));
    }

    private static String leave(Browser who) {
        who.site = "same-origin";
        String address = who.get("/strongroom/openid?to=L3N0dWRpZXM").header("Location");
        who.site = "cross-site";
        return address;
    }

    private String lastRefusal() {
        AuditEvent event = clinic.events.get(clinic.events.size() - 1);
        assertThat(event.type()).isEqualTo(AuditType.LOGIN_FAILED);
        return event.toString();
    }

    private Principal principal() {
        assertThat(browser.identity()).isInstanceOf(Authentication.User.class);
        return ((Authentication.User) browser.identity()).principal();
    }

    @Test
    void whoComesBackIsInWithWhatTheGroupsGive() {
        assertThat(browser.get("/strongroom/login").page())
                .contains("href=\"https://pacs.clinic.example/strongroom/openid?to=")
                .contains("Log in with the clinic&#39;s account");
        provider.claims.put("groups", List.of("readers", "deleters", "unknown"));
        comeBack(browser);
        assertThat(browser.answer.status()).isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo("../studies");
        Principal jane = principal();
        assertThat(jane.name()).isEqualTo("jane");
        assertThat(jane.reach("study:pixels", "north")).isEqualTo(Reach.EVERYTHING);
        assertThat(jane.reach("study:delete", "south")).isEqualTo(Reach.EVERYTHING);
        assertThat(jane.reach("study:delete", "north")).isEqualTo(Reach.NOTHING);
        assertThat(clinic.events).singleElement().satisfies(event -> {
            assertThat(event.principal()).contains("jane");
            assertThat(event.details()).containsEntry("how", "OpenID Connect");
        });
    }

    @Test
    void theBrowserIsSentWithPkceAndToTheAddressOfTheSettings() {
        assertThat(leave(browser))
                .startsWith(
                        provider.issuer() + "/auth?response_type=code&client_id=strongroom"
                                + "&redirect_uri=https%3A%2F%2Fpacs.clinic.example%2Fstrongroom%2Fopenid&scope=openid+profile&state=")
                .contains("&code_challenge_method=S256");
        assertThat(browser.cookies).containsOnlyKeys("__Host-strongroom-openid");
        assertThat(browser.header("Set-Cookie"))
                .contains("SameSite=Lax")
                .contains("HttpOnly")
                .contains("Secure");
        browser.site = "cross-site";
        assertThat(browser.get("/strongroom/openid?to=").answer.status())
                .as("another site's page begins no login")
                .isEqualTo(200);
    }

    @Test
    void nobodyComesBackWithAnothersLogin() {
        String anothers = provider.authorize(leave(new Browser(clinic, "10.6.6.6")));
        assertThat(browser.get(anothers).problem()).as("without a cookie").contains("took too long");
        leave(browser);
        assertThat(browser.get(anothers).problem()).as("with another's").contains("took too long");
        String own = provider.authorize(leave(browser));
        String tampered = own.replaceFirst("state=.", "state=_");
        assertThat(browser.get(tampered.equals(own) ? own.replaceFirst("state=.", "state=a") : tampered)
                        .problem())
                .contains("took too long");
        assertThat(provider.asked).doesNotContain("/token");
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    /** A path may name a patient, as searches do. */
    @Test
    void whereItGoesToIsNotTheProvidersToRead() {
        String wanted = "/dicom-web/studies?PatientName=Doe";
        String to = new ReturnPath(wanted).encoded();
        String at = encoded("study?uuid=1");
        browser.get("/strongroom/openid?to=" + to + "&at=" + at);
        String sent = browser.header("Location");
        assertThat(sent).startsWith(provider.issuer()).doesNotContain(to, at, "Doe");
        String state = sent.replaceAll(".*&state=([^&]*)&.*", "$1");
        assertThat(state).matches("[A-Za-z0-9_-]{43}\\.[0-9]+");
        browser.site = "cross-site";
        browser.get(provider.authorize(sent));
        assertThat(browser.header("Location")).isEqualTo(".." + wanted + "#study?uuid=1");
    }

    @Test
    void whereItGoesToCannotBeChangedOnTheWay() {
        String back = provider.authorize(leave(browser));
        browser.cookies.computeIfPresent(
                "__Host-strongroom-openid",
                (name, value) -> value.replace(".L3N0dWRpZXM.", "." + encoded("/series") + "."));
        assertThat(browser.get(back).problem()).contains("took too long");
        assertThat(provider.asked).doesNotContain("/token");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCodeIsGoodOnce() {
        String back = provider.authorize(leave(browser));
        Map<String, String> cookies = Map.copyOf(browser.cookies);
        browser.get(back);
        principal();
        Browser again = new Browser(clinic, "10.0.0.8");
        assertThat(again.get(back).problem()).contains("took too long");
        again.cookies.putAll(cookies);
        assertThat(again.get(back).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("does not take the code");
        assertThat(again.identity()).isEqualTo(NOBODY);
    }

    @Test
    void aJourneyEndsAfterAWhile() {
        String back = provider.authorize(leave(browser));
        clinic.pass(Duration.ofMinutes(15));
        assertThat(browser.get(back).problem()).contains("took too long");
    }

    @Test
    void aTokenThatNobodySignedIsNone() {
        provider.signs = false;
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("none, or not signed");
    }

    @Test
    void aTokenOfAnotherKeyIsNone() {
        provider.key = PlayedProvider.rsa("one");
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("not signed by the provider");
    }

    @Test
    void aPublicKeyIsNoSecretToSignWith() {
        provider.algorithm = JWSAlgorithm.HS256;
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("in a way that is not taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS512", "PS256", "ES256"})
    void whatProvidersSignWithIsTaken(String algorithm) {
        provider.algorithm = JWSAlgorithm.parse(algorithm);
        provider.key = algorithm.startsWith("ES") ? PlayedProvider.ec("e") : PlayedProvider.rsa("r");
        provider.shown = List.of(provider.key);
        comeBack(browser);
        assertThat(principal().name()).isEqualTo("jane");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "azp", "nonce", "sub", "exp", "iat", "nbf", "old", "many"})
    void aTokenForAnotherTimeClientOrLoginIsNone(String what) {
        Date early = Date.from(clinic.now.minusSeconds(61));
        Date late = Date.from(clinic.now.plusSeconds(70));
        switch (what) {
            case "exp" -> provider.claims.put("exp", early);
            case "iat" -> provider.claims.put("iat", late);
            case "nbf" -> provider.claims.put("nbf", late);
            case "old" -> provider.claims.put("iat", Date.from(clinic.now.minusSeconds(601)));
            case "many" -> provider.claims.put("aud", List.of("strongroom", "other"));
            case "sub" -> provider.claims.put("sub", "");
            default -> provider.claims.put(what, "another");
        }
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("the ID token ");
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void clocksMayDifferByAMinute() {
        provider.claims.put("exp", Date.from(clinic.now.minusSeconds(59)));
        provider.claims.put("nbf", Date.from(clinic.now.plusSeconds(59)));
        comeBack(browser);
        assertThat(principal().name()).isEqualTo("jane");
    }

    @Test
    void anotherProviderCannotSendABrowserBack() {
        String back = provider.authorize(leave(browser));
        assertThat(browser.get(back + "&iss=https:%2F%2Fevil.example").problem())
                .contains(NOT_IN);
        assertThat(provider.asked).doesNotContain("/token");
    }

    @Test
    void aNewKeyIsLearntOfAndStrangersDoNotMakeItAsk() {
        comeBack(browser);
        JWK second = PlayedProvider.rsa("two");
        provider.key = second;
        for (int i = 0; i < 3; i++) {
            assertThat(comeBack(new Browser(clinic, "10.0.0.9")).problem()).contains(NOT_IN);
        }
        assertThat(provider.asked.stream().filter("/keys"::equals))
                .as("within half a minute")
                .hasSize(1);
    }

    @Test
    void groupsMayBeWithTheUserInfo() {
        provider.claims.put("groups", "");
        provider.userInfo.put("groups", List.of("readers"));
        comeBack(browser);
        assertThat(principal().tenants()).containsExactly("north");
        provider.userInfo.put("sub", "another");
        Browser other = new Browser(clinic, "10.0.0.8");
        assertThat(comeBack(other).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("another user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rad",
                "RAD",
                "admin",
                "",
                "a b",
                "share:x",
                "jane\u0000",
                "orthanc",
                "Strongroom",
                "Nobody",
                "anybody",
                "\u212aarl"
            })
    void namesOfTheSettingsAndNoNamesAreNobodys(String name) {
        provider.claims.put("preferred_username", name.isEmpty() ? 7 : name);
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("name");
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void aNameStaysThePersonsWhoHadItFirst() throws IOException {
        comeBack(browser);
        provider.claims.put("sub", "somebody-else");
        Browser other = new Browser(clinic, "10.0.0.8");
        assertThat(comeBack(other).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("another person had this name");
        assertThat(principal().name()).isEqualTo("jane");
        clinic.login.close();
        assertThat(LoginReset.run(clinic.home.login(), clinic.keyring, "jane", clinic))
                .isTrue();
        clinic.open();
        assertThat(comeBack(other).answer.status()).isEqualTo(303);
        assertThat(browser.identity()).as("the first one's session").isEqualTo(NOBODY);
    }

    /** Of a user of the settings or a directory who was here before: it lets in, and is somebody else's. */
    @Test
    void aNameUnderWhichSomethingIsLeftIsNobodysBeforeAReset() throws IOException {
        clinic.login
                .records()
                .change(
                        "jane",
                        record -> Optional.of(record.with(new AccountRecord.Factor("JBSWY3DPEHPK3PXP", 0), List.of())));
        assertThat(comeBack(browser).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("of another user are under this name");
        clinic.login.close();
        LoginReset.run(clinic.home.login(), clinic.keyring, "jane", clinic);
        clinic.open();
        comeBack(browser);
        assertThat(principal().name()).isEqualTo("jane");
    }

    @Test
    void whoIsGivenANameOfTheSettingsIsOutUnderTheirFormerOne() {
        comeBack(browser);
        provider.claims.put("preferred_username", "rad");
        assertThat(comeBack(new Browser(clinic, "10.0.0.8")).problem()).contains(NOT_IN);
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    /** A provider that stops telling groups has not put everybody out of them. */
    @Test
    void groupsThatAreNotToldAreNotNone() {
        comeBack(browser);
        provider.claims.put("groups", "");
        assertThat(comeBack(new Browser(clinic, "10.0.0.8")).problem()).contains(NOT_IN);
        assertThat(lastRefusal()).contains("does not say in which groups");
        assertThat(principal().name()).isEqualTo("jane");
    }

    /** Somebody who waits at a step of the login, and is put out meanwhile, neither comes in nor leaves a factor behind. */
    @Test
    void aHalfLoginIsOverForWhoIsPutOut() throws IOException {
        provider.claims.put("groups", List.of("machine"));
        comeBack(browser);
        assertThat(browser.title()).isEqualTo("Set up a second factor");
        browser.site = "same-origin";
        String secret = browser.between("<code>", "</code>");
        provider.claims.put("groups", List.of("others"));
        comeBack(new Browser(clinic, "10.0.0.8"));
        browser.submit("code", OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30));
        assertThat(browser.problem()).contains("done already");
        assertThat(clinic.login.records().of("jane").hasSecondFactor()).isFalse();
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void whoIsNoReferrerNeedsNoUserInfo() {
        provider.userInfo.put("sub", "another");
        comeBack(browser);
        assertThat(principal().name()).isEqualTo("jane");
        assertThat(principal().physicians()).isEmpty();
    }

    @Test
    void whoseAReferrersPatientsAreMayBeWithTheUserInfo() {
        provider.claims.put("groups", List.of("referrers"));
        provider.userInfo.put("physician", "Doe^Jane");
        comeBack(browser);
        assertThat(principal().physicians()).containsExactly("Doe^Jane");
        assertThat(provider.asked).contains("/me");
    }

    @Test
    void whoIsRenamedIsNotTwoUsers() {
        comeBack(browser);
        provider.claims.put("preferred_username", "jane.roe");
        Browser other = new Browser(clinic, "10.0.0.8");
        comeBack(other);
        assertThat(other.identity()).isInstanceOf(Authentication.User.class);
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void whoIsInNoGroupAnyMoreIsOutEverywhere() {
        comeBack(browser);
        provider.claims.put("groups", List.of("others"));
        Browser other = new Browser(clinic, "10.0.0.8");
        assertThat(comeBack(other).problem()).contains(NOT_IN);
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(clinic.login.sessions().of("jane")).isEmpty();
        assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN, AuditType.LOGOUT, AuditType.LOGIN_FAILED);
    }

    @Test
    void whatWasSaidCountsForAWhileAndAcrossARestart() throws IOException {
        comeBack(browser);
        clinic.restart();
        assertThat(principal().name()).isEqualTo("jane");
        for (int minutes = 0; minutes < 12 * 60; minutes += 20) {
            assertThat(principal().name()).isEqualTo("jane");
            clinic.pass(Duration.ofMinutes(20));
        }
        assertThat(browser.identity()).isEqualTo(NOBODY);
    }

    @Test
    void theSecondFactorIsAskedByRole() throws IOException {
        provider.claims.put("groups", List.of("machine"));
        comeBack(browser);
        assertThat(browser.title()).isEqualTo("Set up a second factor");
        assertThat(browser.identity()).isEqualTo(NOBODY);
        browser.site = "same-origin";
        String secret = browser.between("<code>", "</code>");
        browser.submit("code", OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30));
        browser.submit();
        assertThat(principal().may("system:configure")).isTrue();
    }

    @Test
    void withoutTheProviderUsersOfTheSettingsComeIn() throws IOException {
        String back = provider.authorize(leave(browser));
        provider.close();
        assertThat(browser.get(back).problem()).contains("does not answer");
        assertThat(clinic.silent.orElseThrow()).contains("/token does not answer");
        Browser local = new Browser(clinic, "10.0.0.8");
        local.logIn("rad", Clinic.PASSWORD);
        assertThat(local.identity()).isInstanceOf(Authentication.User.class);
        clinic.restart();
        assertThat(local.identity()).isInstanceOf(Authentication.User.class);
        Browser late = new Browser(clinic, "10.0.0.9");
        assertThat(late.get("/strongroom/openid?to=").problem()).contains("does not answer");
    }

    @Test
    void aDescriptionOfAnotherIssuerIsNotTaken() {
        provider.description.put("issuer", provider.issuer() + "/");
        assertThat(browser.get("/strongroom/openid?to=").problem()).contains("does not answer");
        assertThat(clinic.silent.orElseThrow()).contains("speaks for another issuer");
    }

    @Test
    void secretsDoNotGoInClear() {
        provider.description.put("token_endpoint", "http://evil.example/token");
        assertThat(browser.get("/strongroom/openid?to=").problem()).contains("does not answer");
        assertThat(clinic.silent.orElseThrow()).contains("token_endpoint is no https");
    }

    @Test
    void aRefusedClientIsToldToWhoRunsTheServer() {
        provider.tokenStatus = 401;
        assertThat(comeBack(browser).problem()).contains("does not answer");
        assertThat(clinic.silent.orElseThrow()).contains("refuses this client");
    }

    /** Nobody is asked by the link, so nobody has answered. */
    @Test
    void aRefusedClientStaysSoUntilSomebodyComesIn() {
        provider.tokenStatus = 401;
        comeBack(browser);
        new Browser(clinic, "10.0.0.8").get("/strongroom/openid?to=");
        assertThat(clinic.silent.orElseThrow()).contains("refuses this client");
    }

    /** Strangers make up codes; others come in all the same, and strangers wait at last. */
    @Test
    void whatAMadeUpCodeBreaksStopsNobody() {
        String back = provider.authorize(leave(browser));
        provider.tokenStatus = 503;
        Browser stranger = new Browser(clinic, "10.6.6.6");
        for (int i = 0; i < 55; i++) {
            comeBack(stranger);
        }
        assertThat(stranger.problem()).contains("Too many attempts");
        assertThat(clinic.silent.orElseThrow()).contains("answers 503");
        provider.tokenStatus = 200;
        browser.get(back);
        assertThat(principal().name()).isEqualTo("jane");
        assertThat(clinic.silent).isEmpty();
    }

    /** Some answer a code that they do not know with 401. */
    @Test
    void aMadeUpCodeThatIsUnauthorizedIsNoTroubleOfTheClients() {
        provider.refusalStatus = 401;
        String back = provider.authorize(leave(browser)).replaceAll("code=[^&]*", "code=made-up");
        assertThat(browser.get(back).problem()).contains(NOT_IN);
        comeBack(browser);
        assertThat(principal().name()).isEqualTo("jane");
        assertThat(clinic.silent).isEmpty();
    }

    @Test
    void strangersDoNotTakeTheAlarmBack() {
        provider.tokenStatus = 503;
        comeBack(browser);
        assertThat(clinic.silent).isPresent();
        provider.tokenStatus = 200;
        Browser stranger = new Browser(clinic, "10.6.6.6");
        stranger.get(provider.authorize(leave(stranger)).replaceAll("code=[^&]*", "code=made-up"));
        assertThat(clinic.silent).isPresent();
        comeBack(browser);
        assertThat(clinic.silent).isEmpty();
    }

    @Test
    void whileItRestsNothingIsRecorded() {
        provider.close();
        for (int i = 0; i < 5; i++) {
            comeBackSilently(new Browser(clinic, "10.6.6." + i));
        }
        assertThat(clinic.events).isEmpty();
    }

    private static void comeBackSilently(Browser who) {
        assertThat(who.get("/strongroom/openid?to=").problem()).contains("does not answer");
    }

    @Test
    void severalComeAtOnce() throws Exception {
        provider.pause = Duration.ofMillis(300);
        assertThat(comeAtOnce(3))
                .allSatisfy(one -> assertThat(one.answer.status()).isEqualTo(303));
    }

    /** Who waits for the provider holds a thread that answers requests; there are four. */
    @Test
    void oneOfFourIsToldAtOnce() throws Exception {
        provider.pause = Duration.ofMillis(1500);
        List<Browser> people = comeAtOnce(4);
        assertThat(people.stream().filter(one -> one.answer.status() == 303)).hasSize(3);
        assertThat(people.stream().filter(one -> one.answer.status() != 303))
                .singleElement()
                .satisfies(one -> assertThat(one.problem()).contains("too many come at once"));
    }

    private List<Browser> comeAtOnce(int many) throws InterruptedException {
        List<Browser> people = IntStream.range(0, many)
                .mapToObj(i -> new Browser(clinic, "10.0.1." + i))
                .toList();
        List<String> backs =
                people.stream().map(one -> provider.authorize(leave(one))).toList();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < people.size(); i++) {
            Browser one = people.get(i);
            String back = backs.get(i);
            threads.add(new Thread(() -> one.get(back)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return people;
    }

    @Test
    void whatTheProviderRefusedIsSaidToWhoCanTellIt() {
        String state = provider.authorize(leave(browser)).replaceAll(".*(&state=.*)", "$1");
        assertThat(browser.get("/strongroom/openid?error=invalid_scope" + state).problem())
                .isEqualTo("The login was not completed there (invalid_scope).");
        String other = provider.authorize(leave(browser)).replaceAll(".*(&state=.*)", "$1");
        assertThat(browser.get("/strongroom/openid?error=Call+0800" + other).problem())
                .isEqualTo("The login was not completed there.");
    }

    @Test
    void nothingSecretIsRecorded() {
        comeBack(browser);
        comeBack(new Browser(clinic, "10.0.0.8"));
        assertThat(clinic.events.toString()).doesNotContain("of the client").doesNotContain("subject-of-jane");
    }
}
