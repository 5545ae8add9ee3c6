package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.DicomWriter.Lengths;
import org.strongroom.core.io.ByteSource;

/** Nothing in a file's bytes makes the reader throw, leave the file, or claim what cannot be. */
class DicomHeaderFuzzTest {
    private static final int ROUNDS = 40_000;

    private static final List<byte[]> SEEDS = List.of(
            SyntheticDicom.ct().size(4, 4).toBytes(),
            SyntheticDicom.ct().size(4, 4).lengths(Lengths.UNDEFINED).toBytes(),
            SyntheticDicom.mr()
                    .size(4, 4)
                    .transferSyntax(UID.ImplicitVRLittleEndian)
                    .lengths(Lengths.UNDEFINED)
                    .toBytes(),
            SyntheticDicom.colour()
                    .size(4, 4)
                    .transferSyntax(UID.ExplicitVRBigEndian)
                    .toBytes(),
            SyntheticDicom.enhancedMr(3)
                    .size(4, 4)
                    .transferSyntax(UID.RLELossless)
                    .toBytes(),
            SyntheticDicom.mr()
                    .size(4, 4)
                    .transferSyntax(UID.DeflatedExplicitVRLittleEndian)
                    .toBytes(),
            SyntheticDicom.ct().size(4, 4).withoutPreamble().toBytes(),
            SyntheticDicom.ct().size(4, 4).withoutMeta().toBytes(),
            zlibbed(SyntheticDicom.ct().size(4, 4).toBytes()));

    @Test
    void survivesMutations() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DicomHeaderFuzzTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] file = SEEDS.get(random.nextInt(SEEDS.size())).clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                file = mutate(file, random);
            }
            check(file);
        }
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

    private static byte[] mutate(byte[] file, Random random) {
        if (file.length == 0) {
            return file;
        }
        int at = random.nextInt(file.length);
        switch (random.nextInt(6)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[at] = (byte) random.nextInt();
            case 2 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) 0xFF); // an undefined or huge length
            case 3 -> {
                return Arrays.copyOf(file, at);
            }
            case 4 -> {
                byte[] longer = Arrays.copyOf(file, file.length + 16);
                System.arraycopy(file, at, longer, at + 16, file.length - at);
                return longer;
            }
            default -> {
                int from = random.nextInt(file.length);
                int length = Math.min(random.nextInt(64), file.length - Math.max(from, at));
                System.arraycopy(file, from, file, at, length);
            }
        }
        return file;
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
