package org.strongroom.plugin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.JournalRecovery.Restored;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** A journal that is put together of copies: whole, short, without a head, damaged. */
class JournalRecoveryTest {
    private static final Instant NOW = Instant.parse("2026-11-26T03:00:00Z");

    @TempDir
    Path folder;

    private Keyring keyring;
    private byte[] segment;
    private byte[] early;
    private byte[] late;

    @BeforeEach
    void write() throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        for (int i = 0; i < 2; i++) {
            Journal journal = open(home.journal());
            try (journal) {
                for (int entry = 0; entry < 10; entry++) {
                    journal.tombstone(UUID.randomUUID());
                }
            }
            early = i == 0 ? head(home.journal()) : early;
        }
        late = head(home.journal());
        segment = Files.readAllBytes(JournalReader.segment(home.journal(), 1));
    }

    @AfterEach
    void close() throws IOException {
        keyring.close();
    }

    private Journal open(Path journal) throws IOException {
        return Journal.open(journal, keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
    }

    private static byte[] head(Path journal) throws IOException {
        return Files.readAllBytes(journal.resolve("head"));
    }

    private Restored restore(byte[] copy, byte[]... heads) throws IOException {
        Restored restored = JournalRecovery.write(
                folder.resolve("restored"),
                keyring.home(),
                Map.of(1, copy),
                List.of(heads),
                keyring::signJournalHead,
                NOW);
        Journal journal = open(folder.resolve("restored"));
        try (journal) {
            assertThat(journal.sequence()).isEqualTo(restored.entries());
        }
        return restored;
    }

    @Test
    void whatTheNewestHeadSignsIsProven() throws IOException {
        byte[] damaged = late.clone();
        damaged[50] ^= 1;
        Restored restored = restore(segment, early, damaged, late);
        assertThat(restored.entries()).isEqualTo(20);
        assertThat(restored.proven()).isTrue();
        assertThat(restored.newest()).isNotNull();
        assertThat(restore(segment, early).proven()).isTrue(); // more than is signed, as after any crash
    }

    @Test
    void whatIsShorterThanAHeadSaysIsToldAndGoesOn() throws IOException {
        Restored restored = restore(Arrays.copyOf(segment, segment.length / 2 + 3), early, late);
        assertThat(restored.entries()).isEqualTo(10);
        assertThat(restored.proven()).isFalse();
        assertThat(JournalHead.decode(
                                head(folder.resolve("restored")), keyring.home().journalKey())
                        .sequence())
                .isEqualTo(10);
    }

    @Test
    void withoutAGenuineHeadNothingIsProven() throws IOException {
        byte[] foreign = late.clone();
        foreign[80] ^= 1;
        assertThat(restore(segment, foreign).proven()).isFalse();
        Files.delete(folder.resolve("restored").resolve("head"));
        Restored none = JournalRecovery.write(
                folder.resolve("empty"), keyring.home(), Map.of(), List.of(), keyring::signJournalHead, NOW);
        assertThat(none.entries()).isZero();
        assertThat(none.newest()).isNull();
        open(folder.resolve("empty")).close();
    }

    @Test
    void aDamagedEntryIsCorrupt() {
        byte[] damaged = segment.clone();
        damaged[100] ^= 1;
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore(damaged, late))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }
}
