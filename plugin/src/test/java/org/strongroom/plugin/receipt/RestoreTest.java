package org.strongroom.plugin.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.inventory.OrthancIndex;
import org.strongroom.plugin.storage.Aliases;

/** Several attachments to give back, some of which Orthanc does not take or nobody can read. */
class RestoreTest {
    private static final UUID IMAGE = UUID.randomUUID();
    private static final UUID NOT_TAKEN = UUID.randomUUID();
    private static final UUID UNREADABLE = UUID.randomUUID();
    private static final UUID UNREADABLE_NAME = UUID.randomUUID();
    private static final UUID LAST = UUID.randomUUID();
    private static final UUID ZIPPED = UUID.randomUUID();

    private UUID strayed;
    private UUID known;
    private final Set<UUID> removed = new HashSet<>();
    private final Set<UUID> held = new HashSet<>();
    private final List<Byte> taken = new ArrayList<>();
    private final List<UUID> forgotten = new ArrayList<>();
    private final List<UUID> expected = new ArrayList<>();
    private final List<UUID> expectedWhenStored = new ArrayList<>();

    private final long heap = Runtime.getRuntime().maxMemory();

    private ByteSource open(UUID attachment, long largest) throws IOException {
        assertThat(largest).isEqualTo(Math.min(heap / 4, Integer.MAX_VALUE - 16));
        if (attachment.equals(ZIPPED)) {
            return zipped(heap / 7);
        }
        if (attachment.equals(UNREADABLE_NAME)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such attachment");
        }
        if (attachment.equals(UNREADABLE)) {
            throw new IOException("input/output error");
        }
        return ByteSource.of(new byte[] {(byte) (attachment.equals(NOT_TAKEN) ? 0 : 1)});
    }

    /** As Orthanc's StorageCompression begins it, and too short to become {@code size} bytes. */
    private static ByteSource zipped(long size) {
        ByteBuffer start = ByteBuffer.allocate((int) (size / 1000)).order(ByteOrder.LITTLE_ENDIAN);
        return ByteSource.of(
                start.putLong(size).put((byte) 0x78).put((byte) 0x9c).array());
    }

    private OrthancIndex.Stored store(byte[] dicom) {
        expectedWhenStored.addAll(expected);
        if (dicom[0] == 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "no DICOM");
        }
        if (known != null) {
            return new OrthancIndex.Stored(known, true);
        }
        taken.add(dicom[0]);
        return new OrthancIndex.Stored(UUID.randomUUID(), false);
    }

    private Restore restore() {
        return new Restore(
                this::open,
                this::store,
                forgotten::add,
                removed::contains,
                held::contains,
                this::expect,
                this::isStray);
    }

    /** As after a snapshot: what it lists was removed since, and the same image came again. */
    @Test
    void whatLastsIsNotForgottenForWhatWasRemoved() {
        known = LAST;
        removed.add(LAST);
        isRefusedAndKept(IMAGE);
        removed.clear();
        known = UNREADABLE_NAME;
        isRefusedAndKept(IMAGE);
        known = LAST;
        restore().restore(List.of(IMAGE), true, false);
        assertThat(forgotten).as("Orthanc has it, and it lasts").containsExactly(IMAGE);
    }

    /** Nobody but this process knows that somebody deleted it. */
    @Test
    void whatOrthancRemovedWhileTheDiskTookNothingIsNotGivenBack() {
        held.add(IMAGE);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore().restore(List.of(IMAGE, LAST), true, false))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE))
                .withMessageContaining(IMAGE.toString());
        assertThat(taken).as("the other one").hasSize(1);
        assertThat(forgotten).containsExactly(LAST);
        held.clear(); // it is in the journal now, and somebody undeletes it
        restore().restore(List.of(IMAGE), false, false);
        assertThat(taken).hasSize(2);
    }

    private void isRefusedAndKept(UUID attachment) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore().restore(List.of(attachment), true, false))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.cure()).contains("Delete the image in Orthanc");
                });
        assertThat(forgotten).isEmpty();
    }

    private Aliases.Expectation expect(ByteSource stored, UUID sealed) {
        expected.add(sealed);
        return () -> expected.remove(sealed);
    }

    private boolean isStray(UUID attachment, byte[] dicom) {
        return attachment.equals(strayed);
    }

    /** Else whoever sends something into another clinic's study would only have to wait for the next undelete. */
    @Test
    void whatWasSentIntoAnothersStudyStaysOutOfOrthanc() {
        strayed = IMAGE;
        Restore restore = restore();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore.restore(List.of(IMAGE), false, false))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThat(forgotten).isEmpty();
        restore.restore(List.of(IMAGE), true, false);
        assertThat(taken).isEmpty();
        assertThat(forgotten).containsExactly(IMAGE);
        restore.restore(List.of(IMAGE), false, true);
        assertThat(taken).hasSize(1);
    }

    @Test
    void whatFailsIsToldAndHoldsUpNoOther() {
        Restore restore = restore();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore.restore(List.of(NOT_TAKEN, IMAGE, UNREADABLE, LAST), true, false))
                .satisfies(e -> {
                    assertThat(e.text()).isEqualTo("no DICOM");
                    assertThat(e.getSuppressed()).hasSize(1);
                });
        assertThat(taken).hasSize(2);
        assertThat(forgotten).containsExactly(IMAGE, LAST);
    }

    @Test
    void whatWouldFillTheHeapWhileItIsInflatedIsRefused() {
        Restore restore = restore();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore.restore(List.of(ZIPPED), true, false))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.cure()).contains("Strongroom.Java.Heap");
                });
        assertThat(taken).isEmpty();
    }

    @Test
    void whatOrthancNeverRemovedIsExpectedInTheFileThatItIsIn() {
        Restore restore = restore();
        restore.restore(List.of(IMAGE), true, false);
        assertThat(expectedWhenStored).containsExactly(IMAGE);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore.restore(List.of(NOT_TAKEN), true, false));
        assertThat(expected).isEmpty();
        restore.restore(List.of(LAST), false, false);
        assertThat(expectedWhenStored).containsExactly(IMAGE, NOT_TAKEN);
        assertThat(forgotten).containsExactly(IMAGE);
    }
}
