package org.strongroom.sidecar.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.sidecar.doctor.Finding.Level;
import org.strongroom.sidecar.tier.S3ProxyStore;

class DoctorTest {
    private static final String CLOSED_DOORS =
            "\"DicomAlwaysAllowStore\": false, \"DicomAlwaysAllowEcho\": false, \"DicomTlsEnabled\": true";

    @TempDir
    Path folder;

    private Path home;
    private Path key;

    @BeforeEach
    void aSoundMachine() throws IOException {
        home = Files.createDirectory(
                folder.resolve("home"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        key = Files.createFile(
                folder.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")));
    }

    @Test
    void closedDoorsAreQuiet() {
        assertThat(OrthancDoors.examine(orthanc(CLOSED_DOORS))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"RemoteAccessAllowed\": true, \"AuthenticationEnabled\": false, \"SslEnabled\": true | SERIOUS |"
                        + " AuthenticationEnabled",
                "\"RemoteAccessAllowed\": true, \"SslEnabled\": true | SERIOUS | RegisteredUsers is empty",
                "\"RemoteAccessAllowed\": true, \"RegisteredUsers\": {\"a\": \"b\"} | WARNING | SslEnabled",
                "\"AuthenticationEnabled\": true, \"RegisteredUsers\": {\"orthanc\": \"orthanc\"} | SERIOUS |"
                        + " \"orthanc\"",
                "\"SslEnabled\": true, \"SslMinimumProtocolVersion\": 2 | WARNING | SslMinimumProtocolVersion is 2",
                "\"HttpsVerifyPeers\": false | SERIOUS | HttpsVerifyPeers",
                "\"ExecuteLuaEnabled\": true | SERIOUS | ExecuteLuaEnabled",
                "\"RestApiWriteToFileSystemEnabled\": true | SERIOUS | RestApiWriteToFileSystemEnabled",
                "\"DeidentifyLogs\": false | WARNING | DeidentifyLogs",
                "\"DicomAlwaysAllowMove\": true | SERIOUS | DicomAlwaysAllowMove",
                "\"DicomAlwaysAllowFind\": true | SERIOUS | DicomAlwaysAllowFind is",
                "\"DicomAlwaysAllowFindWorklist\": true | SERIOUS | DicomAlwaysAllowFindWorklist is",
                "\"DicomAlwaysAllowGet\": true | SERIOUS | DicomAlwaysAllowGet"
            })
    void anOpenDoorIsFound(String settings, Level level, String what) {
        assertThat(OrthancDoors.examine(orthanc(CLOSED_DOORS + ", " + settings)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.what()).contains(what);
                    assertThat(finding.toString()).doesNotContain("\"b\"");
                });
    }

    @Test
    void orthancsDefaultsForDicomAreWarnedAbout() {
        assertThat(OrthancDoors.examine(orthanc("\"Name\": \"x\"")))
                .extracting(Finding::level)
                .containsExactly(Level.WARNING, Level.WARNING, Level.WARNING);
    }

    /** Where Strongroom has users, Orthanc must have none: their own cure would keep Orthanc from starting. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'AuthenticationEnabled': false, |",
                "'AuthenticationEnabled': true, | AuthenticationEnabled",
                "'AuthenticationEnabled': false, 'OverwriteInstances': true, | OverwriteInstances",
                "'AuthenticationEnabled': false, 'DicomAlwaysAllowGet': true, | DicomAlwaysAllowGet",
                "'AuthenticationEnabled': false, 'DicomModalities': {'ct': ['CT', '10.0.0.1', 104]}, |"
                        + " DicomModalities.ct.AllowGet",
                "'AuthenticationEnabled': false, 'LimitFindResults': 10, | LimitFindResults"
            })
    void whatTheStartWouldRefuseIsTold(String change, String setting) throws IOException {
        Path users = Files.writeString(folder.resolve("users.json"), "{\"jane\": {\"Tenants\": [\"north\"]}}");
        String json =
                """
                {%s'RemoteAccessAllowed': true, 'SslEnabled': true, 'DicomCheckModalityHost': true,
                 'DicomCheckCalledAet': true, 'DicomAlwaysAllowStore': false, 'DicomAlwaysAllowEcho': false,
                 'Strongroom': {'Home': '/h', 'RootKey': {'KeyFile': '/c'}, 'Access': {'UsersFile': '%s'},
                   'Tenants': {'north': {'Sources': {'AETs': ['N']}}, 'south': {'Sources': {'AETs': ['S']}}}}}"""
                        .formatted(change, users)
                        .replace('\'', '"');
        Configuration configuration = Configuration.parse(json);
        if (setting == null) {
            assertThat(KeptApart.examine(configuration)).isEmpty();
            assertThat(OrthancDoors.examine(configuration)).isEmpty();
        } else {
            assertThat(KeptApart.examine(configuration))
                    .anySatisfy(finding -> assertThat(finding.what()).startsWith(setting + " "));
        }
        Files.writeString(users, "{\"jane\": {\"AETs\": [\"JANE_WS\"]}}");
        assertThat(KeptApart.examine(configuration))
                .anySatisfy(finding -> assertThat(finding.what()).contains("jane.AETs"));
        Files.writeString(users, "{");
        assertThat(KeptApart.examine(configuration)).singleElement().satisfies(finding -> assertThat(finding.what())
                .contains("UsersFile"));
    }

    @Test
    void strongroomMustBeTheFirstPlugin() throws IOException {
        Path library = library("\u007fELF OrthancPluginInitialize Strongroom");
        Path other = Files.createFile(folder.resolve("other.so"));
        assertThat(plugins(library, other)).isEmpty();
        assertThat(plugins(other, library)).containsExactly(Level.WARNING);
        assertThat(plugins(library.getParent())).containsExactly(Level.WARNING);
        assertThat(plugins(other)).containsExactly(Level.SERIOUS);
        assertThat(plugins()).containsExactly(Level.SERIOUS);
        assertThat(plugins(library, folder.resolve("gone.so"))).containsExactly(Level.WARNING);
    }

    @Test
    void whatIsNotTheWholeLibraryIsFound() throws IOException {
        assertThat(plugins(folder.resolve("libStrongroom.so"))).containsExactly(Level.SERIOUS);
        Path library = library("\u007fELF OrthancPluginInitialize WebViewer");
        assertThat(plugins(library)).containsExactly(Level.SERIOUS);
        Files.writeString(library, "\u007fELF OrthancPluginInitialize Strongroom");
        assertThat(plugins(library)).isEmpty();
        Files.delete(library.resolveSibling("lib").resolve("plugin"));
        assertThat(plugins(library)).containsExactly(Level.SERIOUS);
    }

    private Path library(String content) throws IOException {
        Path distribution = Files.createDirectory(folder.resolve("distribution"));
        Files.createDirectories(distribution.resolve("lib").resolve("plugin"));
        return Files.writeString(distribution.resolve("libStrongroom.so"), content);
    }

    private static List<Level> plugins(Path... plugins) {
        return PluginsList.examine(Stream.of(plugins).map(Path::toString).toList()).stream()
                .map(Finding::level)
                .toList();
    }

    @Test
    void aTierThatTakesAndGivesAnObjectIsSound() throws IOException {
        Path tier = Files.createDirectory(folder.resolve("tier"));
        Settings settings = strongroom("\"Tiers\": {\"near\": {\"Directory\": \"" + tier + "\"}}");
        assertThat(TierTrial.examine(settings, InstantSource.system())).isEmpty();
        try (Stream<Path> left = Files.walk(tier)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(TierTrial.examine(settings, () -> Instant.EPOCH))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("clocks"));
    }

    @Test
    void aTierWhoseFolderIsNotThereTakesNothing() {
        Settings settings = strongroom("\"Tiers\": {\"near\": {\"Directory\": \"" + folder.resolve("away") + "\"}}");
        assertThat(TierTrial.examine(settings, InstantSource.system()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.SERIOUS);
                    assertThat(finding.what()).contains("tier near", "does not exist");
                });
        assertThat(folder.resolve("away")).doesNotExist();
    }

    @Test
    void whatABucketDoesNotDoIsTold() throws Exception {
        try (S3ProxyStore store = new S3ProxyStore("clinic")) {
            Settings settings =
                    strongroom("\"Tiers\": {\"cloud\": {\"S3\": {\"Bucket\": \"clinic\", \"PathStyle\": true, "
                            + "\"Region\": \"us-east-1\", \"Endpoint\": \"http://127.0.0.1:" + store.port()
                            + "\", \"CredentialsFile\": \"" + store.credentialsFile(folder) + "\"}}}");
            assertThat(TierTrial.examine(settings, InstantSource.system()))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.level()).isEqualTo(Level.WARNING);
                        assertThat(finding.what()).contains("tier cloud", "versions", "object lock not used");
                    });
        }
    }

    @Test
    void aBucketThatDoesNotAnswerIsFound() {
        Settings settings = strongroom("\"Tiers\": {\"cloud\": {\"S3\": {\"Bucket\": \"b\", \"PathStyle\": true, "
                + "\"Endpoint\": \"http://127.0.0.1:1\"}}}");
        assertThat(TierTrial.examine(settings, InstantSource.system()))
                .singleElement()
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.SERIOUS));
    }

    @Test
    void anOrthancThatRunsWithoutStrongroomIsFound() throws IOException {
        try (ServerSocket orthanc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Configuration listening = orthanc("\"HttpPort\": " + orthanc.getLocalPort());
            assertThat(RunningOrthanc.examine(listening, new Home(home)))
                    .extracting(Finding::level)
                    .containsExactly(Level.SERIOUS);
        }
    }

    @Test
    void anOrthancWithStrongroomIsKnownByItsLock() throws IOException {
        Files.createDirectories(new Home(home).run());
        Configuration stopped = orthanc("\"HttpPort\": 1");
        assertThat(RunningOrthanc.examine(stopped, new Home(home)))
                .extracting(Finding::what)
                .containsExactly("Orthanc does not run");
        try (FileChannel lock = FileChannel.open(
                new Home(home).run().resolve("plugin.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(lock.tryLock()).isNotNull();
            assertThat(RunningOrthanc.examine(stopped, new Home(home)))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.what()).contains("the sidecar does not answer"));
        }
    }

    @Test
    void tooFewOpenFilesAreWarnedAbout() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Path limits = Files.writeString(
                folder.resolve("limits"), "Limit  Soft  Hard  Units\nMax open files            256   4096   files\n");
        Limits.look("Orthanc", limits, findings);
        assertThat(findings).hasSize(1);
        Files.writeString(limits, "Max open files            1024   4096   files\n");
        Limits.look("Orthanc", limits, findings);
        assertThat(findings).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Orthanc 1.10.1,true",
        "Orthanc 1.12.3,true",
        "Orthanc 1.12.4,false",
        "Orthanc 1.13.0,false",
        "mainline,false"
    })
    void oldOrthancs(String firstLine, boolean warned) {
        assertThat(OrthancVersion.examine(Optional.of(firstLine)).isEmpty()).isEqualTo(!warned);
    }

    @Test
    void secretsOpenToOthersAreFound() throws IOException {
        assertThat(SecretFiles.examine(orthanc("\"Name\": \"x\"").settings())).isEmpty();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(SecretFiles.examine(orthanc("\"Name\": \"x\"").settings()))
                .extracting(Finding::what)
                .satisfiesExactly(what -> assertThat(what).startsWith("the root key's file"), what -> assertThat(what)
                        .startsWith("Strongroom.Home"));
        Files.delete(key);
        assertThat(SecretFiles.examine(orthanc("\"Name\": \"x\"").settings())
                        .get(0)
                        .what())
                .contains("does not exist");
    }

    @Test
    void aPinThatIsOpenToOthersIsFoundAndOneInTheEnvironmentIsNoFile() throws IOException {
        String token = "{\"Strongroom\": {\"Home\": \"%s\", \"RootKey\": {\"Pkcs11\": {\"Library\": \"/l.so\","
                + " \"Token\": \"t\", %s}}}}";
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(SecretFiles.examine(Configuration.parse(String.format(token, home, "\"PinFile\": \"" + key + "\""))
                        .settings()))
                .extracting(Finding::what)
                .singleElement()
                .asString()
                .contains(key.toString());
        assertThat(SecretFiles.examine(Configuration.parse(String.format(token, home, "\"PinEnv\": \"PIN\""))
                        .settings()))
                .isEmpty();
    }

    @Test
    void aCopyOnTheSameDiskIsFound() throws IOException {
        Path tier = Files.createDirectory(folder.resolve("tier"));
        String mirror = "\"SpoolMirror\": \"" + folder.resolve("mirror") + "\"";
        Files.createDirectory(folder.resolve("mirror"));
        List<Finding> findings =
                Disks.examine(strongroom(mirror + ", \"Tiers\": {\"a\": {\"Directory\": \"" + tier + "\"}}"));
        assertThat(findings)
                .filteredOn(finding -> finding.level() == Level.SERIOUS)
                .extracting(Finding::what)
                .anySatisfy(what -> assertThat(what).startsWith("SpoolMirror is on the same file system"))
                .anySatisfy(what -> assertThat(what).startsWith("tier a is on the same file system"));
        List<Finding> trial = Disks.examine(
                strongroom("\"Tiers\": {\"a\": {\"Directory\": \"" + tier + "\", \"AllowSameDisk\": true}}"));
        assertThat(trial).extracting(Finding::what).anySatisfy(what -> assertThat(what)
                .contains("(AllowSameDisk)"));
        assertThat(Disks.examine(strongroom("\"KeepHeads\": true")))
                .extracting(Finding::what)
                .contains("Tiers is empty");
    }

    @Test
    void oldJavaAndAMissingOneAreFound() {
        Configuration sound = orthanc("\"Name\": \"x\"");
        assertThat(JavaMachine.examine(sound.settings(), Runtime.Version.parse("17.0.1")))
                .isEmpty();
        assertThat(JavaMachine.examine(sound.settings(), Runtime.Version.parse("11")))
                .hasSize(1);
        assertThat(JavaMachine.examine(
                        strongroom(
                                "\"Java\": {\"Library\": \"/none/libjvm.so\"}, \"Sidecar\": {\"JavaHome\": \"/none\"}"),
                        Runtime.Version.parse("17")))
                .hasSize(2);
    }

    @Test
    void aClockThatWentBackIsFound() throws IOException {
        Home place = new Home(home);
        assertThat(WallClock.examine(place, () -> Instant.EPOCH)).isEmpty();
        Files.createFile(place.installation());
        assertThat(WallClock.examine(place, () -> Instant.EPOCH)).hasSize(1);
        assertThat(WallClock.examine(place, () -> Instant.parse("2999-01-01T00:00:00Z")))
                .isEmpty();
    }

    private Configuration orthanc(String members) {
        return Configuration.parse("{%s, \"Strongroom\": {\"Home\": \"%s\", \"RootKey\": {\"KeyFile\": \"%s\"}}}"
                .formatted(members, home, key));
    }

    private Settings strongroom(String members) {
        return Configuration.parse("{\"Strongroom\": {\"Home\": \"%s\", \"RootKey\": {\"KeyFile\": \"%s\"}, %s}}"
                        .formatted(home, key, members))
                .settings();
    }
}
