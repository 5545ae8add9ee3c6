package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

class KeyLayoutTest {
    private static final UUID INSTALLATION = UUID.fromString("00010203-0405-0607-0809-0a0b0c0d0e0f");
    private static final UUID TENANT = UUID.fromString("10111213-1415-1617-1819-1a1b1c1d1e1f");
    private static final UUID KEY = UUID.fromString("20212223-2425-2627-2829-2a2b2c2d2e2f");
    private static final Tag16 OWNER = new Tag16(HexFormat.of().parseHex("303132333435363738393a3b3c3d3e3f"));
    private static final long CREATED = 0x0000018F_0000ABCDL;

    private static final KeyRecord TENANT_RECORD =
            record(KeyKind.TENANT, TENANT, Tag16.NONE, new byte[] {(byte) 0xAA, (byte) 0xBB, (byte) 0xCC});
    private static final KeyRecord STUDY_RECORD = record(KeyKind.STUDY, KEY, OWNER, new byte[] {1, 2, 3, 4, 5});

    private static final String GOLDEN_STUDY = "5354524b" + "01" + "02" + "0059"
            + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
            + "00000007" + "303132333435363738393a3b3c3d3e3f" + "0000018f0000abcd" + "0102030405";
    private static final String GOLDEN_TENANT = "5354524b" + "01" + "01" + "0057"
            + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f101112131415161718191a1b1c1d1e1f"
            + "00000007" + "00000000000000000000000000000000" + "0000018f0000abcd" + "aabbcc";

    @Test
    void recordsHaveTheseBytes() {
        assertThat(hex(STUDY_RECORD.encode())).isEqualTo(GOLDEN_STUDY);
        assertThat(hex(TENANT_RECORD.encode())).isEqualTo(GOLDEN_TENANT);
        assertThat(KeyRecord.decode(bytes(GOLDEN_STUDY))).isEqualTo(STUDY_RECORD);
        assertThat(KeyRecord.decode(bytes(GOLDEN_TENANT))).isEqualTo(TENANT_RECORD);
        assertThat(hex(STUDY_RECORD.label().wrapContext()))
                .isEqualTo(hex("wrap/v1".getBytes(StandardCharsets.US_ASCII)) + GOLDEN_STUDY.substring(0, 2 * 84));
    }

    @Test
    void everyOtherLengthOfARecordIsRefused() {
        byte[] good = STUDY_RECORD.encode();
        for (int length = 0; length < good.length + 3; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            if (length != good.length) {
                assertCorrupt(() -> KeyRecord.decode(cut));
            }
        }
    }

    @Test
    void aFlippedBitOfARecordIsRefusedOrShowsInItsContext() {
        byte[] good = STUDY_RECORD.encode();
        for (int bit = 0; bit < 8 * KeyLabel.SIZE; bit++) {
            byte[] flipped = flip(good, bit);
            try {
                KeyRecord other = KeyRecord.decode(flipped);
                assertThat(other.label().wrapContext())
                        .as("bit %d", bit)
                        .isNotEqualTo(STUDY_RECORD.label().wrapContext());
                assertThat(other.encode()).isEqualTo(flipped);
            } catch (StrongroomException e) {
                assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            }
        }
    }

    @Test
    void bundlesHaveTheseBytes() {
        KeyBundle bundle = new KeyBundle(INSTALLATION, List.of(TENANT_RECORD, STUDY_RECORD));
        String before = "53545242" + "01" + "00" + "0000" + "000102030405060708090a0b0c0d0e0f" + "00000002"
                + GOLDEN_TENANT + GOLDEN_STUDY;

        assertThat(hex(bundle.encode()))
                .isEqualTo(before + Sha256.of(bytes(before)))
                .endsWith("beffc42179743b7678404b601c861304e4df145fcf9b63877b2b74ad98bcae7c");
        assertThat(KeyBundle.decode(bundle.encode())).isEqualTo(bundle);
        assertThat(bundle.digest()).isEqualTo(Sha256.of(bundle.encode()));
    }

    @Test
    void everyFlippedBitAndEveryOtherLengthOfABundleIsRefused() {
        byte[] good = new KeyBundle(INSTALLATION, List.of(TENANT_RECORD, STUDY_RECORD)).encode();
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] flipped = flip(good, bit);
            assertCorrupt(() -> KeyBundle.decode(flipped));
        }
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertCorrupt(() -> KeyBundle.decode(cut));
        }
        assertCorrupt(() -> KeyBundle.decode(Arrays.copyOf(good, good.length + 1)));
    }

    @Test
    void aBundleWithARightDigestIsStillJudged() {
        byte[] good = new KeyBundle(INSTALLATION, List.of(TENANT_RECORD, STUDY_RECORD)).encode();
        for (int at :
                new int[] {0, 4, 5, 6, 7, 8, 24, 27, 28, 32}) { // magic to count, then magic and version of a record
            byte[] changed = Arrays.copyOf(good, good.length - Sha256.SIZE);
            changed[at] ^= 1;
            byte[] signed = ByteBuffer.allocate(good.length)
                    .put(changed)
                    .put(Sha256.of(changed).toBytes())
                    .array();
            assertCorrupt(() -> KeyBundle.decode(signed));
        }
    }

    @Test
    void bundlesHaveTheirTenantsFirstAndOneInstallation() {
        assertThatThrownBy(() -> new KeyBundle(INSTALLATION, List.of(STUDY_RECORD, TENANT_RECORD)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyBundle(KEY, List.of(STUDY_RECORD)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyBundle(INSTALLATION, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSegmentIsReadUpToAnUnfinishedRecord() {
        byte[] one = STUDY_RECORD.encode();
        byte[] two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
        for (int length = 0; length <= two.length; length++) {
            KeySegment segment = KeySegment.decode(Arrays.copyOf(two, length));
            assertThat(segment.records()).hasSize(length / one.length).allMatch(STUDY_RECORD::equals);
            assertThat(segment.length()).isEqualTo(length / one.length * one.length);
        }
        assertThat(KeySegment.decode(Arrays.copyOf(two, two.length + 100)).length())
                .isEqualTo(two.length);
    }

    @Test
    void aSegmentThatHoldsSomethingElseIsCorrupt() {
        byte[] one = STUDY_RECORD.encode();
        byte[] two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
        for (int bit = 0; bit < 8 * 8; bit++) { // magic, version, kind, length of the first of two
            byte[] flipped = flip(two, bit);
            assertCorrupt(() -> KeySegment.decode(flipped));
        }
        byte[] junk = Arrays.copyOf(two, two.length + 100);
        Arrays.fill(junk, two.length, junk.length, (byte) 7);
        assertCorrupt(() -> KeySegment.decode(junk));
    }

    @Test
    void secretsComeBackAndPrintNothing() {
        Key32 first = key(1);
        Key32 second = key(2);
        TenantSecret tenant = new TenantSecret(first, second, "clinic");
        assertThat(hex(tenant.encode())).isEqualTo("01".repeat(32) + "02".repeat(32) + "0006" + hex(latin("clinic")));
        assertThat(TenantSecret.decode(tenant.encode())).isEqualTo(tenant);
        assertThat(tenant.toString()).doesNotContain("0101");
        assertCorrupt(() -> TenantSecret.decode(Arrays.copyOf(tenant.encode(), 71)));
        assertCorrupt(() -> TenantSecret.decode(Arrays.copyOf(tenant.encode(), 73)));

        StudySecret study = new StudySecret(first, latin("P"), latin("1.2"));
        assertThat(hex(study.encode())).isEqualTo("01".repeat(32) + "000150" + "0003312e32");
        StudySecret back = StudySecret.decode(study.encode());
        assertThat(back.key()).isEqualTo(first);
        assertThat(back.patientId()).isEqualTo(latin("P"));
        assertThat(back.studyInstanceUid()).isEqualTo(latin("1.2"));
        for (int length = 0; length < 40; length++) {
            byte[] cut = Arrays.copyOf(study.encode(), length);
            assertCorrupt(() -> StudySecret.decode(cut));
        }
    }

    @Test
    void tenantWrapsAreExact() {
        TenantWraps wraps = new TenantWraps(latin("abc"), latin("de"));
        assertThat(hex(wraps.encode())).isEqualTo("0003616263" + "00026465");
        assertThat(TenantWraps.decode(wraps.encode())).isEqualTo(wraps);
        assertCorrupt(() -> TenantWraps.decode(Arrays.copyOf(wraps.encode(), 8)));
        assertCorrupt(() -> TenantWraps.decode(Arrays.copyOf(wraps.encode(), 10)));
    }

    private static KeyRecord record(KeyKind kind, UUID id, Tag16 owner, byte[] payload) {
        return new KeyRecord(new KeyLabel(kind, INSTALLATION, TENANT, id, 7, owner, CREATED, payload.length), payload);
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.CORRUPT));
    }

    private static Key32 key(int value) {
        byte[] raw = new byte[32];
        Arrays.fill(raw, (byte) value);
        return Key32.of(raw);
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
