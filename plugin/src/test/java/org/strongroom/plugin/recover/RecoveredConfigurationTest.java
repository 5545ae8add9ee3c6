package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.core.settings.Users;
import org.strongroom.core.settings.WayAround;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.hold.Enforcement;
import org.strongroom.plugin.login.account.Accounts;

/** From nothing, or from what is left of the old one, to a configuration that Orthanc starts with. */
class RecoveredConfigurationTest {
    @TempDir
    Path folder;

    private Path file;
    private Home home;
    private Path tier;

    @BeforeEach
    void names() throws IOException {
        tier = Files.createDirectory(folder.resolve("tier"));
        file = folder.resolve("orthanc.json");
        home = new Home(folder.resolve("home"));
    }

    private static ObjectNode address(String text, Home home) {
        return new TierAddress(
                        text,
                        Optional.of(URI.create("https://s3.example.org")),
                        Optional.of("eu-1"),
                        Optional.of(Path.of("/etc/key")))
                .settings(home);
    }

    private String complete(RecoveredConfiguration configuration, String from) throws IOException {
        configuration.home(home);
        String name = configuration.hasTier(from) ? from : configuration.tier(address(from, home));
        if (!configuration.hasRootKey()) {
            configuration.passphrase(Path.of("/etc/strongroom/passphrase"));
        }
        configuration.complete(Path.of("/opt/strongroom"), home);
        configuration.write();
        return name;
    }

    private JsonNode written() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void nothingButAnAddressIsEnough() throws IOException {
        assertThat(complete(RecoveredConfiguration.of(file), tier.toString())).isEqualTo("offsite");
        Configuration read = Configuration.load(file, Map.of());
        assertThat(read.settings().home()).isEqualTo(home.root());
        assertThat(read.settings().tiers().get("offsite").directory()).contains(tier);
        assertThat(read.settings().tiers().get("offsite").allowSameDisk()).isTrue();
        assertThat(written().at("/Plugins/0").asText()).isEqualTo("/opt/strongroom/libStrongroom.so");
        byte[] before = Files.readAllBytes(file);
        assertThat(complete(RecoveredConfiguration.of(file), tier.toString())).isEqualTo("offsite");
        assertThat(file).hasBinaryContent(before);
        assertThat(folder.resolve("orthanc.json.before")).doesNotExist();
    }

    @Test
    void whatIsTakenBackIsAsItWas() throws IOException {
        RecoveredConfiguration made = RecoveredConfiguration.of(file);
        complete(made, tier.toString());
        made.takeBack();
        assertThat(file).doesNotExist();

        String old = "{/* ours */ \"Name\": \"PACS\",}";
        Files.writeString(file, old);
        RecoveredConfiguration completed = RecoveredConfiguration.of(file);
        complete(completed, tier.toString());
        completed.takeBack();
        assertThat(file).hasContent(old);
        assertThat(folder.resolve("orthanc.json.before")).doesNotExist();

        // What an earlier call has kept, and has not taken back, is not this one's.
        complete(RecoveredConfiguration.of(file), tier.toString());
        RecoveredConfiguration again = RecoveredConfiguration.of(file);
        complete(again, "s3://clinic-archive");
        again.takeBack();
        assertThat(written().at("/Strongroom/Tiers")).hasSize(1);
        assertThat(folder.resolve("orthanc.json.before")).hasContent(old);
        again.takeBack();
        assertThat(written().at("/Strongroom/Tiers")).hasSize(1);
    }

    @Test
    void storesAreNamedAsTheSheetsNameThem() throws IOException {
        complete(RecoveredConfiguration.of(file), "s3://clinic-archive/strong/room");
        var s3 = Configuration.load(file, Map.of())
                .settings()
                .tiers()
                .get("offsite")
                .s3()
                .orElseThrow();
        assertThat(s3.bucket()).isEqualTo("clinic-archive");
        assertThat(s3.prefix()).contains("strong/room/");
        assertThat(s3.endpoint()).contains(URI.create("https://s3.example.org"));
        assertThat(s3.region()).isEqualTo("eu-1");
        assertThat(s3.pathStyle()).isTrue();
        assertThat(complete(RecoveredConfiguration.of(file), "azure://account/container/under"))
                .isEqualTo("recovered");
        var azure = Configuration.load(file, Map.of())
                .settings()
                .tiers()
                .get("recovered")
                .azure()
                .orElseThrow();
        assertThat(azure.account()).isEqualTo("account");
        assertThat(azure.container()).isEqualTo("container");
        assertThat(azure.prefix()).contains("under/");
        for (String wrong : new String[] {"s3://", "azure://account", "/nowhere/at/all", "offsite"}) {
            assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> address(wrong, home));
        }
    }

    /** By two names it would count as two copies. */
    @Test
    void anAddressThatTheConfigurationHasIsThatTier() throws IOException {
        Files.writeString(
                file,
                """
                {"Strongroom": {"Tiers": {
                   "other": {"S3": {"Bucket": "clinic-archive", "Endpoint": "https://s3.example.org", "Prefix": "other/"}},
                   "far": {"Provider": "Example", "S3": {"Bucket": "clinic-archive", "Endpoint": "https://s3.example.org/",
                           "Prefix": "strong/room/", "StorageClass": "STANDARD_IA"}},
                   "near": {"Directory": "%s/"}}}}
                """
                        .formatted(tier));
        JsonNode before = written().at("/Strongroom/Tiers");
        assertThat(complete(RecoveredConfiguration.of(file), "s3://clinic-archive/strong/room"))
                .isEqualTo("far");
        assertThat(complete(RecoveredConfiguration.of(file), tier.toString())).isEqualTo("near");
        JsonNode completed = written().at("/Strongroom/Tiers");
        assertThat(completed.at("/far/S3/CredentialsFile").asText())
                .as("nothing else opens it")
                .isEqualTo("/etc/key");
        ((ObjectNode) completed.at("/far/S3")).remove("CredentialsFile");
        assertThat(completed).as("nothing else is changed").isEqualTo(before);

        assertThat(complete(RecoveredConfiguration.of(file), "s3://clinic-archive/strong"))
                .as("beside them")
                .isEqualTo("offsite");
    }

    @Test
    void whatIsLeftOfTheOldOneIsKept() throws IOException {
        String left = "{ // ours\n \"Name\": \"Clinic\", \"Plugins\": [\"/usr/lib/libOrthancPostgreSQLIndex.so\"],"
                + " \"StorageDirectory\": \"db\", \"LuaScripts\": [\"forward.lua\"],"
                + " \"Strongroom\": {\"Tiers\": {\"far\": {\"Directory\": \"/mnt/far\"}},"
                + " \"RootKey\": {\"KeyFile\": \"/etc/root.key\"},}}";
        Files.writeString(file, left);
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        assertThat(complete(configuration, "far")).isEqualTo("far");
        assertThat(folder.resolve("orthanc.json.before")).hasContent(left);
        assertThat(written().path("Name").asText()).isEqualTo("Clinic");
        assertThat(written().at("/Strongroom/RootKey/KeyFile").asText()).isEqualTo("/etc/root.key");
        assertThat(written().path("Plugins")).hasSize(2);
        assertThat(written().path("LuaScripts")).hasSize(1);

        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own, Set.of());
        JsonNode registering = new ObjectMapper().readTree(Files.readAllBytes(own));
        assertThat(registering.path("Plugins")).hasSize(2);
        assertThat(registering.path("LuaScripts")).isEmpty();
        assertThat(registering.at("/Strongroom/Snapshots/Enabled").asBoolean(true))
                .isFalse();
        assertThat(written().at("/Strongroom").has("Snapshots")).isFalse();
        assertThat(registering.path("HttpServerEnabled").asBoolean(true)).isFalse();
        assertThat(registering.path("SaveJobs").asBoolean(true)).isFalse();
        assertThat(registering.path("StorageDirectory").asText())
                .isEqualTo(folder.resolve("db").toString());

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> RecoveredConfiguration.of(file).home(new Home(folder.resolve("other"))));
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> RecoveredConfiguration.of(folder));
        Files.writeString(file, "[1]");
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> RecoveredConfiguration.of(file));
    }

    @Test
    void thePluginForPostgresIsFoundInAFolderAndMissedWhereThereIsNone() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Path index = Files.createFile(plugins.resolve("libOrthancPostgreSQLIndex.so"));
        Files.createFile(plugins.resolve("libForwarder.so"));
        Files.writeString(
                file,
                "{\"Plugins\": [\"plugins\"], \"PostgreSQL\": {\"EnableIndex\": true, \"Password\":"
                        + " \"${DB_PASSWORD}\"}}");
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own, Set.of());
        JsonNode registering = new ObjectMapper().readTree(Files.readAllBytes(own));
        assertThat(registering.path("Plugins")).hasSize(2);
        assertThat(registering.at("/Plugins/1").asText()).isEqualTo(index.toString());
        assertThat(registering.at("/PostgreSQL/Password").asText()).isEqualTo("${DB_PASSWORD}");

        Files.delete(index);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> configuration.writeForRegistering(own, Set.of()))
                .withMessageContaining("no plugin for that");
    }

    @Test
    void imagesAreListedAgainUnderARestrictionAndWithoutAnybodysPassword() throws IOException {
        Files.writeString(
                file,
                """
                {"RemoteAccessAllowed": true, "OverwriteInstances": true, "DicomAlwaysAllowGet": true,
                 "DicomModalities": {"ct": {"AET": "NORTH_CT", "Host": "10.0.0.1", "Port": 104}},
                 "MultitenantDicom": {"Servers": [{"AET": "WARD", "Port": 4343}]},
                 "Strongroom": {
                   "Tenants": {"north": {"Sources": {"AETs": ["NORTH_CT"], "Users": ["north-rad"]}, "Destinations": ["NORTH_CT"]},
                               "south": {"Sources": {"Users": ["south-rad"]}}},
                   "Access": {"UnknownSources": "refuse", "UsersFile": "/etc/strongroom/users.json",
                              "Users": {"north-rad": {"Tenants": ["north"], "PasswordFile": "/etc/strongroom/gone"},
                                        "south-rad": {"Tenants": ["south"], "PasswordEnv": "GONE"}}},
                   "Audit": {"Stations": false}}}
                """);
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        JsonNode people = written().at("/Strongroom/Access");
        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own, Set.of());

        Configuration registering = Configuration.load(own, Map.of());
        Enforcement.require(registering);
        AccessControl.requireApart(registering);
        assertThat(Accounts.of(registering.settings(), Map.of()))
                .hasSize(1)
                .hasValueSatisfying(new Condition<>(
                        one -> one.password().isEmpty()
                                && one.principal().tenants().containsAll(List.of("north", "south")),
                        "of every tenant, and nobody can log in as this one"));
        assertThat(registering.settings().access().refusesUnknown()).isFalse();
        assertThat(registering.settings().tenants()).containsOnlyKeys("north", "south");
        assertThat(written().at("/Strongroom/Access")).isEqualTo(people);

        // The same where nobody told of users: a restriction may be in the journal.
        Files.delete(file);
        RecoveredConfiguration bare = RecoveredConfiguration.of(file);
        complete(bare, tier.toString());
        bare.writeForRegistering(own, Set.of());
        Configuration alone = Configuration.load(own, Map.of());
        Enforcement.require(alone);
        AccessControl.requireApart(alone);
        assertThat(written().at("/Strongroom").has("Access")).isFalse();
    }

    /** What run/settings.json says of this configuration: what a snapshot keeps. */
    private void snapshotOf(String json) throws IOException {
        Files.createDirectories(home.root());
        Files.writeString(
                home.recoveredSettings(), Configuration.parse(json).settings().toJson());
    }

    private String twoTenants(String more) {
        return """
                {"Strongroom": {"Home": "%s", "RootKey": {"PassphraseFile": "/etc/strongroom/passphrase"},
                 "Tiers": {"far": {"Directory": "%s", "AllowSameDisk": true, "Jurisdiction": "EU"}},
                 "Tenants": {"north": {"Sources": {"AETs": ["NORTH_CT"]}%s}, "south": {"Sources": {"AETs": ["SOUTH_CT"]}}},
                 "Access": {"Users": {
                   "north-rad": {"Tenants": ["north"], "Roles": ["radiologist"], "PasswordFile": "%s"},
                   "south-rad": {"Tenants": ["south"], "Roles": ["radiologist"], "PasswordHashFile": "%s"},
                   "admin": {"Roles": ["administrator"], "PasswordEnv": "PASSWORD_ADMIN"}}}}}
                """
                .formatted(home.root(), tier, more, folder.resolve("north-rad"), folder.resolve("south-rad"));
    }

    @Test
    void usersAndTenantsComeBackOfTheSnapshotAndWhatNoTierHoldsIsNamed() throws IOException {
        snapshotOf(twoTenants(""));
        Files.writeString(folder.resolve("south-rad"), "$argon2id$");
        Files.writeString(file, "{\"DicomModalities\": {\"ct\": {\"AET\": \"SOUTH_CT\"}}}");
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        assertThat(written().has("DicomCheckModalityHost")).isFalse();

        RecoveredAccess access = configuration.access(home, Set.of("PATH"));
        assertThat(access.from()).isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(access.tenants()).containsExactly("north", "south");
        assertThat(access.stations()).containsExactly("NORTH_CT");
        assertThat(access.missing())
                .extracting(RecoveredAccess.Missing::setting)
                .containsExactlyInAnyOrder(
                        "Strongroom.Access.Users.north-rad.PasswordFile", "Strongroom.Access.Users.admin.PasswordEnv");
        assertThat(access.missing().get(0).value())
                .isEqualTo(folder.resolve("north-rad").toString());
        assertThat(access.missing().get(0).cure()).contains("first line");

        Configuration read = Configuration.load(file, Map.of());
        assertThat(read.settings().access().users()).containsOnlyKeys("north-rad", "south-rad", "admin");
        assertThat(read.settings().tenants()).containsOnlyKeys("north", "south");
        assertThat(written().path("DicomCheckModalityHost").asBoolean(false)).isTrue();
        assertThat(written().path("DicomAlwaysAllowStore").asBoolean(true)).isFalse();
        assertThat(WayAround.all(read))
                .as("what each modality may, a person decides")
                .extracting(WayAround::setting)
                .containsExactly("DicomModalities.ct.AllowFindWorklist", "DicomModalities.ct.AllowGet");

        Files.writeString(folder.resolve("north-rad"), "a new one");
        RecoveredAccess again = RecoveredConfiguration.of(file).access(home, Set.of("PASSWORD_ADMIN"));
        assertThat(again.from()).as("the next call").isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(again.missing()).isEmpty();
    }

    @Test
    void usersThatTheSnapshotLacksAreNamed() throws IOException {
        Path users = folder.resolve("users.json");
        snapshotOf(twoTenants("").replace("{\"Users\": {", "{\"UsersFile\": \"" + users + "\", \"Users\": {"));
        Files.writeString(file, "{}");
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());

        RecoveredAccess access = configuration.access(home, Set.of("PASSWORD_ADMIN"));
        assertThat(access.missing())
                .filteredOn(missing -> missing.setting().equals("Strongroom.Access.UsersFile"))
                .singleElement()
                .satisfies(missing -> {
                    assertThat(missing.value()).isEqualTo(users.toString());
                    assertThat(missing.cure())
                            .contains("The snapshot has none of its users", "Write the users into it");
                });
        Files.writeString(users, "{}");
        assertThat(RecoveredConfiguration.of(file)
                        .access(home, Set.of("PASSWORD_ADMIN"))
                        .missing())
                .extracting(RecoveredAccess.Missing::setting)
                .doesNotContain("Strongroom.Access.UsersFile");
    }

    /** As a snapshot keeps it: with the users of the file, which {@code users} are, and without the file. */
    private void snapshotWithUsers(String tiers, String tenants, String users) throws IOException {
        Path usersFile = Files.writeString(folder.resolve("users.json"), users);
        String had =
                """
                {"Strongroom": {"Home": "%s", "RootKey": {"PassphraseFile": "/etc/strongroom/passphrase"},
                 "Tiers": {%s}, "Tenants": {%s}, "Access": {"UsersFile": "%s"}}}
                """
                        .formatted(home.root(), tiers, tenants, usersFile);
        Files.createDirectories(home.root());
        Files.writeString(
                home.recoveredSettings(), Users.written(Configuration.parse(had).settings()));
    }

    private String far() {
        return "\"far\": {\"Directory\": \"%s\", \"AllowSameDisk\": true, \"Jurisdiction\": \"EU\"}".formatted(tier);
    }

    private RecoveredAccess recovered() throws IOException {
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        return configuration.access(home, Set.of());
    }

    private static List<String> told(RecoveredAccess access) {
        return access.missing().stream()
                .map(missing -> missing.setting() + " " + missing.value())
                .toList();
    }

    /** Beside a file of users nobody asks whether a tenant's uploader is in it; in the snapshot are its users, and no file. */
    @Test
    void anUploaderWhomNobodyKnowsDoesNotStopARecovery() throws IOException {
        snapshotWithUsers(
                far(),
                """
                "north": {"Sources": {"AETs": ["NORTH_CT"], "Users": ["north-rad", "left-long-ago"]}},
                "south": {"Sources": {"Users": ["south-rad"]}},
                "east": {"Sources": {"Users": ["south-rad-2"]}},
                "west": {"Sources": {"Users": ["west-rad"]}, "Jurisdictions": ["EU"]},
                "center": {"Sources": {"Users": ["center-rad"]}, "Laws": ["DE"]}
                """,
                "{\"north-rad\": {\"Tenants\": [\"north\", \"east\"], \"PasswordFile\": \"/etc/strongroom/gone\"}}");

        RecoveredAccess access = recovered();
        assertThat(access.from()).isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(told(access))
                .containsExactlyInAnyOrder(
                        "Strongroom.Access.Users.north-rad.PasswordFile /etc/strongroom/gone",
                        "Strongroom.Tenants.north.Sources.Users left-long-ago",
                        "Strongroom.Tenants.south.Sources.Users south-rad",
                        "Strongroom.Tenants.east.Sources.Users south-rad-2",
                        "Strongroom.Tenants.west.Sources.Users west-rad",
                        "Strongroom.Tenants.center.Sources.Users center-rad",
                        "Strongroom.Tenants.south.Copies 1");
        Map<String, TenantSettings> read =
                Configuration.load(file, Map.of()).settings().tenants();
        assertThat(read.get("north").sources().users()).containsExactly("north-rad");
        assertThat(read.get("south").sources().users()).isEmpty();
        assertThat(read.get("south").copies()).as("nothing else is said of it").hasValue(1);
        assertThat(List.of(read.get("north"), read.get("east"), read.get("west"), read.get("center")))
                .as("a title, a user, where it may be, or a law is enough")
                .allSatisfy(tenant -> assertThat(tenant.copies()).isEmpty());
        assertThat(access.missing())
                .extracting(RecoveredAccess.Missing::line)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("Fewer copies than before: Strongroom.Tenants.south.Copies is 1. ")
                        .contains("raise it when the other tiers are back"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("Missing before Orthanc starts: Strongroom.Tenants.south.Sources.Users names"
                                + " south-rad. "));
        assertThat(RecoveredConfiguration.of(file).access(home, Set.of()))
                .as("the next call")
                .isEqualTo(access);
    }

    @Test
    void whatWasMendedAsToldIsNotToldAgain() throws IOException {
        snapshotWithUsers(
                far() + ", \"cloud\": {\"S3\": {\"Bucket\": \"clinic\"}, \"Jurisdiction\": \"EU\"}",
                """
                "north": {"Sources": {"AETs": ["N"], "Users": ["jane", "left-long-ago"]}, "Tiers": ["far", "cloud"],
                          "Copies": 2},
                "south": {"Sources": {"Users": ["south-rad"]}}
                """,
                "{\"admin\": {\"Roles\": [\"administrator\"]}}");
        assertThat(told(recovered()))
                .containsExactlyInAnyOrder(
                        "Strongroom.Tenants.north.Sources.Users jane, left-long-ago",
                        "Strongroom.Tenants.south.Sources.Users south-rad",
                        "Strongroom.Tenants.north.Tiers cloud",
                        "Strongroom.Tenants.north.Copies 1",
                        "Strongroom.Tenants.south.Copies 1");

        ObjectNode mended = (ObjectNode) written();
        mended.withObject("/Strongroom/Tiers/cloud")
                .put("Jurisdiction", "EU")
                .putObject("S3")
                .put("Bucket", "clinic");
        mended.withObject("/Strongroom/Access/Users/jane");
        mended.withArray("/Strongroom/Tenants/north/Sources/Users").add("jane");
        mended.withArray("/Strongroom/Tenants/north/Tiers").add("cloud");
        Files.writeString(file, mended.toString());
        RecoveredAccess second = RecoveredConfiguration.of(file).access(home, Set.of());
        assertThat(second.from()).isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(told(second))
                .as("the tier is back, and the numbers are as low as they were")
                .containsExactlyInAnyOrder(
                        "Strongroom.Tenants.north.Sources.Users left-long-ago",
                        "Strongroom.Tenants.south.Sources.Users south-rad",
                        "Strongroom.Tenants.north.Copies 1",
                        "Strongroom.Tenants.south.Copies 1");

        mended.withObject("/Strongroom/Tenants/north").put("Copies", 2);
        mended.withObject("/Strongroom/Tenants/south").put("Copies", 2);
        Files.writeString(file, mended.toString());
        assertThat(told(RecoveredConfiguration.of(file).access(home, Set.of())))
                .noneMatch(told -> told.contains("Copies"));
        assertThat(north().sources().users()).containsExactly("jane");
    }

    /** Its tier is gone, and with it the last thing that was said of it. */
    @Test
    void aTenantOfOnlyAnUnknownUploaderAndALostTierDoesNotStopARecovery() throws IOException {
        snapshotWithUsers(
                far() + ", \"cloud\": {\"S3\": {\"Bucket\": \"clinic\"}}",
                """
                "north": {"Sources": {"Users": ["ghost"]}, "Tiers": ["cloud"]},
                "south": {"Sources": {"AETs": ["S"]}}
                """,
                "{\"admin\": {\"Roles\": [\"administrator\"]}}");
        assertThat(told(recovered()))
                .containsExactlyInAnyOrder(
                        "Strongroom.Tenants.north.Sources.Users ghost",
                        "Strongroom.Tenants.north.Tiers cloud",
                        "Strongroom.Tenants.north.Copies 1");
        assertThat(north().tiers()).isEmpty();
        assertThat(north().copies()).hasValue(1);
    }

    /** Of a tier that a tenant does not permit no study is. */
    private Map<String, TenantSettings> recoveredBesideATierElsewhere(String north) throws IOException {
        snapshotWithUsers(
                far() + ", \"near\": {\"Directory\": \"/mnt/near\", \"Jurisdiction\": \"EU\"}",
                """
                "north": {"Sources": {"AETs": ["N"]}, "Jurisdictions": ["eu"]%s}, "south": {"Sources": {"Users": ["ghost"]}}
                """
                        .formatted(north),
                "{\"admin\": {\"Roles\": [\"administrator\"]}}");
        Files.writeString(
                file,
                "{\"Strongroom\": {\"Tiers\": {\"away\": {\"S3\": {\"Bucket\": \"c\"}, \"Jurisdiction\":"
                        + " \"US\"}}}}");
        assertThat(told(recovered())).contains("Strongroom.Tenants.south.Copies 1");
        return Configuration.load(file, Map.of()).settings().tenants();
    }

    @Test
    void aTenantThatSaysNothingNeedsNoMoreCopiesThanThereArePermittedTiers() throws IOException {
        assertThat(recoveredBesideATierElsewhere("").get("south").copies()).hasValue(1);
    }

    @Test
    void aTenantsOwnNumberIsNoMoreThanItsPermittedTiers() throws IOException {
        assertThat(recoveredBesideATierElsewhere(", \"Copies\": 2").get("north").copies())
                .hasValue(1);
    }

    /** It wrote such a name into the file, and stopped then. */
    @Test
    void whatAVersionBeforeCompletedDoesNotStopARecovery() throws IOException {
        snapshotWithUsers(
                far(),
                """
                "north": {"Sources": {"AETs": ["N"], "Users": ["ghost"]}}, "south": {"Sources": {"Users": ["south-rad"]}}
                """,
                "{\"admin\": {\"Roles\": [\"administrator\"]}}");
        ObjectNode completed = RecoveredConfiguration.object();
        RecoveredAccess.complete(
                completed.withObject("/Strongroom"),
                RecoveredAccess.said(RecoveredAccess.settings(home).orElseThrow()));
        Files.writeString(file, completed.toString());

        RecoveredAccess access = recovered();
        assertThat(access.from()).isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(told(access))
                .containsExactlyInAnyOrder(
                        "Strongroom.Tenants.north.Sources.Users ghost",
                        "Strongroom.Tenants.south.Sources.Users south-rad",
                        "Strongroom.Tenants.south.Copies 1");
        assertThat(north().sources().users()).isEmpty();
    }

    /** Whom the directory knows is asked when Orthanc starts. */
    @Test
    void anUploaderWhomADirectoryMayKnowStays() throws IOException {
        snapshotOf(twoTenants("")
                .replace("\"AETs\": [\"NORTH_CT\"]", "\"AETs\": [\"NORTH_CT\"], \"Users\": [\"jane\"]")
                .replace(
                        "\"Access\": {",
                        "\"Access\": {\"Directory\": {\"Servers\": [\"ldaps://dc1.clinic.example\"], \"Base\":"
                                + " \"dc=clinic\", \"Groups\": [{\"Group\": \"cn=r\", \"Roles\": [\"radiologist\"],"
                                + " \"Tenants\": [\"north\"]}]}, "));
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        assertThat(configuration.access(home, Set.of()).missing())
                .extracting(RecoveredAccess.Missing::setting)
                .noneMatch(setting -> setting.endsWith("Sources.Users"));
        assertThat(north().sources().users()).containsExactly("jane");
    }

    /** Such a file lets everybody in: that it has a section is no reason to leave the clinic's users out. */
    @Test
    void whatSaysNothingOfUsersAndTenantsIsCompletedFromTheSnapshot() throws IOException {
        Files.writeString(
                file,
                "{\"Strongroom\": {\"Tenants\": {\"north\": {\"Jurisdictions\": [\"EU\"]}}, \"Access\": {\"Login\":"
                        + " {\"Idle\": \"5 min\"}}}}");
        snapshotOf(twoTenants(""));
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        RecoveredAccess access = configuration.access(home, Set.of());
        assertThat(access.from()).isEqualTo(RecoveredAccess.From.SNAPSHOT);
        assertThat(access.tenants()).containsExactlyInAnyOrder("north", "south");
        JsonNode section = written().at("/Strongroom");
        assertThat(section.at("/Access/Users").properties()).hasSize(3);
        assertThat(section.at("/Access/Login/Idle").asText())
                .as("what the person wrote stays")
                .isEqualTo("5 min");
        assertThat(section.at("/Tenants/north/Jurisdictions/0").asText()).isEqualTo("EU");
        assertThat(section.at("/Tenants/north/Sources/AETs/0").asText()).isEqualTo("NORTH_CT");
    }

    @Test
    void whoMaySeeWhatIsSaidByTheConfigurationBeforeTheSnapshotOrByNobody() throws IOException {
        Files.writeString(
                file,
                "{\"DicomCheckModalityHost\": false, \"Strongroom\": {\"Tenants\": {\"north\": {\"Sources\": {\"AETs\":"
                        + " [\"N\"]}}, \"west\": {\"Sources\": {\"AETs\": [\"W\"]}}}}}");
        snapshotOf(twoTenants(""));
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, tier.toString());
        RecoveredAccess given = configuration.access(home, Set.of());
        assertThat(given.from()).isEqualTo(RecoveredAccess.From.CONFIGURATION);
        assertThat(given.tenants()).containsExactly("north", "west");
        assertThat(written().at("/Strongroom").has("Access")).isFalse();
        assertThat(written().path("DicomCheckModalityHost").asBoolean(true))
                .as("what stands there is left")
                .isFalse();
        assertThat(written().path("DicomAlwaysAllowStore").asBoolean(true)).isFalse();

        Files.delete(file);
        snapshotOf("{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"PassphraseFile\": \"/p\"}}}");
        RecoveredConfiguration open = RecoveredConfiguration.of(file);
        complete(open, tier.toString());
        assertThat(open.access(home, Set.of()).from()).isEqualTo(RecoveredAccess.From.EVERYBODY);
        assertThat(written().at("/Strongroom").has("Access")).isFalse();
        assertThat(written().has("DicomAlwaysAllowStore")).isFalse();

        Files.delete(home.recoveredSettings());
        assertThat(open.access(home, Set.of()).from()).isEqualTo(RecoveredAccess.From.NOBODY);
    }

    @Test
    void aTierThatIsWhereItWasIsInTheSameJurisdictionAndAnotherIsAskedFor() throws IOException {
        snapshotOf(twoTenants(", \"Jurisdictions\": [\"EU\"]"));
        RecoveredConfiguration same = RecoveredConfiguration.of(file);
        complete(same, tier.toString());
        same.access(home, Set.of());
        assertThat(Configuration.load(file, Map.of()).settings().isPermitted("offsite"))
                .isTrue();

        Files.delete(file);
        RecoveredConfiguration other = RecoveredConfiguration.of(file);
        complete(other, Files.createDirectory(folder.resolve("moved")).toString());
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> other.access(home, Set.of()))
                .withMessageContaining("Strongroom.Tiers.offsite.Jurisdiction");
    }

    /** Orthanc would not start, and say less of why. */
    @Test
    void whereATierIsIsAskedForFormerTenantsToo() throws IOException {
        snapshotOf(twoTenants(""));
        RecoveredConfiguration moved = RecoveredConfiguration.of(file);
        complete(moved, Files.createDirectory(folder.resolve("moved")).toString());
        moved.access(home, Set.of());
        Files.writeString(home.tenantPlaces(), "{\"west\": {\"Jurisdictions\": [\"EU\"]}}");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> moved.access(home, Set.of()))
                .withMessageContaining("Strongroom.Tiers.offsite.Jurisdiction");
    }

    /** Orthanc does not start with a tenant whose tier has no settings. */
    @Test
    void tenantsTiersAreThoseThatThereAreAndOthersAreNamed() throws IOException {
        String had = twoTenants(", \"Tiers\": [\"far\", \"cloud\"], \"Copies\": 2")
                .replace("\"Tiers\": {", "\"Tiers\": {\"cloud\": {\"S3\": {\"Bucket\": \"clinic\"}}, ");
        snapshotOf(had);
        RecoveredConfiguration same = RecoveredConfiguration.of(file);
        complete(same, tier.toString());
        RecoveredAccess access = same.access(home, Set.of());
        assertThat(access.missing()).anySatisfy(missing -> assertThat(missing.setting() + " " + missing.value())
                .isEqualTo("Strongroom.Tenants.north.Tiers cloud"));
        TenantSettings north = north();
        assertThat(north.tiers()).as("at the same place").contains(List.of("offsite"));
        assertThat(north.copies()).hasValue(1);
        assertThat(RecoveredConfiguration.of(file).access(home, Set.of()))
                .as("the next call")
                .isEqualTo(access);

        Files.delete(file);
        RecoveredConfiguration other = RecoveredConfiguration.of(file);
        complete(other, Files.createDirectory(folder.resolve("moved")).toString());
        other.access(home, Set.of());
        assertThat(north().tiers()).as("all").isEmpty();
        assertThat(north().copies()).hasValue(1);
    }

    /** Whoever listed images would wait for it: what burnt with the machine never comes. */
    @Test
    void imagesAreListedAgainWithoutTheTiersThatAreGone() throws IOException {
        Files.writeString(
                file,
                """
                        {"Strongroom": {"Copies": 2, "Tiers": {"near": {"Directory": "/mnt/nas"},
                         "far": {"Directory": "%s", "AllowSameDisk": true}},
                         "Tenants": {"north": {"Sources": {"AETs": ["N"]}, "Tiers": ["near"], "Copies": 1},
                                     "south": {"Sources": {"AETs": ["S"]}, "Tiers": ["near", "far"], "Copies": 2}}}}
                        """
                        .formatted(tier));
        RecoveredConfiguration configuration = RecoveredConfiguration.of(file);
        complete(configuration, "far");
        Path own = folder.resolve("own.json");
        configuration.writeForRegistering(own, Set.of("near"));
        Settings registering = Configuration.load(own, Map.of()).settings();
        assertThat(registering.tiers()).containsOnlyKeys("far");
        assertThat(registering.tenants().get("north").tiers()).isEmpty();
        assertThat(registering.tenants().get("south").tiers()).contains(List.of("far"));
        assertThat(Configuration.load(file, Map.of()).settings().tiers())
                .as("the clinic's own is as it was")
                .containsOnlyKeys("near", "far");
    }

    private TenantSettings north() throws IOException {
        return Configuration.load(file, Map.of()).settings().tenants().get("north");
    }
}
