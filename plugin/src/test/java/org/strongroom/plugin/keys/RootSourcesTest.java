package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.AwsKmsSettings;
import org.strongroom.core.settings.Pkcs11Settings;
import org.strongroom.core.settings.VaultSettings;
import org.strongroom.plugin.keyservice.AwsKms;
import org.strongroom.plugin.keyservice.AwsKmsStandIn;
import org.strongroom.plugin.keyservice.Pkcs11Token;
import org.strongroom.plugin.keyservice.SoftHsm;
import org.strongroom.plugin.keyservice.VaultStandIn;
import org.strongroom.plugin.keyservice.VaultTransit;

/** From every kind of source to every other one, and the recovery kit when the source is destroyed. */
class RootSourcesTest {
    private static final String TOKEN = "hvs.CAESIJ1token";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/example";

    @TempDir
    Path folder;

    private final Map<String, KeySource> sources = new LinkedHashMap<>();
    private VaultStandIn vault;
    private AwsKmsStandIn kms;

    @BeforeEach
    void start() throws Exception {
        SoftHsm.require();
        vault = new VaultStandIn(TOKEN).key("strongroom");
        kms = new AwsKmsStandIn("AKIAEXAMPLE", SECRET).key("alias/strongroom");
        sources.put(
                "key file",
                new KeyFile(write("key", Key32.random(new SecureRandom()).toBytes())));
        sources.put("token", token("one"));
        sources.put(
                "vault",
                new WrappedRoot(new VaultTransit(
                        new VaultSettings(
                                vault.address(),
                                "transit",
                                "strongroom",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("VAULT_TOKEN"),
                                Optional.empty()),
                        Map.of("VAULT_TOKEN", TOKEN))));
        Path credentials =
                write("credentials", bytes("[keys]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key=" + SECRET));
        sources.put(
                "kms",
                new WrappedRoot(new AwsKms(
                        new AwsKmsSettings(
                                "alias/strongroom", "eu-central-1", Optional.of(kms.address()), credentials, "keys"),
                        Clock.systemUTC())));
    }

    @AfterEach
    void stop() {
        vault.close();
        kms.close();
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static KeySource token(String label) {
        return new WrappedRoot(new Pkcs11Token(
                new Pkcs11Settings(SoftHsm.LIBRARY, label, "strongroom", Optional.empty(), Optional.of("PIN")),
                Map.of("PIN", SoftHsm.PIN)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Home home(String name, KeySource source) throws IOException {
        Home home = new Home(folder.resolve(name));
        home.createFolders();
        Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC()).close();
        return home;
    }

    private static StudyKey study(Home home, KeySource source) throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            return keyring.studyKey(bytes("P1"), bytes("1.2.3"));
        }
    }

    private static StrongroomException refusal(Home home, KeySource source) {
        return catchThrowableOfType(StrongroomException.class, () -> Keyring.open(home, source, Clock.systemUTC())
                .close());
    }

    private static void change(Home home, KeySource from, KeySource to) throws IOException {
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        assertThat(change.prepare(from, to, Instant.EPOCH)).isEqualTo(1);
        change.decide(event -> {}, "a test");
    }

    /** Each pair there and back; a passphrase, which is slow by design, takes a key file's place in {@code RootChangeTest}. */
    @Test
    void everySourceGivesWayToEveryOtherOneAndOpensNothingAnyMore() throws IOException {
        List<String> order = List.copyOf(sources.keySet());
        for (String from : order) {
            for (String to : order) {
                if (order.indexOf(from) >= order.indexOf(to)) {
                    continue;
                }
                Home pair = home(from + " and " + to, sources.get(from));
                StudyKey study = study(pair, sources.get(from));
                for (String[] way : new String[][] {{from, to}, {to, from}}) {
                    change(pair, sources.get(way[0]), sources.get(way[1]));
                    String words = way[0] + " to " + way[1];
                    assertThat(study(pair, sources.get(way[1]))).as(words).isEqualTo(study);
                    assertThat(refusal(pair, sources.get(way[0])).kind())
                            .as(words)
                            .isEqualTo(FailureKind.REFUSED);
                }
            }
        }
    }

    /** What a tier has: bundles and the installation; nothing of the source. */
    private static byte[] bundle(Home home) throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        try (Stream<Path> tenants = Files.list(home.keyring().resolve("tenants"))) {
            for (Path file : tenants.toList()) {
                records.add(KeyRecord.decode(Files.readAllBytes(file)));
            }
        }
        records.addAll(KeySegment.decode(Files.readAllBytes(new KeyringFiles(home).segment(1)))
                .records());
        UUID installation = Installation.read(home.installation()).orElseThrow().id();
        return new KeyBundle(installation, records).encode();
    }

    @Test
    void theKitOpensEverythingWhenTheSourceIsDestroyed() throws Exception {
        Map<String, Destruction> ends = new LinkedHashMap<>();
        ends.put("token", () -> SoftHsm.destroy("doomed"));
        ends.put("vault", () -> vault.key("strongroom")); // another key of that name
        ends.put("kms", () -> kms.trouble("KMSInvalidStateException")); // PendingDeletion
        sources.put("token", token("doomed"));
        for (Map.Entry<String, Destruction> end : ends.entrySet()) {
            KeySource source = sources.get(end.getKey());
            // Made under another source, so that the kit is older than the one that is destroyed.
            Home lost = home("lost " + end.getKey(), sources.get("key file"));
            StudyKey study = study(lost, sources.get("key file"));
            Installation installation = Installation.read(lost.installation()).orElseThrow();
            Key32 kit = PendingRecoveryKey.open(lost, installation, sources.get("key file"))
                    .orElseThrow();
            change(lost, sources.get("key file"), source);
            assertThat(study(lost, source)).isEqualTo(study);

            end.getValue().run();
            assertThat(refusal(lost, source)).as(end.getKey()).isNotNull();
            KeyringRecovery recovery = new KeyringRecovery(installation, kit, new SecureRandom());
            recovery.segment(1, bundle(lost));
            recovery.journalKey(Files.readAllBytes(lost.journalRecoveryKey()));
            Home made = new Home(folder.resolve("made " + end.getKey()));
            made.createFolders();
            recovery.write(made, sources.get("key file")).write(made.installation());
            assertThat(recovery.hasJournalKey()).isTrue();
            assertThat(study(made, sources.get("key file"))).as(end.getKey()).isEqualTo(study);
        }
    }

    private interface Destruction {
        void run() throws Exception;
    }
}
