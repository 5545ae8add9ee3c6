package org.strongroom.plugin.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** Several attachments to give back, some of which Orthanc does not take or nobody can read. */
class RestoreTest {
    private static final UUID IMAGE = UUID.randomUUID();
    private static final UUID NOT_TAKEN = UUID.randomUUID();
    private static final UUID UNREADABLE = UUID.randomUUID();
    private static final UUID LAST = UUID.randomUUID();

    private final List<Byte> taken = new ArrayList<>();
    private final List<UUID> forgotten = new ArrayList<>();

    private ByteSource open(UUID attachment) throws IOException {
        if (attachment.equals(UNREADABLE)) {
            throw new IOException("input/output error");
        }
        return ByteSource.of(new byte[] {(byte) (attachment.equals(NOT_TAKEN) ? 0 : 1)});
    }

    private UUID store(byte[] dicom) {
        if (dicom[0] == 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "no DICOM");
        }
        taken.add(dicom[0]);
        return UUID.randomUUID();
    }

    @Test
    void whatFailsIsToldAndHoldsUpNoOther() {
        Restore restore = new Restore(this::open, this::store, forgotten::add);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> restore.restore(List.of(NOT_TAKEN, IMAGE, UNREADABLE, LAST), true))
                .satisfies(e -> {
                    assertThat(e.text()).isEqualTo("no DICOM");
                    assertThat(e.getSuppressed()).hasSize(1);
                });
        assertThat(taken).hasSize(2);
        assertThat(forgotten).containsExactly(IMAGE, LAST);
    }
}
