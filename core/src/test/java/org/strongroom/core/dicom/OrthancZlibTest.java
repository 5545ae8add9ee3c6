package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.strongroom.core.io.ByteSource;

class OrthancZlibTest {
    @Test
    void theIdentityIsInTheFirstInflatedBytes() throws Exception {
        byte[] file = SyntheticDicom.ct().patient("Z").size(256, 256).toBytes();
        ByteSource compressed = ByteSource.of(DicomHeaderFuzzTest.zlibbed(file));

        ByteSource prefix = OrthancZlib.inflatedPrefix(compressed, 4096).orElseThrow();

        assertThat(prefix.read(0, (int) prefix.size())).isEqualTo(Arrays.copyOf(file, 4096));
        assertThat(DicomHeader.read(prefix).orElseThrow().patientId()).isEqualTo(new byte[] {'Z'});
    }

    @Test
    void aShorterAttachmentComesWhole() throws Exception {
        byte[] file = SyntheticDicom.report().toBytes();
        ByteSource compressed = ByteSource.of(DicomHeaderFuzzTest.zlibbed(file));

        ByteSource whole = OrthancZlib.inflatedPrefix(compressed, 1 << 20).orElseThrow();
        assertThat(whole.read(0, (int) whole.size())).isEqualTo(file);
    }

    @Test
    void plainAttachmentsAreNotTakenForCompressedOnes() throws Exception {
        assertThat(OrthancZlib.inflatedPrefix(ByteSource.of(new byte[0]), 100)).isEmpty();
        assertThat(OrthancZlib.inflatedPrefix(ByteSource.of(new byte[100]), 100))
                .isEmpty();
        assertThat(OrthancZlib.inflatedPrefix(ByteSource.of(SyntheticDicom.ct().toBytes()), 100))
                .isEmpty();
        assertThat(OrthancZlib.inflatedPrefix(
                        ByteSource.of(SyntheticDicom.ct().withoutMeta().toBytes()), 100))
                .isEmpty();
    }
}
