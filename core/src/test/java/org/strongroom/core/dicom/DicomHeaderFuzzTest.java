package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.DicomWriter.Lengths;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;

/** Nothing in a file's bytes makes the reader throw, leave the file, or claim what cannot be. */
class DicomHeaderFuzzTest {
    private static final Map<String, byte[]> FILES = Map.of(
            "explicit", SyntheticDicom.ct().size(4, 4).toBytes(),
            "undefined-lengths",
                    SyntheticDicom.ct().size(4, 4).lengths(Lengths.UNDEFINED).toBytes(),
            "implicit",
                    SyntheticDicom.mr()
                            .size(4, 4)
                            .transferSyntax(UID.ImplicitVRLittleEndian)
                            .lengths(Lengths.UNDEFINED)
                            .toBytes(),
            "big-endian-colour",
                    SyntheticDicom.colour()
                            .size(4, 4)
                            .transferSyntax(UID.ExplicitVRBigEndian)
                            .toBytes(),
            "rle-frames",
                    SyntheticDicom.enhancedMr(3)
                            .size(4, 4)
                            .transferSyntax(UID.RLELossless)
                            .toBytes(),
            "native-frames", SyntheticDicom.enhancedMr(3).size(4, 4).toBytes(),
            "deflated",
                    SyntheticDicom.mr()
                            .size(4, 4)
                            .transferSyntax(UID.DeflatedExplicitVRLittleEndian)
                            .toBytes(),
            "without-preamble", SyntheticDicom.ct().size(4, 4).withoutPreamble().toBytes(),
            "without-meta", SyntheticDicom.ct().size(4, 4).withoutMeta().toBytes(),
            "zlib", zlibbed(SyntheticDicom.ct().size(4, 4).toBytes()));

    @Test
    void survivesMutations() throws Exception {
        Fuzz fuzz = Fuzz.of("dicom").words("1.2.840.10008.1.2", "UN", "SQ", "OB", "OW");
        FILES.forEach(fuzz::drawn);
        fuzz.run(DicomHeaderFuzzTest::check);
    }

    private static void check(byte[] file) throws IOException {
        // ByteSource.of throws if the reader leaves the file, and a plain array bounds every read.
        ByteSource source = ByteSource.of(file);
        Optional<DicomHeader> header = DicomHeader.read(source);
        if (header.isPresent()) {
            checkClaims(header.get(), file.length);
        }
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(source, 4096);
        if (inflated.isPresent()) {
            assertThat(inflated.get().size()).isBetween(1L, 4096L);
            assertThat(DicomHeader.read(inflated.get())).isNotNull();
        }
    }

    private static void checkClaims(DicomHeader header, int size) {
        assertThat(header.patientId().length).isLessThanOrEqualTo(1024);
        assertThat(header.instanceNumber()).isNotNegative();
        header.pixels().ifPresent(pixels -> {
            assertThat(pixels.offset()).isBetween(0L, (long) size - 8);
            assertThat(pixels.valueOffset()).isBetween(pixels.offset() + 8, (long) size);
        });
        header.nativePixels().ifPresent(shape -> {
            PixelElement pixels = header.pixels().orElseThrow();
            assertThat(shape.frameBytes() * shape.frames()).isLessThanOrEqualTo(size - pixels.valueOffset());
            assertThat(shape.frameBytes() % shape.layout().rowBytes()).isZero();
        });
    }

    static byte[] zlibbed(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long size = content.length;
        for (int i = 0; i < 8; i++) {
            out.write((int) (size >>> (8 * i)));
        }
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(out)) {
            zlib.write(content);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return out.toByteArray();
    }
}
