package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** One sealed file under several names. */
class AliasesTest {
    private static final Attachment IMAGE = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private static final byte[] PLAIN = new byte[3_000];

    @TempDir
    Path folder;

    private final Aliases aliases = new Aliases();

    @Test
    void everyOfManyNamesIsFound() {
        Random random = new Random(7);
        Map<UUID, UUID> all = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            UUID name = new UUID(random.nextLong(), i % 3 == 0 ? 5 : random.nextLong()); // many in one place
            UUID sealed = new UUID(random.nextLong(), random.nextLong());
            aliases.add(name, sealed);
            all.put(name, sealed);
        }
        UUID moved = all.keySet().iterator().next();
        all.put(moved, new UUID(1, 2));
        aliases.add(moved, new UUID(1, 2));
        all.forEach((name, file) -> assertThat(aliases.sealed(name)).isEqualTo(file));
        UUID own = new UUID(9, 5);
        assertThat(aliases.sealed(own)).isEqualTo(own);
    }

    @Test
    void contentThatIsExpectedGetsOneMoreNameAndNoFile() throws Exception {
        new Random(1).nextBytes(PLAIN);
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        Journal journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        AuditTap audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system());
        SealedStorage storage = storage(home, keyring, journal, audit);
        try (keyring;
                journal;
                audit;
                storage) {
            storage.create(IMAGE, ByteSource.of(PLAIN), () -> true);
            nameAnew(home, keyring, storage);
        }
    }

    private void nameAnew(Home home, Keyring keyring, SealedStorage storage) throws IOException {
        Attachment again = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        Attachment other = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        Aliases.Expectation expectation = aliases.expect(ByteSource.of(PLAIN), IMAGE.uuid());
        try (expectation) {
            storage.create(again, ByteSource.of(PLAIN), () -> true);
            storage.create(other, ByteSource.of(Arrays.copyOf(PLAIN, PLAIN.length - 1)), () -> true);
        }
        assertThat(home.spooled(again.uuid())).doesNotExist();
        assertThat(home.spooled(other.uuid())).exists();
        assertThat(storage.plain(again.uuid(), PLAIN.length).read(0, PLAIN.length))
                .isEqualTo(PLAIN);
        List<JournalEntry> entries = new ArrayList<>();
        Journal.read(home.journal(), keyring.home(), (entry, chain) -> entries.add(entry));
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(JournalType.ALIAS);
            assertThat(entry.id()).isEqualTo(again.uuid());
            assertThat(entry.sealed()).isEqualTo(IMAGE.uuid());
        });

        Attachment late = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        storage.create(late, ByteSource.of(PLAIN), () -> true);
        assertThat(home.spooled(late.uuid())).exists();
        Aliases.Expectation more = aliases.expect(ByteSource.of(PLAIN), IMAGE.uuid());
        try (more) {
            Attachment gaveUp = new Attachment(UUID.randomUUID(), Attachment.DICOM);
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> storage.create(gaveUp, ByteSource.of(PLAIN), () -> false));
            assertThat(aliases.sealed(gaveUp.uuid())).isEqualTo(gaveUp.uuid());
        }
    }

    private SealedStorage storage(Home home, Keyring keyring, Journal journal, AuditTap audit) {
        return new SealedStorage(
                home,
                new StorageLimits(
                        Optional.empty(), 1, Duration.ofSeconds(1), Watermark.parse("1 B"), Watermark.parse("85 %")),
                folder.resolve("orthanc"),
                keyring,
                journal,
                new Holds(keyring, InstantSource.system()),
                aliases,
                () -> ControlClient.connect(home),
                audit,
                Optional.empty(),
                key -> {});
    }
}
