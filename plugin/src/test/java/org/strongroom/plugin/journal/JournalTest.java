package org.strongroom.plugin.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Installation;

class JournalTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private KeyPair pair;
    private Installation installation;

    @BeforeEach
    void makeInstallation() throws Exception {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        installation = new Installation(UUID.randomUUID(), CLOCK.instant(), new byte[32], raw(pair));
    }

    @Test
    void whatWasRemovedAndTakenBackIsNotRemoved() throws Exception {
        UUID attachment = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        try (Journal journal = open()) {
            assertThat(journal.hasRemoved(attachment)).isFalse();
            journal.tombstone(attachment);
            assertThat(journal.hasRemoved(attachment)).isTrue();
            assertThat(journal.hasRemoved(other)).isFalse();
            journal.restored(attachment);
            assertThat(journal.hasRemoved(attachment)).isFalse();
            journal.tombstone(attachment);
            journal.restored(other);
            journal.alias(other, attachment);
            assertThat(journal.hasRemoved(attachment)).isTrue();
        }
    }

    @Test
    void entriesComeBackInOrder() throws Exception {
        UUID attachment = UUID.randomUUID();
        UUID name = UUID.randomUUID();
        Sha256 digest = Sha256.of(new byte[] {1});
        try (Journal journal = open()) {
            assertThat(journal.tombstone(attachment)).isEqualTo(1);
            assertThat(journal.restored(attachment)).isEqualTo(2);
            assertThat(journal.keyClosed(attachment)).isEqualTo(3);
        }
        try (Journal journal = open()) {
            assertThat(journal.sequence()).isEqualTo(3);
            assertThat(journal.bundle(digest)).isEqualTo(4);
            assertThat(journal.pack(attachment, digest)).isEqualTo(5);
            assertThat(journal.alias(name, attachment)).isEqualTo(6);
            assertThat(journal.hold(name, new byte[] {7})).isEqualTo(7);
            assertThat(journal.held(name, attachment)).isEqualTo(8);
            assertThat(journal.holdEnded(name, new byte[] {9})).isEqualTo(9);
            assertThat(journal.erasure(name, new byte[] {10})).isEqualTo(10);
            assertThat(journal.toBeErased(name, attachment)).isEqualTo(11);
            assertThat(journal.erasureApproved(name, new byte[] {12})).isEqualTo(12);
            assertThat(journal.erasureWithdrawn(name, new byte[] {13})).isEqualTo(13);
            assertThat(journal.keyDestroyed(name, attachment)).isEqualTo(14);
            assertThat(journal.assigned(name, attachment, List.of(attachment), new byte[] {15}))
                    .isEqualTo(15);
            assertThat(journal.moved(attachment, name)).isEqualTo(16);
        }
        List<JournalEntry> entries = new ArrayList<>();
        open(entries).close();

        assertThat(entries)
                .extracting(JournalEntry::type)
                .containsExactly(JournalType.values())
                .hasSize(16);
        assertThat(entries.get(4).id()).isEqualTo(attachment);
        assertThat(entries.get(4).digest()).isEqualTo(digest);
        assertThat(entries.get(5).id()).isEqualTo(name);
        assertThat(entries.get(5).sealed()).isEqualTo(attachment);
        assertThat(entries.get(15).id()).isEqualTo(attachment);
        assertThat(entries.get(15).sealed()).isEqualTo(name);
        assertThat(entries.get(6).sealedText()).containsExactly(7);
        assertThat(entries.get(7).held()).isEqualTo(attachment);
        assertThat(entries.get(8).id()).isEqualTo(name);
        assertThat(entries.get(9).sealedText()).containsExactly(10);
        assertThat(entries.get(10).key()).isEqualTo(attachment);
        assertThat(entries.get(11).sealedText()).containsExactly(12);
        assertThat(entries.get(12).sealedText()).containsExactly(13);
        assertThat(entries.get(13).id()).isEqualTo(name);
        assertThat(entries.get(13).key()).isEqualTo(attachment);
        assertThat(entries.get(14).tenant()).isEqualTo(attachment);
        assertThat(entries.get(14).keys()).containsExactly(attachment);
        assertThat(entries).allMatch(entry -> entry.time() == CLOCK.millis());
    }

    @Test
    void anEntryIsOnDiskBeforeAppendReturns() throws Exception {
        try (Journal journal = open()) {
            JournalReader reader = reader();
            for (int i = 1; i <= 20; i++) {
                journal.tombstone(UUID.randomUUID());
                assertThat(reader.next()).isPresent();
                assertThat(reader.sequence()).isEqualTo(i);
            }
        }
    }

    @Test
    void parallelAppendsGetOneSequenceEachAndFilesRotate() throws Exception {
        int threads = 8;
        int each = 2000; // more than one file
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Long> sequences = new ArrayList<>();
        try (Journal journal = open()) {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    List<Long> mine = new ArrayList<>();
                    for (int j = 0; j < each; j++) {
                        mine.add(journal.tombstone(UUID.randomUUID()));
                    }
                    return mine;
                }));
            }
            for (Future<List<Long>> one : all) {
                sequences.addAll(one.get());
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(sequences)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, (long) threads * each).boxed().toList());
        assertThat(Files.size(file(1))).isBetween(1_048_000L, 1_048_576L);
        assertThat(file(2)).exists();
        try (Journal journal = open()) {
            assertThat(journal.sequence()).isEqualTo((long) threads * each);
        }
    }

    @Test
    void anEntryTornByAKillIsCutOffWhereverItWasTorn() throws Exception {
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
            journal.tombstone(UUID.randomUUID());
        }
        byte[] head = Files.readAllBytes(folder.resolve("head"));
        long two = Files.size(file(1));
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
        }
        byte[] three = Files.readAllBytes(file(1));
        for (int length = (int) two; length < three.length; length++) {
            Files.write(file(1), Arrays.copyOf(three, length));
            Files.write(folder.resolve("head"), head); // a kill comes before the next head
            try (Journal journal = open()) {
                assertThat(journal.sequence()).isEqualTo(2);
                assertThat(journal.tombstone(UUID.randomUUID())).isEqualTo(3);
            }
            if (length % 9 == 0) {
                try (Journal journal = open()) {
                    assertThat(journal.sequence()).isEqualTo(3);
                }
            }
        }
        Files.write(file(1), three);
        Files.write(folder.resolve("head"), head);
        try (Journal journal = open()) {
            assertThat(journal.sequence()).isEqualTo(3);
        }
    }

    @Test
    void everyChangeIsFound() throws Exception {
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
            journal.tombstone(UUID.randomUUID());
        }
        byte[] good = Files.readAllBytes(file(1));
        for (int bit = 0; bit < 8 * good.length; bit += 11) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file(1), flipped);
            assertCorrupt();
        }
        for (int length = 0; length < good.length; length += 3) {
            Files.write(file(1), Arrays.copyOf(good, length));
            assertCorrupt();
        }
        Files.delete(file(1));
        assertCorrupt();
    }

    @Test
    void aChangedMissingOrForeignHeadIsFound() throws Exception {
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
        }
        Path head = folder.resolve("head");
        byte[] good = Files.readAllBytes(head);
        byte[] flipped = good.clone();
        flipped[20] ^= 1;
        Files.write(head, flipped);
        assertCorrupt();
        Files.delete(head);
        assertCorrupt();
        Files.write(head, good);
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        installation = new Installation(installation.id(), CLOCK.instant(), new byte[32], raw(pair));
        assertCorrupt();
    }

    @Test
    void anOlderJournalUnderANewerHeadIsFound() throws Exception {
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
        }
        byte[] old = Files.readAllBytes(file(1));
        try (Journal journal = open()) {
            journal.tombstone(UUID.randomUUID());
        }
        Files.write(file(1), old);
        assertCorrupt();
    }

    @Test
    void theSignedHeadFollowsSoonAndAtTheEnd() throws Exception {
        try (Journal journal = open()) {
            assertThat(signedSequence()).isZero();
            journal.tombstone(UUID.randomUUID());
            await().atMost(Duration.ofSeconds(20)).until(() -> signedSequence() == 1);
            journal.tombstone(UUID.randomUUID());
        }
        assertThat(signedSequence()).isEqualTo(2);
    }

    @Test
    void aHeadThatCannotBeWrittenIsToldAndTriedAgain() throws Exception {
        boolean[] broken = {false};
        AtomicInteger refused = new AtomicInteger();
        HeadSigner signer = message -> {
            if (broken[0]) {
                refused.incrementAndGet();
                throw new IllegalStateException("no signature today");
            }
            return sign(message);
        };
        try (Said said = new Said();
                Journal journal = Journal.open(folder, installation, signer, CLOCK, entry -> {})) {
            broken[0] = true;
            journal.tombstone(UUID.randomUUID());
            await().atMost(Duration.ofSeconds(20)).until(() -> refused.get() > 2);
            assertThat(signedSequence()).isZero();
            broken[0] = false;
            await().atMost(Duration.ofSeconds(20)).until(() -> signedSequence() == 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> said.levels.equals(
                            List.of(Level.SEVERE, Level.INFO))); // once each, however often it was tried
        }
    }

    /** What is logged of the head. */
    private static final class Said extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger(HeadWriter.class.getName());
        private final List<Level> levels = new CopyOnWriteArrayList<>();

        private Said() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            levels.add(line.getLevel());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private Journal open() throws IOException {
        return open(new ArrayList<>());
    }

    private Journal open(List<JournalEntry> replayed) throws IOException {
        return Journal.open(folder, installation, this::sign, CLOCK, replayed::add);
    }

    private void assertCorrupt() {
        assertThatThrownBy(this::open).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            assertThat(e.cure()).isNotEmpty();
        });
    }

    private long signedSequence() throws IOException {
        return JournalHead.decode(Files.readAllBytes(folder.resolve("head")), installation.journalKey())
                .sequence();
    }

    private byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] raw(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private JournalReader reader() {
        return new JournalReader(folder, installation.id());
    }

    private Path file(int number) {
        return JournalReader.segment(folder, number);
    }
}
