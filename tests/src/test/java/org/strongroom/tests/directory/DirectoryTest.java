package org.strongroom.tests.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.directory.Member;
import org.strongroom.plugin.directory.Verdict;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Slapd;

/** A real OpenLDAP server, which takes passwords over TLS only. */
@Timeout(120)
class DirectoryTest {
    private static final String PASSWORD = "correct (horse) *";
    /** A DN of which every part needs care: RFC 4514 and RFC 4515. */
    private static final String DIFFICULT = "cn=Roe\\, Richard (ER) *,ou=people," + Slapd.SUFFIX;

    @TempDir
    static Path folder;

    private static Slapd slapd;

    private final List<Optional<String>> troubles = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        slapd = new Slapd(folder);
        for (String name : List.of("Jane", "john", "twin", "locked", "leaver", "stays", "changer")) {
            slapd.add(name, PASSWORD);
        }
        slapd.edit(root ->
                root.add("dn: ou=second,ou=people," + Slapd.SUFFIX, "objectClass: organizationalUnit", "ou: second"));
        slapd.add("uid=twin,ou=second,ou=people," + Slapd.SUFFIX, "twin", PASSWORD);
        slapd.add(DIFFICULT, "er", PASSWORD, "cn: Roe, Richard (ER) *");
        slapd.add(Slapd.person("alias"), "alias", PASSWORD, "uid: jane2");
        slapd.addGroup(
                "readers",
                Slapd.person("jane"),
                Slapd.person("twin"),
                Slapd.person("locked"),
                Slapd.person("leaver"),
                Slapd.person("stays"),
                Slapd.person("changer"),
                Slapd.person("alias"),
                DIFFICULT);
        slapd.addGroup("machine", Slapd.person("jane"));
        slapd.addGroup("others", Slapd.person("john"));
        slapd.edit(root -> root.modify(
                Slapd.person("locked"),
                new Modification(ModificationType.ADD, "pwdAccountLockedTime", "000001010000Z")));
    }

    @AfterAll
    static void stop() {
        slapd.close();
    }

    private static ObjectNode settings(String... servers) {
        ObjectNode directory = new ObjectMapper()
                .createObjectNode()
                .put("Authorities", slapd.file("ca.pem").toString())
                .put("BindDN", Slapd.READER)
                .put("BindPasswordEnv", "READER")
                .put("Base", "ou=people," + Slapd.SUFFIX)
                .put("Timeout", "2 s");
        for (String server : servers) {
            directory.withArray("Servers").add(server);
        }
        ObjectNode readers =
                directory.withArray("Groups").addObject().put("Group", "CN=Readers, OU=Groups, DC=clinic, DC=example");
        readers.putArray("Roles").add("radiologist");
        readers.putArray("Tenants").add("north");
        ObjectNode machine = directory.withArray("Groups").addObject().put("Group", Slapd.group("machine"));
        machine.putArray("Roles").add("administrator");
        return directory;
    }

    private static String tls() {
        return "ldaps://localhost:" + slapd.tlsPort;
    }

    private static String clear() {
        return "ldap://localhost:" + slapd.port;
    }

    private Directory open(ObjectNode directory) {
        return open(directory, Slapd.READERS_PASSWORD);
    }

    private Directory open(ObjectNode directory, String password) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode section = root.putObject("Strongroom").put("Home", "/h");
        section.putObject("RootKey").put("KeyFile", "/k");
        section.putObject("Tenants").putObject("north");
        section.putObject("Access").set("Directory", directory);
        DirectorySettings settings =
                Settings.parse(root.toString()).access().directory().orElseThrow();
        return new Directory(settings, Map.of("READER", password), InstantSource.system(), troubles::add);
    }

    private static Verdict check(Directory directory, String name, String password) {
        return directory.check(name, Secret.of(password));
    }

    private static Member member(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.In.class);
        return ((Verdict.In) verdict).member();
    }

    private static Verdict.Out out(String name, String why) {
        return new Verdict.Out(Optional.ofNullable(name), why);
    }

    private static void unavailable(Directory directory) {
        StrongroomException failed =
                catchThrowableOfType(StrongroomException.class, () -> check(directory, "jane", PASSWORD));
        assertThat(failed).as("it was answered").isNotNull();
        assertThat(failed.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failed.getMessage()).doesNotContain(PASSWORD);
    }

    @Test
    void thePasswordAndTheGroupsSayWhoComesInAndForWhat() {
        Directory directory = open(settings(tls()));
        Member jane = member(check(directory, "jane", PASSWORD));
        assertThat(jane.name()).isEqualTo("jane");
        assertThat(jane.groups()).hasSize(2);
        assertThat(jane.groups().get(0).roles()).containsExactly("radiologist");
        assertThat(jane.groups().get(0).tenants()).containsExactly("north");
        assertThat(jane.groups().get(1).roles()).containsExactly("administrator");
        assertThat(jane.groups().get(1).tenants()).isEmpty();
        assertThat(member(directory.find("jane"))).isEqualTo(jane);
        assertThat(member(check(directory, "JANE", PASSWORD))).as("one name").isEqualTo(jane);

        assertThat(check(directory, "jane", "correct")).isEqualTo(out("jane", "wrong password"));
        assertThat(check(directory, "jane", "")).isEqualTo(out("jane", "wrong password"));
        assertThat(check(directory, "nobody", PASSWORD)).isEqualTo(out(null, "nobody of that name"));
        assertThat(check(directory, "nobody", "")).isEqualTo(out(null, "nobody of that name"));
        assertThat(check(directory, "john", PASSWORD))
                .isEqualTo(out("john", "in none of the groups of Access.Directory.Groups"));
        assertThat(check(directory, "john", "x")).isEqualTo(out("john", "wrong password"));
        directory.pretend(Secret.of(PASSWORD));
        assertThat(troubles).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "jan*",
                "jane)(uid=*",
                "jane)(|(uid=*)",
                "*)(objectClass=*",
                "jane\0",
                "\\6aane",
                "jane\\",
                "",
                "(nobody)",
                ")",
                "jane,ou=people"
            })
    void aNameIsNoPartOfTheFilter(String name) {
        Directory directory = open(settings(tls()));
        assertThat(check(directory, name, PASSWORD)).isInstanceOf(Verdict.Out.class);
        assertThat(directory.find(name)).isInstanceOf(Verdict.Out.class);
    }

    @Test
    void whoIsNotOneIsNobody() {
        Directory directory = open(settings(tls()));
        assertThat(check(directory, "twin", PASSWORD)).isEqualTo(out(null, "several entries of one name"));
        assertThat(check(directory, "locked", PASSWORD).toString()).contains("locked");
        assertThat(directory.find("locked")).isEqualTo(out("locked", "disabled in the directory"));
        assertThat(member(check(directory, "jane2", PASSWORD)).name())
                .as("two names of one entry are one user")
                .isEqualTo("alias");
    }

    @Test
    void groupsAreSearchedWhereTheSettingsSaySo() {
        ObjectNode settings = settings(tls()).put("GroupBase", "ou=groups," + Slapd.SUFFIX);
        Directory directory = open(settings);
        assertThat(member(check(directory, "jane", PASSWORD)).groups()).hasSize(2);
        assertThat(member(check(directory, "er", PASSWORD)).groups()).hasSize(1);
        assertThat(check(directory, "er", "x")).isEqualTo(out("er", "wrong password"));
        assertThat(check(directory, "john", PASSWORD)).isInstanceOf(Verdict.Out.class);
    }

    @Test
    void whoLeavesAGroupOrIsReplacedIsSeenAtOnce() {
        Directory directory = open(settings(tls()));
        assertThat(directory.find("leaver")).isInstanceOf(Verdict.In.class);
        slapd.remove("readers", Slapd.person("leaver"));
        assertThat(directory.find("leaver")).isInstanceOf(Verdict.Out.class);

        String before = member(directory.find("changer")).stamp();
        assertThat(member(directory.find("changer")).stamp()).isEqualTo(before);
        slapd.edit(root -> root.delete(Slapd.person("changer")));
        assertThat(directory.find("changer")).isEqualTo(out(null, "nobody of that name"));
        slapd.add("changer", PASSWORD);
        slapd.edit(root -> root.modify(
                Slapd.group("readers"), new Modification(ModificationType.DELETE, "member", Slapd.person("changer"))));
        slapd.edit(root -> root.modify(
                Slapd.group("readers"), new Modification(ModificationType.ADD, "member", Slapd.person("changer"))));
        assertThat(member(directory.find("changer")).stamp())
                .as("somebody else")
                .isNotEqualTo(before);
    }

    @Test
    void startTlsEncryptsAndWithoutItThisServerTakesNoPassword() {
        Directory encrypted = open(settings(clear()).put("StartTls", true));
        assertThat(check(encrypted, "jane", PASSWORD)).isInstanceOf(Verdict.In.class);
        assertThat(check(encrypted, "jane", "x")).isInstanceOf(Verdict.Out.class);
        unavailable(open(settings(clear())));
        assertThat(troubles).singleElement().asString().contains("result 13");
    }

    @Test
    void aServerThatIsNotTheOneThatWasMeantHearsNoPassword() {
        for (boolean startTls : List.of(false, true)) {
            String scheme = startTls ? "ldap" : "ldaps";
            int port = startTls ? slapd.port : slapd.tlsPort;
            troubles.clear();
            unavailable(open(settings(scheme + "://localhost:" + port)
                    .put("StartTls", startTls)
                    .put("Authorities", slapd.file("stranger.pem").toString())));
            assertThat(troubles)
                    .as("signed by somebody else, StartTls %s", startTls)
                    .hasSize(1);
            troubles.clear();
            unavailable(open(settings(scheme + "://127.0.0.1:" + port).put("StartTls", startTls)));
            assertThat(troubles).as("another host's, StartTls %s", startTls).hasSize(1);
        }
    }

    @Test
    void theNextServerIsAskedAndItIsToldWhenNoneAnswers() {
        String dead = "ldaps://localhost:" + Ports.free();
        Directory both = open(settings(dead, tls()));
        assertThat(check(both, "jane", PASSWORD)).isInstanceOf(Verdict.In.class);
        assertThat(check(both, "jane", PASSWORD)).isInstanceOf(Verdict.In.class);
        assertThat(troubles).isEmpty();
        Directory none = open(settings(dead));
        unavailable(none);
        unavailable(none);
        assertThat(troubles).as("told once").singleElement().asString().contains(dead);
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersCostsItsTimeOnce() throws IOException {
        for (boolean startTls : List.of(false, true)) {
            try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                String address = (startTls ? "ldap" : "ldaps") + "://localhost:" + mute.getLocalPort();
                Directory alone = open(settings(address).put("StartTls", startTls));
                Duration begin = RunningTime.system().now();
                unavailable(alone);
                Duration first = RunningTime.system().now().minus(begin);
                assertThat(first).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(9));
                unavailable(alone);
                assertThat(RunningTime.system().now().minus(begin).minus(first)).isLessThan(Duration.ofMillis(1500));
                Directory both =
                        open(settings(address, startTls ? clear() : tls()).put("StartTls", startTls));
                assertThat(check(both, "jane", PASSWORD)).isInstanceOf(Verdict.In.class);
            }
        }
    }

    @Test
    void aServerThatStopsInTheMidstIsLeftAndTakenUpAgain() {
        Directory directory = open(settings(tls()));
        assertThat(directory.find("stays")).isInstanceOf(Verdict.In.class);
        slapd.signal("STOP");
        try {
            unavailable(directory);
        } finally {
            slapd.signal("CONT");
        }
        assertThat(troubles).hasSize(1);
        await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() -> directory.find("stays") instanceof Verdict.In);
        assertThat(troubles).hasSize(2).last().isEqualTo(Optional.empty());
    }

    @Test
    void aWrongPasswordOfOurOwnIsOursToMend() {
        unavailable(open(settings(tls()), "another password"));
        assertThat(troubles).singleElement().asString().contains("BindDN").doesNotContain("another password");
        ObjectNode elsewhere = settings(tls()).put("Base", "ou=nowhere," + Slapd.SUFFIX);
        troubles.clear();
        unavailable(open(elsewhere));
        assertThat(troubles).singleElement().asString().contains("result 32");
    }

    @Test
    void whatIsNoSettingIsRefusedAtTheStart() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty-" + Ports.free()));
        Map.of(
                        "Filter", "(uid=x))",
                        "Base", "ou=people,clinic",
                        "GroupBase", "=x",
                        "GroupFilter", "(&(member={dn})",
                        "Authorities", empty.toString())
                .forEach((name, value) -> {
                    StrongroomException refused = catchThrowableOfType(
                            StrongroomException.class,
                            () -> open(settings(tls()).put(name, value)));
                    assertThat(refused).as(name).isNotNull();
                    assertThat(refused.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(refused.getMessage()).contains("Strongroom.Access.Directory." + name);
                });
    }
}
