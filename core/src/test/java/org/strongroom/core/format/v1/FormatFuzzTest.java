package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/** The layouts of format.md: what is read is what was there, whatever was there; digests and chains are mended after half of the mutations. */
class FormatFuzzTest {
    private static final UUID INSTALLATION = SmallPack.INSTALLATION;
    private static final UUID TENANT = new UUID(3, 4);
    private static final byte[] CONTEXT = "context".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void sealedHeader() throws Exception {
        List<PackMember> members = PackReader.open(
                        ByteSource.of(SmallPack.ofThree().toBytes()))
                .layout()
                .index()
                .members();
        Fuzz.of("sealed-header")
                .refuses(FailureKind.CORRUPT)
                .drawn("plain", members.get(0).header().encode())
                .drawn("image", members.get(1).header().encode())
                .run(input -> {
                    SealedHeader header = SealedHeader.decode(input);
                    assertThat(Arrays.copyOf(input, header.size())).isEqualTo(header.encode());
                });
    }

    @Test
    void sealedMessage() throws Exception {
        byte[] plain = "what is sealed".getBytes(StandardCharsets.US_ASCII);
        byte[] empty = new byte[0];
        byte[] twoChunks = new byte[Cobblestone.CHUNK_PLAIN];
        Fuzz.of("sealed-message")
                .refuses(FailureKind.CORRUPT)
                .drawn("short", seal(plain))
                .drawn("empty", seal(empty))
                .drawn("two-chunks", seal(twoChunks))
                .run(input -> {
                    byte[] opened = Cobblestone.open(SmallPack.KEY, CONTEXT, input);
                    assertThat(seal(opened)).isEqualTo(input);
                    assertThat(List.of(plain, empty, twoChunks)).contains(opened);
                });
    }

    private static byte[] seal(byte[] plain) {
        return Cobblestone.seal(SmallPack.KEY, CONTEXT, plain, new FixedRandom(new byte[] {9}));
    }

    @Test
    void blockTable() throws Exception {
        byte[] three = new BlockTable.Builder()
                .add(BlockCodec.STORE, 5, 5)
                .add(BlockCodec.ZSTD, 1000, 3)
                .add(BlockCodec.IMAGE, 1 << 20, 2)
                .build()
                .encode();
        byte[] message = new byte[10 + three.length];
        System.arraycopy(three, 0, message, 10, three.length);
        Fuzz.of("block-table")
                .refuses(FailureKind.CORRUPT)
                .drawn("three", message)
                .drawn("none", new BlockTable.Builder().build().encode())
                .run(input -> {
                    long claimed = 0;
                    for (int at = input.length - 8 - 9; at >= 0 && claimed >= 0; at -= 9) {
                        readTable(input, claimed);
                        claimed += ByteBuffer.wrap(input).getInt(at + 1);
                    }
                    readTable(input, claimed);
                });
    }

    private static void readTable(byte[] input, long plainSize) throws IOException {
        BlockTable table;
        try {
            table = BlockTable.read(ByteSource.of(input), plainSize, true);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            return;
        }
        byte[] encoded = table.encode();
        assertThat(Arrays.copyOfRange(input, input.length - encoded.length, input.length))
                .isEqualTo(encoded);
        assertThat(table.plainStart(table.blocks())).isEqualTo(plainSize);
        assertThat(table.storedStart(table.blocks())).isEqualTo(input.length - encoded.length);
    }

    @Test
    void pack() throws Exception {
        SmallPack three = SmallPack.ofThree();
        Fuzz.of("pack")
                .drawn("three", three.toBytes())
                .drawn("one", new SmallPack().add(new byte[300], 0, null).toBytes())
                .run(input -> {
                    readPack(input);
                    readPack(withPackDigest(input));
                });
    }

    private static void readPack(byte[] input) throws IOException {
        PackReader pack;
        try {
            pack = PackReader.open(ByteSource.of(input));
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            return;
        }
        PackLayout layout = pack.layout();
        int index = (int) layout.footer().indexOffset();
        assertThat(layout.prologue().encode()).isEqualTo(Arrays.copyOf(input, PackPrologue.SIZE));
        assertThat(layout.index().encode()).isEqualTo(Arrays.copyOfRange(input, index, input.length - PackFooter.SIZE));
        long pieces = 0;
        for (PackMember member : layout.index().members()) {
            ByteSource sealed = pack.sealedFile(member);
            pieces += sealed.read(0, (int) sealed.size()).length;
        }
        assertThat(pieces).isEqualTo(index - PackPrologue.SIZE);
    }

    /** As somebody would send it who wrote another index: with a footer that fits. */
    private static byte[] withPackDigest(byte[] input) {
        if (input.length < PackPrologue.SIZE + PackFooter.SIZE) {
            return input;
        }
        byte[] pack = input.clone();
        ByteBuffer footer = ByteBuffer.wrap(pack, pack.length - PackFooter.SIZE, PackFooter.SIZE);
        long offset = footer.getLong();
        if (offset < 0 || offset > pack.length - PackFooter.SIZE) {
            return input;
        }
        byte[] index = Arrays.copyOfRange(pack, (int) offset, pack.length - PackFooter.SIZE);
        footer.putLong(index.length)
                .put(Sha256.of(Arrays.copyOf(pack, PackPrologue.SIZE), index).toBytes())
                .putLong(pack.length);
        return pack;
    }

    private static KeyRecord tenant() {
        byte[] secret = new TenantSecret(SmallPack.KEY, SmallPack.KEY, "clinic").encode();
        byte[] wraps = new TenantWraps(
                        Cobblestone.seal(SmallPack.KEY, CONTEXT, secret, new FixedRandom(new byte[] {1})),
                        new byte[TenantWraps.HPKE_ENC + secret.length + 16])
                .encode();
        return new KeyRecord(
                new KeyLabel(KeyKind.TENANT, INSTALLATION, TENANT, TENANT, 1, Tag16.NONE, 1, wraps.length), wraps);
    }

    private static KeyRecord study() {
        byte[] payload = seal(studySecret().encode());
        Tag16 owner = new Tag16("sixteen byte tag".getBytes(StandardCharsets.US_ASCII));
        return new KeyRecord(
                new KeyLabel(KeyKind.STUDY, INSTALLATION, TENANT, new UUID(5, 6), 1, owner, 2, payload.length),
                payload);
    }

    private static StudySecret studySecret() {
        return new StudySecret(
                Key32.of(SmallPack.KEY.toBytes()),
                "P1".getBytes(StandardCharsets.US_ASCII),
                "1.2.3".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void keyBundle() throws Exception {
        Fuzz.of("key-bundle")
                .drawn("two", new KeyBundle(INSTALLATION, List.of(tenant(), study())).encode())
                .run(input -> {
                    readBundle(input);
                    int length = input.length - Sha256.SIZE;
                    if (length >= 0) {
                        byte[] content = Arrays.copyOf(input, length);
                        byte[] mended = Arrays.copyOf(content, input.length);
                        System.arraycopy(Sha256.of(content).toBytes(), 0, mended, length, Sha256.SIZE);
                        readBundle(mended);
                    }
                });
    }

    private static void readBundle(byte[] input) {
        try {
            assertThat(KeyBundle.decode(input).encode()).isEqualTo(input);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void keySegment() throws Exception {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(study().encode());
        two.writeBytes(study().encode());
        Fuzz.of("key-segment")
                .refuses(FailureKind.CORRUPT)
                .drawn("two", two.toByteArray())
                .drawn("zeros-behind", Arrays.copyOf(two.toByteArray(), two.size() + 50))
                .run(input -> {
                    KeySegment segment = KeySegment.decode(input);
                    ByteArrayOutputStream again = new ByteArrayOutputStream();
                    segment.records().forEach(record -> again.writeBytes(record.encode()));
                    assertThat(again.toByteArray()).isEqualTo(Arrays.copyOf(input, segment.length()));
                });
    }

    @Test
    void keySecrets() throws Exception {
        Fuzz.of("key-secret")
                .drawn("study", studySecret().encode())
                .drawn("tenant", new TenantSecret(SmallPack.KEY, SmallPack.KEY, "clinic").encode())
                .drawn("wraps", tenant().payload())
                .run(input -> {
                    same(input, () -> StudySecret.decode(input).encode());
                    same(input, () -> TenantSecret.decode(input).encode());
                    same(input, () -> TenantWraps.decode(input).encode());
                    same(input, () -> KeyRecord.decode(input).encode());
                });
    }

    private interface Again {
        byte[] bytes();
    }

    private static void same(byte[] input, Again again) {
        try {
            assertThat(again.bytes()).isEqualTo(input);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void journal() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Sha256 chain = JournalEntry.firstChain(INSTALLATION);
        JournalType[] types = JournalType.values();
        for (int i = 0; i < types.length; i++) {
            JournalEntry entry = new JournalEntry(i + 1, i, types[i], leastPayload(types[i]));
            all.writeBytes(entry.encode(chain));
            chain = entry.chain(chain);
        }
        Fuzz.of("journal").drawn("each-type", all.toByteArray()).run(input -> {
            readJournal(input);
            readJournal(withChain(input));
        });
    }

    private static byte[] leastPayload(JournalType type) {
        byte[] payload = new byte
                [IntStream.range(0, 64).filter(type::permits).findFirst().orElseThrow()];
        if (type == JournalType.ASSIGNED) {
            payload[32] = 1; // of no key there is nothing to say
        }
        return payload;
    }

    private void readJournal(byte[] input) throws IOException {
        Files.write(JournalReader.segment(folder, 1), input);
        JournalReader reader = new JournalReader(folder, INSTALLATION);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        try {
            Sha256 before = reader.chain();
            for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                again.writeBytes(entry.get().encode(before));
                before = reader.chain();
            }
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        }
        assertThat(again.toByteArray()).isEqualTo(Arrays.copyOf(input, (int) reader.offset()));
    }

    /** As somebody would write it who is no signer: with a chain and numbers that fit. */
    private static byte[] withChain(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input.clone());
        Sha256 chain = JournalEntry.firstChain(INSTALLATION);
        for (long sequence = 1; bytes.remaining() >= 4; sequence++) {
            int length = bytes.getInt();
            if (length < 8 + Sha256.SIZE || length > bytes.remaining()) {
                break;
            }
            bytes.putLong(bytes.position(), sequence);
            byte[] content = new byte[length - Sha256.SIZE];
            bytes.get(content);
            chain = Sha256.of(chain.toBytes(), content);
            bytes.put(chain.toBytes());
        }
        return bytes.array();
    }

    @Test
    void journalHead() throws Exception {
        // RFC 8032 §7.1, test 1
        PrivateKey key = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(HexFormat.of()
                        .parseHex("302e020100300506032b657004220420"
                                + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
        byte[] publicKey = HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        byte[] first = head(key, 0);
        byte[] later = head(key, 4711);
        Fuzz.of("journal-head")
                .refuses(FailureKind.CORRUPT)
                .drawn("first", first)
                .drawn("later", later)
                .run(input -> {
                    JournalHead.decode(input, publicKey);
                    assertThat(List.of(first, later)).contains(input);
                });
    }

    private static byte[] head(PrivateKey key, long sequence) throws Exception {
        JournalHead head = new JournalHead(sequence, 5, JournalEntry.firstChain(INSTALLATION));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(key);
        signature.update(head.signedBytes());
        return head.encode(signature.sign());
    }
}
