package org.strongroom.sidecar.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.sidecar.doctor.Finding.Level;

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
        assertThat(OrthancDoors.examine(orthanc(CLOSED_DOORS).orthanc())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"RemoteAccessAllowed\": true, \"AuthenticationEnabled\": false, \"SslEnabled\": true | SERIOUS | AuthenticationEnabled",
                "\"RemoteAccessAllowed\": true, \"SslEnabled\": true | SERIOUS | RegisteredUsers is empty",
                "\"RemoteAccessAllowed\": true, \"RegisteredUsers\": {\"a\": \"b\"} | WARNING | SslEnabled",
                "\"AuthenticationEnabled\": true, \"RegisteredUsers\": {\"orthanc\": \"orthanc\"} | SERIOUS | \"orthanc\"",
                "\"DicomAlwaysAllowGet\": true | SERIOUS | DicomAlwaysAllowGet"
            })
    void anOpenDoorIsFound(String settings, Level level, String what) {
        assertThat(OrthancDoors.examine(orthanc(CLOSED_DOORS + ", " + settings).orthanc()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.what()).contains(what);
                    assertThat(finding.toString()).doesNotContain("\"b\"");
                });
    }

    @Test
    void orthancsDefaultsForDicomAreWarnedAbout() {
        assertThat(OrthancDoors.examine(orthanc("\"Name\": \"x\"").orthanc()))
                .extracting(Finding::level)
                .containsExactly(Level.WARNING, Level.WARNING, Level.WARNING);
    }

    @Test
    void strongroomMustBeTheFirstPlugin() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        Path library = Files.createFile(plugins.resolve("libStrongroom.so"));
        assertThat(storage("[\"" + library + "\", \"/other.so\"]")).isEmpty();
        assertThat(storage("[\"/other.so\", \"" + library + "\"]")).containsExactly(Level.WARNING);
        assertThat(storage("[\"" + plugins + "\"]")).containsExactly(Level.WARNING);
        assertThat(storage("[\"/other.so\"]")).containsExactly(Level.SERIOUS);
        assertThat(storage("[]")).containsExactly(Level.SERIOUS);
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
    void aCopyOnTheSameDiskIsFound() throws IOException {
        Path tier = Files.createDirectory(folder.resolve("tier"));
        String mirror = "\"SpoolMirror\": \"" + folder.resolve("mirror") + "\"";
        Files.createDirectory(folder.resolve("mirror"));
        List<Finding> findings = Disks.examine(strongroom(
                mirror + ", \"Tiers\": {\"a\": {\"Directory\": \"" + tier + "\"}, \"b\": {\"Directory\": \"/none\"}}"));
        assertThat(findings)
                .filteredOn(finding -> finding.level() == Level.SERIOUS)
                .extracting(Finding::what)
                .anySatisfy(what -> assertThat(what).startsWith("SpoolMirror is on the same file system"))
                .anySatisfy(what -> assertThat(what).startsWith("tier a is on the same file system"))
                .anySatisfy(what -> assertThat(what).contains("tier b").contains("does not exist"));
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

    private List<Level> storage(String plugins) {
        return OrthancStorage.examine(orthanc("\"Plugins\": " + plugins)).stream()
                .filter(finding -> finding.what().contains("libStrongroom"))
                .map(Finding::level)
                .toList();
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
