package org.strongroom.plugin.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSimpleBindRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldif.LDIFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.page.Browser;

/** Users of a directory at the login, beside those of the settings: an LDAP server in this process, asked over a socket. */
class DirectoryLoginTest {
    private static final String PASSWORD = "of the directory";
    private static final Authentication NOBODY = new Authentication.Anonymous();

    @TempDir
    Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private InMemoryDirectoryServer server;
    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void open() throws Exception {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=clinic");
        config.setSchema(null);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
        config.addInMemoryOperationInterceptor(new InMemoryOperationInterceptor() {
            @Override
            public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
                asked.add("search");
            }

            @Override
            public void processSimpleBindRequest(InMemoryInterceptedSimpleBindRequest request) {
                asked.add("bind");
            }
        });
        server = new InMemoryDirectoryServer(config);
        server.startListening();
        server.add("dn: dc=clinic", "objectClass: domain", "dc: clinic");
        user("Jane", "memberOf: cn=readers,dc=clinic", "memberOf: cn=deleters,dc=clinic", "name: DOE^JANE");
        user("sys", "memberOf: cn=machine,dc=clinic");
        user("rad", "memberOf: cn=readers,dc=clinic");
        user("guest");
        clinic = new Clinic(folder);
        clinic.directory = Optional.of(settings());
        clinic.secondFactor = List.of("administrator");
        clinic.basic = List.of("radiologist");
        clinic.open();
        await().until(() -> !asked.isEmpty()); // it has been looked whether there is a directory
        browser = new Browser(clinic, "10.0.0.7");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
        server.shutDown(true);
    }

    private void user(String name, String... more) throws LDAPException {
        List<String> lines = new ArrayList<>(List.of(
                "dn: uid=" + name + ",dc=clinic", "objectClass: person", "uid: " + name, "userPassword: " + PASSWORD));
        lines.addAll(List.of(more));
        try {
            server.add(lines.toArray(new String[0]));
        } catch (LDIFException e) {
            throw new IllegalStateException(e);
        }
    }

    private void set(String name, String attribute, String... values) throws LDAPException {
        server.modify("uid=" + name + ",dc=clinic", new Modification(ModificationType.REPLACE, attribute, values));
    }

    private DirectorySettings settings() {
        return Settings.parse(
                        """
                        {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Tenants": {"north": {}, "south": {}},
                          "Access": {"Directory": {
                            "Servers": ["ldap://127.0.0.1:PORT"], "Base": "dc=clinic", "Timeout": "1 s",
                            "ReferringPhysician": "name",
                            "Groups": [
                              {"Group": "CN=Readers, DC=clinic", "Roles": ["radiologist"], "Tenants": ["north"]},
                              {"Group": "cn=deleters,dc=clinic", "Roles": ["technologist"], "Tenants": ["south"]},
                              {"Group": "cn=machine,dc=clinic", "Roles": ["administrator"]}]}}}}
                        """
                                .replace("PORT", server.getListenPort() + ""))
                .access()
                .directory()
                .orElseThrow();
    }

    private Principal principal() {
        assertThat(browser.identity()).isInstanceOf(Authentication.User.class);
        return ((Authentication.User) browser.identity()).principal();
    }

    private void down() {
        server.shutDown(true);
    }

    /** It is asked again after some seconds. */
    private void up() throws LDAPException {
        server.startListening();
        await().atMost(Duration.ofSeconds(40)).until(() -> browser.identity() instanceof Authentication.User);
    }

    @Test
    void aGroupsRolesHoldInThatGroupsTenants() {
        browser.logIn("jane", PASSWORD);
        Principal jane = principal();
        assertThat(jane.name()).isEqualTo("jane");
        assertThat(jane.tenants()).containsExactly("north", "south");
        asked.clear();
        assertThat(clinic.login.onlyTenantOf("jane")).as("of both").isEmpty();
        assertThat(clinic.login.onlyTenantOf("rad")).contains("north");
        assertThat(clinic.login.onlyTenantOf("none")).isEmpty();
        assertThat(asked).as("the directory is not waited for").isEmpty();
        assertThat(jane.physicians()).containsExactly("DOE^JANE");
        assertThat(jane.reach("study:pixels", "north")).isEqualTo(Reach.EVERYTHING);
        assertThat(jane.reach("study:delete", "south")).isEqualTo(Reach.EVERYTHING);
        assertThat(jane.reach("study:delete", "north"))
                .as("a role of another group")
                .isEqualTo(Reach.NOTHING);
        assertThat(jane.may("system:configure")).isFalse();
        assertThat(clinic.events).singleElement().satisfies(event -> {
            assertThat(event.principal()).contains("jane");
            assertThat(event.details()).containsEntry("how", "password of the directory");
        });
        assertThat(browser.get("/strongroom/account").page()).contains("jane");
    }

    @Test
    void severalWaysToWriteANameAreOneUser() {
        browser.logIn("JANE", PASSWORD);
        assertThat(principal().name()).isEqualTo("jane");
        assertThat(clinic.login.sessions().of("jane")).hasSize(1);
        Browser stranger = new Browser(clinic, "10.9.9.9");
        for (String name : List.of("jane", "Jane", "jAne", "jaNe", "janE")) {
            assertThat(stranger.logIn(name, "guess").problem()).contains("do not belong together");
        }
        asked.clear();
        assertThat(stranger.logIn("JaNe", PASSWORD).problem()).contains("Too many attempts");
        assertThat(asked).as("the directory hears no more guesses").isEmpty();
    }

    @Test
    void usersOfTheSettingsComeFirst() {
        assertThat(browser.logIn("rad", PASSWORD).problem()).contains("do not belong together");
        assertThat(browser.logIn("RAD", PASSWORD).problem()).contains("do not belong together");
        browser.logIn("rad", Clinic.PASSWORD);
        assertThat(principal().tenants()).containsExactly("north");
        assertThat(clinic.events.get(2).details()).containsEntry("how", "password");
    }

    @Test
    void whoDoesNotComeInSeesAndCostsTheSame() {
        List<String> pages = new ArrayList<>();
        List<List<String>> work = new ArrayList<>();
        for (String[] each : new String[][] {
            {"jane", "wrong"},
            {"jane", ""},
            {"guest", PASSWORD},
            {"guest", "wrong"},
            {"none", PASSWORD},
            {"rad", PASSWORD},
            {"rad", ""},
            {"Rad", Clinic.PASSWORD},
            {"no name", PASSWORD},
            {"*", PASSWORD}
        }) {
            asked.clear();
            pages.add(browser.logIn(each[0], each[1]).page().replace("value=\"" + each[0] + "\"", "NAME"));
            work.add(List.copyOf(asked));
        }
        assertThat(pages.stream().distinct()).hasSize(1);
        assertThat(work.stream().distinct()).singleElement().isEqualTo(List.of("search", "bind"));
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(clinic.events)
                .extracting(event -> event.principal().orElseThrow())
                .containsExactly(
                        "jane",
                        "jane",
                        "guest",
                        "guest",
                        "(unknown)",
                        "rad",
                        "rad",
                        "(unknown)",
                        "(unknown)",
                        "(unknown)");
        assertThat(clinic.events.toString()).contains("in none of the groups").doesNotContain(PASSWORD);
    }

    @Test
    void theSecondFactorIsAskedByRoleAndKeptUnderOneName() throws IOException {
        browser.logIn("Sys", PASSWORD);
        assertThat(browser.title()).isEqualTo("Set up a second factor");
        String secret = browser.between("<code>", "</code>");
        browser.submit("code", OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30));
        browser.submit();
        assertThat(principal().may("system:configure")).isTrue();
        assertThat(clinic.login.records().of("sys").findFactor()).isPresent();
        Browser other = new Browser(clinic, "10.0.0.8");
        assertThat(other.logIn("SYS", PASSWORD).title()).isEqualTo("One more step");
        assertThat(clinic.events.get(clinic.events.size() - 1).details())
                .containsEntry("how", "password of the directory and code");
    }

    private Authentication basic(String user, String password) {
        String credentials = user + ":" + password;
        return clinic.login.identify(
                "GET",
                Map.of(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))),
                "10.0.0.7");
    }

    @Test
    void whatWasRememberedOfAnOldPasswordIsForgottenWithIt() throws LDAPException {
        assertThat(basic("Jane", PASSWORD)).isInstanceOf(Authentication.User.class);
        set("Jane", "userPassword", "another");
        set("Jane", "pwdChangedTime", "20261128030000Z");
        assertThat(browser.logIn("jane", "another").answer.status()).isEqualTo(303);
        assertThat(basic("Jane", PASSWORD)).isInstanceOf(Authentication.Refused.class);
        assertThat(basic("Jane", "another")).isInstanceOf(Authentication.User.class);
    }

    @Test
    void aPlaceDoesNotAskASilentDirectoryWithoutEnd() {
        server.shutDown(true);
        for (int i = 0; i < 50; i++) {
            browser.logIn("nobody" + i, "x");
        }
        assertThat(browser.logIn("nobody", "x").problem()).contains("Too many attempts");
    }

    @Test
    void machinesComeAsFarAsTheirUserDoes() throws LDAPException {
        assertThat(basic("Jane", PASSWORD)).isInstanceOf(Authentication.User.class);
        asked.clear();
        assertThat(basic("Jane", PASSWORD)).isInstanceOf(Authentication.User.class);
        assertThat(asked).as("remembered").isEmpty();
        assertThat(basic("sys", PASSWORD)).isInstanceOf(Authentication.Refused.class);
        assertThat(basic("Jane", "wrong")).isInstanceOf(Authentication.Refused.class);
        String token = clinic.login.tokens().make("jane", "viewer", List.of(), Duration.ofDays(10));
        Map<String, String> bearer = Map.of("authorization", "Bearer " + token);
        assertThat(clinic.login.identify("GET", bearer, "10.0.0.7")).isInstanceOf(Authentication.User.class);
        server.delete("uid=jane,dc=clinic");
        clinic.pass(Duration.ofMinutes(15));
        clinic.login.recheck();
        assertThat(clinic.login.identify("GET", bearer, "10.0.0.7")).isInstanceOf(Authentication.Refused.class);
        asked.clear();
        assertThat(clinic.login.identify("GET", bearer, "10.0.0.7")).isInstanceOf(Authentication.Refused.class);
        assertThat(asked).as("an old token is not asked about each time").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "memberOf, cn=others",
        "userAccountControl, 514",
        "accountExpires, 134064576000000000",
        "pwdAccountLockedTime, 000001010000Z",
        "nsAccountLock, TRUE",
        "pwdLastSet, 134000000000000000",
        "entryUUID, 11111111-2222-3333-4444-555555555555",
        "objectClass, device"
    })
    void whoIsNotTheSameAnyMoreIsOutAtTheNextLook(String attribute, String value) throws LDAPException {
        clinic.now = Instant.parse("2026-11-26T08:00:00Z");
        set("jane", "userAccountControl", "512");
        set("jane", "accountExpires", "9223372036854775807");
        browser.logIn("jane", PASSWORD);
        set("jane", attribute, value);
        clinic.pass(Duration.ofMinutes(15).minusSeconds(1));
        clinic.login.recheck();
        assertThat(principal().name()).as("not yet asked again").isEqualTo("jane");
        clinic.pass(Duration.ofSeconds(1));
        clinic.login.recheck();
        assertThat(browser.identity()).isEqualTo(NOBODY);
        if (!attribute.startsWith("pwdLast") && !attribute.startsWith("entry")) {
            assertThat(clinic.login.sessions().of("jane")).isEmpty();
            assertThat(clinic.eventTypes()).containsExactly(AuditType.LOGIN, AuditType.LOGOUT);
        }
    }

    @Test
    void whoLeavesAGroupKeepsWhatTheOthersGive() throws LDAPException {
        browser.logIn("jane", PASSWORD);
        assertThat(principal().reach("study:delete", "south")).isEqualTo(Reach.EVERYTHING);
        set("jane", "memberOf", "cn=readers,dc=clinic");
        clinic.pass(Duration.ofMinutes(15));
        clinic.login.recheck();
        assertThat(principal().reach("study:delete", "south")).isEqualTo(Reach.NOTHING);
        assertThat(principal().reach("study:view", "north")).isEqualTo(Reach.EVERYTHING);
        set("jane", "memberOf", "cn=readers,dc=clinic", "cn=machine,dc=clinic");
        clinic.pass(Duration.ofMinutes(15));
        clinic.login.recheck();
        assertThat(browser.identity()).as("now a second factor is asked for").isEqualTo(NOBODY);
    }

    @Test
    void withoutTheDirectoryUsersOfTheSettingsComeInAndNobodyElse() throws LDAPException {
        browser.logIn("jane", PASSWORD);
        down();
        Browser local = new Browser(clinic, "10.0.0.8");
        local.logIn("rad", Clinic.PASSWORD);
        assertThat(local.identity()).isInstanceOf(Authentication.User.class);
        Browser other = new Browser(clinic, "10.0.0.9");
        String late = other.logIn("jane", PASSWORD).problem();
        assertThat(late).contains("cannot be checked now");
        assertThat(other.identity()).isEqualTo(NOBODY);
        assertThat(other.logIn("rad", "wrong").problem())
                .as("does not tell who is of the settings")
                .isEqualTo(late);
        assertThat(other.logIn("nobody", "wrong").problem()).isEqualTo(late);
        StrongroomException failed = catchThrowableOfType(StrongroomException.class, () -> basic("jane", PASSWORD));
        assertThat(failed.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(local.logIn("rad", Clinic.PASSWORD).problem()).isEmpty();
        for (int i = 0; i < 10; i++) {
            assertThat(other.logIn("jane", PASSWORD).problem())
                    .as("nobody has compared it")
                    .isEqualTo(late);
        }
        for (int i = 0; i < 4; i++) {
            other.logIn("rad", "wrong");
        }
        assertThat(other.logIn("rad", "wrong").problem())
                .as("this one was compared")
                .contains("Too many");
    }

    @Test
    void whoIsLoggedInStaysForTheOutageAndNoLonger() throws LDAPException {
        browser.logIn("jane", PASSWORD);
        down();
        for (int minutes = 0; minutes < 60; minutes += 20) {
            assertThat(principal().name()).isEqualTo("jane");
            clinic.pass(Duration.ofMinutes(20));
            clinic.login.recheck();
        }
        assertThat(browser.identity()).isEqualTo(NOBODY);
        up();
    }

    @Test
    void whoPausedStaysForTheOutageAsWell() throws LDAPException {
        browser.logIn("jane", PASSWORD);
        for (int i = 0; i < 2; i++) {
            clinic.pass(Duration.ofMinutes(14));
            clinic.login.recheck();
        }
        down();
        assertThat(principal().name()).isEqualTo("jane");
    }

    @Test
    void aRestartAsksTheDirectoryFirst() throws Exception {
        browser.logIn("jane", PASSWORD);
        clinic.restart();
        assertThat(principal().name()).isEqualTo("jane");
        down();
        clinic.restart();
        assertThat(browser.identity()).as("nobody says who that is").isEqualTo(NOBODY);
        up();
        set("jane", "memberOf", "cn=others,dc=clinic");
        clinic.restart();
        assertThat(browser.identity()).isEqualTo(NOBODY);
        assertThat(clinic.login.sessions().of("jane")).isEmpty();
    }
}
