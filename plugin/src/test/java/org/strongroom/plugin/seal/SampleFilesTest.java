package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.PixelElement;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.PixelData;
import org.strongroom.plugin.seal.Sealing.Shape;

/** Real files of many makers and transfer syntaxes, broken ones among them; they lie beside the project, not in it. */
class SampleFilesTest {
    private static final Path SAMPLES = Path.of("../../shared/dicom");

    @Test
    void everySampleComesBack() throws IOException {
        assumeTrue(Files.isDirectory(SAMPLES), "no samples beside the project: " + SAMPLES + " is absent");
        Map<String, long[]> sizes = new TreeMap<>();
        for (Path file : files()) {
            Shape shape = shape(file);
            byte[] plain = shape.plain();
            byte[] sealed = Sealing.seal(shape);
            SealedReader reader = Sealing.open(ByteSource.of(sealed));
            assertThat(Arrays.equals(reader.read(0, plain.length), plain))
                    .as("%s", file)
                    .isTrue();
            assertThat(reader.head()).isEqualTo(Arrays.copyOf(plain, shape.headSize()));
            int middle = plain.length / 2;
            int some = Math.min(1000, plain.length - middle);
            assertThat(reader.read(middle, some)).isEqualTo(Arrays.copyOfRange(plain, middle, middle + some));
            assertThat(sealed.length).isLessThanOrEqualTo(plain.length / 100 + plain.length + 512);
            long[] sum =
                    sizes.computeIfAbsent(SAMPLES.relativize(file).getName(0).toString(), name -> new long[3]);
            sum[0]++;
            sum[1] += plain.length;
            sum[2] += sealed.length;
        }
        for (Map.Entry<String, long[]> set : sizes.entrySet()) {
            long[] sum = set.getValue();
            double ratio = (double) sum[1] / sum[2];
            System.out.printf("%s: %d files, %d -> %d bytes, %.2f : 1%n", set.getKey(), sum[0], sum[1], sum[2], ratio);
        }
        assertThat(sizes).isNotEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(SAMPLES)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Shape shape(Path file) throws IOException {
        byte[] plain = Files.readAllBytes(file);
        Optional<DicomHeader> header = DicomHeader.read(ByteSource.of(plain));
        PixelElement element = header.flatMap(DicomHeader::pixels).orElse(null);
        PixelData pixels = header.flatMap(DicomHeader::nativePixels)
                .map(shape -> new PixelData(
                        element.valueOffset(), shape.frames() * shape.frameBytes(), shape.frameBytes(), shape.layout()))
                .orElse(null);
        return new Shape(file.toString(), plain, element == null ? 0 : (int) element.offset(), pixels);
    }
}
