package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The bytes and names of format.md §10. */
class SnapshotLabelTest {
    private static final Tag16 ONE = new Tag16(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    private static final SnapshotLabel LABEL = new SnapshotLabel(new UUID(1, 2), 1_795_000_000_000L, List.of(ONE, ONE));

    @Test
    void theBytesAreThoseOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(LABEL.encode()))
                .isEqualTo("5354524e" + "01000000" + "00000000000000010000000000000002" + "000001a1ee565e00"
                        + "00000002" + ONE + ONE);
        byte[] snapshot = Arrays.copyOf(LABEL.encode(), LABEL.size() + 99);
        assertThat(SnapshotLabel.decode(snapshot)).isEqualTo(LABEL);
    }

    @Test
    void namesTellWhenAndWhat() {
        byte[] snapshot = Arrays.copyOf(LABEL.encode(), LABEL.size() + 99);
        String name = LABEL.objectName(snapshot);
        assertThat(name)
                .isEqualTo("snapshots/01795000000000-"
                        + Sha256.of(snapshot).toString().substring(0, 32));
        assertThat(SnapshotLabel.timeOf(name)).contains(LABEL.time());
        assertThat(SnapshotLabel.isWhole(name, snapshot)).isTrue();
        assertThat(SnapshotLabel.isWhole(name, LABEL.encode())).isFalse();
        assertThat(SnapshotLabel.timeOf("snapshots/trouble.json")).isEmpty();
        assertThat(SnapshotLabel.objectName(ONE)).isEqualTo("snapshots/chunks/" + ONE);
        assertThat(SnapshotLabel.isChunk(SnapshotLabel.objectName(ONE))).isTrue();
        assertThat(SnapshotLabel.isChunk(name)).isFalse();
        assertThat(LABEL.stateName())
                .isEqualTo("snapshot/" + Sha256.of(LABEL.encode()).toString().substring(0, 32));
    }

    @Test
    void whatIsNoLabelIsCorrupt() {
        byte[] label = LABEL.encode();
        for (int length : new int[] {0, 7, 24, 35, label.length - 1}) {
            assertCorrupt(Arrays.copyOf(label, length));
        }
        for (int reserved : new int[] {0, 4, 5, 6, 7, 24, 32}) {
            byte[] other = label.clone();
            other[reserved] ^= (byte) 0x80;
            assertCorrupt(other);
        }
    }

    private static void assertCorrupt(byte[] bytes) {
        assertThat(catchThrowableOfType(StrongroomException.class, () -> SnapshotLabel.decode(bytes)))
                .extracting(StrongroomException::kind)
                .isEqualTo(FailureKind.CORRUPT);
    }
}
