package org.strongroom.plugin.offline.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.keys.TenantChange;
import org.strongroom.plugin.offline.OneStudyCommands;

/** An administrator changes RootKey in orthanc.json, and has a copy of the file as it was. */
class KeyCommandsTest extends OneStudyCommands {
    private KeySource next;
    private String copy;

    @BeforeEach
    void change() throws IOException {
        Path config = folder.resolve("orthanc.json");
        copy = Files.copy(config, folder.resolve("orthanc.json.old")).toString();
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        next = KeySource.of(new RootKeySettings(Optional.of(passphrase), Optional.empty()));
        String before = "{\"KeyFile\": \"" + folder.resolve("root.key") + "\"}";
        String json = Files.readString(config);
        assertThat(json).contains(before);
        Files.writeString(config, json.replace(before, "{\"PassphraseFile\": \"" + passphrase + "\"}"));
    }

    private boolean isOpenedBy(KeySource one) throws IOException {
        return rootChange().isOpenedBy(one);
    }

    private RootChange rootChange() throws IOException {
        return new RootChange(home, Installation.read(home.installation()).orElseThrow());
    }

    private String audited() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.pendingAudit())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void theSettingsSourceTakesThePlaceOfTheFormerOneAndThatIsInTheAuditLog() throws IOException {
        assertThat(run("key", "rotate", "--root", "--former", copy, "--json"))
                .as(err)
                .isZero();
        assertThat(out).contains("\"rotated\":true", "\"from\":\"keyFile\"", "\"to\":\"passphrase\"", "\"tenants\":1");
        assertThat(isOpenedBy(next)).isTrue();
        assertThat(isOpenedBy(source)).isFalse();
        try (Keyring keyring = Keyring.read(home, next, Clock.systemUTC())) {
            assertThat(keyring.keyOf(key)).isNotNull();
        }
        String log = audited();
        assertThat(log)
                .contains("\"step\":\"begin\"", "\"root\":\"keyFile\"", "\"step\":\"done\"", "\"root\":\"passphrase\"");
        assertThat(log.indexOf("begin")).isLessThan(log.indexOf("done"));

        assertThat(run("key", "status")).as(err).isZero();
        assertThat(out).contains("Root key  passphrase, changed 20", "Tenant    clinic, key 1");
    }

    @Test
    void onceMoreSaysThatItWasDoneAlsoWithoutTheFormerSource() throws IOException {
        run("key", "rotate", "--root", "--former", copy);
        Instant changed = FormerKeys.read(home.formerKeys()).changed();
        Files.delete(folder.resolve("root.key"));
        assertThat(run("key", "rotate", "--root", "--former", copy)).as(err).isZero();
        assertThat(out).contains("in its place since " + changed);
        assertThat(FormerKeys.read(home.formerKeys()).changed()).isEqualTo(changed);
    }

    @Test
    void aRehearsalChangesNothing() throws IOException {
        assertThat(run("key", "rotate", "--root", "--former", copy, "--dry-run"))
                .as(err)
                .isZero();
        assertThat(out).contains("from keyFile to passphrase", "Nothing has changed");
        assertThat(isOpenedBy(source)).isTrue();
        assertThat(isOpenedBy(next)).isFalse();
        assertThat(home.keyring().resolve("next.part")).doesNotExist();
        assertThat(home.formerKeys()).doesNotExist();
    }

    @Test
    void withoutTheFormerSourceOrWithSettingsThatWereNotChangedNothingHappens() throws IOException {
        assertThat(run("key", "rotate", "--root")).isEqualTo(1);
        assertThat(err).contains("another kind than this Home's keys");
        Files.copy(Path.of(copy), folder.resolve("orthanc.json"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("key", "rotate", "--root", "--former", copy)).isEqualTo(1);
        assertThat(err).contains("the settings name the root key that there is", "Cure: Name the new source");
        assertThat(run("key", "rotate", "--root")).isEqualTo(1);
        assertThat(err).contains("this is the root key that there is");
        assertThat(isOpenedBy(source)).isTrue();
    }

    @Test
    void aRunningOrthancKeepsItsKeys() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(run("key", "rotate", "--root", "--former", copy)).isEqualTo(1);
            assertThat(err).contains("Orthanc runs");
        }
        assertThat(isOpenedBy(source)).isTrue();
    }

    @Test
    void whatWasDecidedWhenTheMachineDiedIsFinishedAndToldOfOnce() throws IOException {
        rootChange().prepare(source, next, Instant.parse("2026-11-26T17:00:00Z"));
        Files.move(home.keyring().resolve("next.part"), home.keyring().resolve("next"));
        assertThat(run("key", "status")).isEqualTo(1);
        assertThat(err).contains("was interrupted", "key rotate --root again");
        assertThat(run("key", "rotate", "--root", "--former", copy)).as(err).isZero();
        assertThat(out).contains("in its place since 2026-11-26T17:00:00Z");
        assertThat(audited()).containsOnlyOnce("\"step\":\"done\"");
        assertThat(isOpenedBy(next)).isTrue();
        assertThat(isOpenedBy(source)).isFalse();
    }

    /** The settings as they were: a tenant's key has no source. */
    private void withoutAnotherRoot() throws IOException {
        Files.copy(Path.of(copy), folder.resolve("orthanc.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Key32 keyNow() throws IOException {
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            return keyring.keyOf(key);
        }
    }

    @Test
    void aTenantGetsAnotherKeyAndThatIsInTheAuditLogAndTheStatus() throws IOException {
        withoutAnotherRoot();
        Key32 before = keyNow();
        assertThat(run("key", "rotate", "--tenant", "clinic", "--dry-run", "--json"))
                .as(err)
                .isZero();
        assertThat(out).contains("\"rotated\":false", "\"from\":1", "\"to\":2", "\"dryRun\":true", "\"records\":1");
        assertThat(run("key", "status")).as(err).isZero();
        assertThat(out).contains("Tenant    clinic, key 1").doesNotContain("still here");

        assertThat(run("key", "rotate", "--tenant", "clinic", "--json")).as(err).isZero();
        assertThat(out)
                .contains("\"rotated\":true", "\"tenant\":\"clinic\"", "\"to\":2", "\"records\":1", "\"left\":0")
                .contains("\"formerStays\":true");
        assertThat(keyNow()).isEqualTo(before);
        String log = audited();
        assertThat(log).contains("\"step\":\"begin\"", "\"step\":\"done\"", "\"epoch\":\"2\"", "clinic");
        assertThat(log.indexOf("begin")).isLessThan(log.indexOf("done"));

        assertThat(run("key", "status")).as(err).isZero();
        assertThat(out)
                .contains("Tenant    clinic, key 2")
                .contains("key 1 is still here, and opens no study's key; and texts of holds");
        assertThat(run("key", "status", "--json")).isZero();
        assertThat(out).contains("\"formerTenants\":[{", "\"records\":0", "\"states\":true", "\"tenantsChanged\":\"20");
        // Once more it is another one.
        assertThat(run("key", "rotate", "--tenant", "clinic")).as(err).isZero();
        assertThat(out).contains("Tenant clinic has key 3; 1 record is wrapped anew");
        assertThat(keyNow()).isEqualTo(before);
    }

    @Test
    void anotherTenantsFormerKeyIsGone() throws IOException {
        withoutAnotherRoot();
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            keyring.studyKey("north", bytes("P2"), bytes("1.2.4"));
        }
        assertThat(run("key", "rotate", "--tenant", "north")).as(err).isZero();
        assertThat(out).contains("Tenant north has key 2", "No former key of this tenant is in the keyring any more");
        assertThat(run("key", "status")).as(err).isZero();
        assertThat(out)
                .contains("Tenant    north, key 2", "Tenant    clinic, key 1")
                .doesNotContain("still here");
    }

    @Test
    void whatWasInterruptedIsFinishedAndNotBegunAnew() throws IOException {
        withoutAnotherRoot();
        Key32 before = keyNow();
        Installation installation = Installation.read(home.installation()).orElseThrow();
        // Killed before the end was told: by whoever opens the keyring next it is finished.
        new TenantChange(home, installation)
                .change(source, "clinic", Clock.systemUTC(), event -> {}, "a test", done -> {});
        assertThat(run("key", "rotate", "--tenant", "clinic")).as(err).isZero();
        assertThat(err).contains("A change that was interrupted is finished: tenant clinic has key 2");
        assertThat(out).contains("Tenant clinic has key 2");
        assertThat(audited()).containsOnlyOnce("\"step\":\"done\"");
        assertThat(keyNow()).isEqualTo(before);
        assertThat(new TenantChange(home, installation).isBegun()).isFalse();
    }

    @Test
    void aTenantIsNamedAloneAndThere() throws IOException {
        withoutAnotherRoot();
        assertThat(run("key", "rotate")).isEqualTo(1);
        assertThat(err).contains("nothing is named", "--root, or --tenant NAME");
        assertThat(run("key", "rotate", "--root", "--tenant", "clinic")).isEqualTo(1);
        assertThat(err).contains("two keys");
        assertThat(run("key", "rotate", "--tenant", "clinic", "--former", copy)).isEqualTo(1);
        assertThat(err).contains("no source of its own");
        assertThat(run("key", "rotate", "--tenant", "nobody")).isEqualTo(1);
        assertThat(err).contains("no such tenant", "nobody");
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(run("key", "rotate", "--tenant", "clinic")).isEqualTo(1);
            assertThat(err).contains("Orthanc runs");
        }
        assertThat(run("key", "status")).isZero();
        assertThat(out).contains("clinic, key 1");
    }

    @Test
    void theFormerSourceIsRefusedWithTheReason() throws IOException {
        run("key", "rotate", "--root", "--former", copy);
        Files.writeString(folder.resolve("passphrase"), "wrong horse\n");
        assertThat(run("hold", "list")).isEqualTo(1);
        assertThat(err).contains("does not open this Home's keys", "changed: 20", "The root key was changed then");
        Files.copy(Path.of(copy), folder.resolve("orthanc.json"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("hold", "list")).isEqualTo(1);
        assertThat(err).contains("of another kind than this Home's keys", "or changed to");
    }
}
