package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class JournalLayoutTest {
    private static final UUID INSTALLATION = UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0e0f");
    private static final UUID ATTACHMENT = UUID.fromString("10111213-1415-1617-1819-1a1b1c1d1e1f");
    private static final Sha256 DIGEST = Sha256.of(new byte[] {1});

    private static final JournalEntry FIRST =
            new JournalEntry(1, 0x18F0000ABCDL, JournalType.TOMBSTONE, JournalEntry.payload(ATTACHMENT));
    private static final JournalEntry SECOND =
            new JournalEntry(2, 0x18F0000ABCEL, JournalType.PACK, JournalEntry.payload(ATTACHMENT, DIGEST));
    private static final JournalEntry THIRD = new JournalEntry(3, 5, JournalType.BUNDLE, DIGEST.toBytes());

    @TempDir
    Path folder;

    @Test
    void entriesHaveTheseBytes() {
        Sha256 start = JournalEntry.firstChain(INSTALLATION);
        assertThat(start)
                .isEqualTo(Sha256.of(
                        HexFormat.of().parseHex("6a6f75726e616c2f7631" + "000102030405060708090a0b0c0d0e0f")));
        String content = "0000000000000001" + "0000018f0000abcd" + "01" + "101112131415161718191a1b1c1d1e1f";

        assertThat(HexFormat.of().formatHex(FIRST.encode(start)))
                .isEqualTo("00000041" + content
                        + Sha256.of(start.toBytes(), HexFormat.of().parseHex(content)))
                .endsWith("2dd8485aab5a0b57bbef49631c3fd5eed4e10607b9edafa4da7ddf7d2c1b5132");
        assertThat(FIRST.id()).isEqualTo(ATTACHMENT);
        assertThat(SECOND.id()).isEqualTo(ATTACHMENT);
        assertThat(SECOND.digest()).isEqualTo(DIGEST);
        assertThat(THIRD.digest()).isEqualTo(DIGEST);
    }

    @Test
    void assignmentsHaveTheseBytes() {
        Sha256 start = JournalEntry.firstChain(INSTALLATION);
        byte[] text = {5, 6, 7};
        byte[] payload = JournalEntry.payload(ATTACHMENT, INSTALLATION, List.of(ATTACHMENT, INSTALLATION), text);
        JournalEntry assigned = new JournalEntry(1, 2, JournalType.ASSIGNED, payload);
        String before = "0000000000000001" + "0000000000000002";
        String id = "101112131415161718191a1b1c1d1e1f";
        String tenant = "000102030405060708090a0b0c0d0e0f";

        assertThat(HexFormat.of().formatHex(assigned.encode(start)))
                .startsWith("00000075" + before + "0f" + id + tenant + "02" + id + tenant + "050607");
        assertThat(assigned.id()).isEqualTo(ATTACHMENT);
        assertThat(assigned.tenant()).isEqualTo(INSTALLATION);
        assertThat(assigned.keys()).containsExactly(ATTACHMENT, INSTALLATION);
        assertThat(assigned.sealedText()).isEqualTo(text);
        for (int keys : new int[] {-1, 0, 3, 65}) {
            byte[] wrong = payload.clone();
            wrong[32] = (byte) keys;
            assertThatThrownBy(() -> new JournalEntry(1, 2, JournalType.ASSIGNED, wrong))
                    .as("%d keys", keys)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] textless = Arrays.copyOf(payload, payload.length - text.length);
        assertThatThrownBy(() -> new JournalEntry(1, 2, JournalType.ASSIGNED, textless))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(FIRST::tenant).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(FIRST::keys).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void holdsHaveTheseBytes() {
        Sha256 start = JournalEntry.firstChain(INSTALLATION);
        byte[] text = {5, 6, 7};
        JournalEntry hold = new JournalEntry(1, 2, JournalType.HOLD, JournalEntry.payload(ATTACHMENT, text));
        JournalEntry held = new JournalEntry(1, 2, JournalType.HELD, JournalEntry.payload(ATTACHMENT, INSTALLATION));
        JournalEntry ended = new JournalEntry(1, 2, JournalType.HOLD_ENDED, JournalEntry.payload(ATTACHMENT, text));
        String before = "0000000000000001" + "0000000000000002";
        String id = "101112131415161718191a1b1c1d1e1f";

        assertThat(HexFormat.of().formatHex(hold.encode(start))).startsWith("00000044" + before + "07" + id + "050607");
        assertThat(HexFormat.of().formatHex(held.encode(start)))
                .startsWith("00000051" + before + "08" + id + "000102030405060708090a0b0c0d0e0f");
        assertThat(HexFormat.of().formatHex(ended.encode(start)))
                .startsWith("00000044" + before + "09" + id + "050607");
        assertThat(hold.id()).isEqualTo(ATTACHMENT);
        assertThat(held.held()).isEqualTo(INSTALLATION);
        assertThat(ended.sealedText()).isEqualTo(text);
    }

    @Test
    void aHoldsTextIsNeitherEmptyNorLongerThanAllowed() throws Exception {
        for (JournalType type : List.of(JournalType.HOLD, JournalType.HOLD_ENDED)) {
            assertThatThrownBy(() -> new JournalEntry(1, 2, type, JournalEntry.payload(ATTACHMENT, new byte[0])))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new JournalEntry(1, 2, type, JournalEntry.payload(ATTACHMENT, new byte[4097])))
                    .isInstanceOf(IllegalArgumentException.class);
            JournalEntry longest = new JournalEntry(1, 2, type, JournalEntry.payload(ATTACHMENT, new byte[4096]));
            Files.write(file(1), journal(longest));
            assertThat(new JournalReader(folder, INSTALLATION).next()).contains(longest);
        }
    }

    @Test
    void theReaderFollowsAGrowingJournalOverSeveralFiles() throws Exception {
        JournalReader reader = new JournalReader(folder, INSTALLATION);
        assertThat(reader.next()).isEmpty();
        byte[] all = journal(FIRST, SECOND);
        int firstSize = journal(FIRST).length;

        for (int length = 0; length <= all.length; length++) {
            Files.write(file(1), Arrays.copyOf(all, length));
            Optional<JournalEntry> next = reader.next();
            if (length == firstSize) {
                assertThat(next).contains(FIRST);
            } else if (length == all.length) {
                assertThat(next).contains(SECOND);
            } else {
                assertThat(next).isEmpty();
            }
        }
        Files.write(file(2), THIRD.encode(reader.chain()));
        assertThat(reader.next()).contains(THIRD);
        assertThat(reader.next()).isEmpty();
        assertThat(reader.sequence()).isEqualTo(3);
        assertThat(reader.segment()).isEqualTo(2);

        JournalReader late = new JournalReader(folder, INSTALLATION);
        late.skipTo(2);
        assertThat(late.next()).contains(THIRD);
    }

    @Test
    void everyFlippedBitIsCorruptOrLooksUnfinished() throws Exception {
        byte[] all = journal(FIRST, SECOND, THIRD);
        for (int bit = 0; bit < 8 * all.length; bit += 3) {
            byte[] flipped = all.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file(1), flipped);
            assertThat(readAll()).as("bit %d", bit).isLessThan(3);
        }
    }

    @Test
    void anUnfinishedEntryBeforeAnotherFileIsCorrupt() throws Exception {
        byte[] all = journal(FIRST, SECOND);
        Files.write(file(1), Arrays.copyOf(all, all.length - 1));
        Files.write(file(2), new byte[0]);

        JournalReader reader = new JournalReader(folder, INSTALLATION);
        assertThat(reader.next()).contains(FIRST);
        assertThatThrownBy(reader::next).isInstanceOf(StrongroomException.class);
    }

    @Test
    void aMissingFileIsCorrupt() throws Exception {
        Files.write(file(2), SECOND.encode(FIRST.chain(JournalEntry.firstChain(INSTALLATION))));

        assertThatThrownBy(new JournalReader(folder, INSTALLATION)::next).isInstanceOf(StrongroomException.class);
    }

    @Test
    void zerosAtTheEndAreUnfinished() throws Exception {
        Files.write(file(1), journal(FIRST));
        Files.write(file(1), new byte[500], StandardOpenOption.APPEND);

        assertThat(readAll()).isEqualTo(1);
    }

    @Test
    void anotherInstallationsJournalIsCorrupt() throws Exception {
        Files.write(file(1), journal(FIRST));

        assertThatThrownBy(new JournalReader(folder, ATTACHMENT)::next).isInstanceOf(StrongroomException.class);
    }

    @Test
    void aHeadIsBelievedOnlyWithItsSignature() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] publicKey = pair.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(publicKey, publicKey.length - 32, publicKey.length);
        JournalHead head = new JournalHead(7, 0x18F0000ABCDL, DIGEST);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(head.signedBytes());
        byte[] good = head.encode(signature.sign());

        assertThat(HexFormat.of().formatHex(head.signedBytes()))
                .isEqualTo("53545248" + "0000000000000007" + "0000018f0000abcd" + DIGEST);
        assertThat(JournalHead.decode(good, raw)).isEqualTo(head);
        for (int bit = 0; bit < 8 * good.length; bit += 7) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertCorruptHead(flipped, raw);
        }
        for (int length = 0; length < good.length; length++) {
            assertCorruptHead(Arrays.copyOf(good, length), raw);
        }
        assertCorruptHead(Arrays.copyOf(good, good.length + 1), raw);
        assertCorruptHead(good, new byte[32]);
        assertCorruptHead(good, new byte[0]);
    }

    private static void assertCorruptHead(byte[] bytes, byte[] publicKey) {
        assertThatThrownBy(() -> JournalHead.decode(bytes, publicKey))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    private int readAll() throws Exception {
        JournalReader reader = new JournalReader(folder, INSTALLATION);
        try {
            while (reader.next().isPresent()) {
                assertThat(reader.sequence()).isPositive();
            }
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
        return (int) reader.sequence();
    }

    private static byte[] journal(JournalEntry... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Sha256 chain = JournalEntry.firstChain(INSTALLATION);
        for (JournalEntry entry : List.of(entries)) {
            out.writeBytes(entry.encode(chain));
            chain = entry.chain(chain);
        }
        return out.toByteArray();
    }

    private Path file(int number) {
        return JournalReader.segment(folder, number);
    }
}
