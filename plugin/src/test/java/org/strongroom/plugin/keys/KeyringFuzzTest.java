package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;

/** Each file of a saved keyring, changed: it opens with the keys it had, or is refused. */
class KeyringFuzzTest {
    private static final byte[] PATIENT = "P1".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STUDY = "1.2.3".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;
    private StudyKey key;

    @BeforeEach
    void make() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        try (Keyring keyring =
                Keyring.create(home, source, new UUID(1, 2), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))) {
            key = keyring.studyKey(PATIENT, STUDY);
        }
    }

    @Test
    void everyFile() throws Exception {
        // Keys are random, so mutations begin at this keyring's own files too: the saved ones are of another keyring,
        // or broken.
        for (String name : new String[] {"root.json", "journal-key.strk", "tenants", "records"}) {
            Path file = file(name);
            byte[] good = Files.readAllBytes(file);
            Fuzz.of("keyring-" + name)
                    .words("null", "\"passphrase\"", "\"salt\":", "\"memoryKib\":", "-1", "999999999")
                    .refuses(FailureKind.CORRUPT, FailureKind.REFUSED)
                    .drawn(String.valueOf(file.getFileName()), good)
                    .run(input -> {
                        Files.write(file, input);
                        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
                            check(keyring);
                        }
                    });
            Files.write(file, good);
        }
    }

    private Path file(String name) throws IOException {
        Path path = home.keyring().resolve(name);
        if (!Files.isDirectory(path)) {
            return path;
        }
        try (var files = Files.list(path)) {
            return files.findFirst().orElseThrow();
        }
    }

    private void check(Keyring keyring) {
        try {
            assertThat(keyring.keyOf(key.id())).isEqualTo(key.key());
            assertThat(keyring.findStudyKey(PATIENT, STUDY).orElse(key.id())).isNotNull();
        } catch (StrongroomException e) {
            assertThat(e.kind()).isIn(FailureKind.UNAVAILABLE, FailureKind.NOT_FOUND);
        }
    }

    @Test
    void bundle() throws Exception {
        byte[] tenant = Files.readAllBytes(file("tenants"));
        byte[] records = Files.readAllBytes(file("records"));
        KeyBundle good = new KeyBundle(new UUID(1, 2), List.of(KeyRecord.decode(tenant), KeyRecord.decode(records)));
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            Fuzz.of("keyring-bundle")
                    .refuses(FailureKind.CORRUPT, FailureKind.STALE) // in the wrap by the root key nobody sees damage
                    .drawn("bundle", good.encode())
                    .run(input -> {
                        byte[] mended = Arrays.copyOf(input, Math.max(32, input.length));
                        int length = mended.length - 32;
                        byte[] digest = Sha256.of(Arrays.copyOf(mended, length)).toBytes();
                        System.arraycopy(digest, 0, mended, length, 32);
                        KeyBundle bundle = KeyBundle.decode(mended);
                        keyring.bundles().check(bundle);
                        assertThat(good.records()).containsAll(bundle.records());
                    });
        }
    }
}
