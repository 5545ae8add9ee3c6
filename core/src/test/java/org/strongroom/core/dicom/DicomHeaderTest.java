package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.dicom.DicomWriter.Lengths;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.io.ByteSource;

class DicomHeaderTest {
    private static final List<String> SYNTAXES =
            List.of(UID.ImplicitVRLittleEndian, UID.ExplicitVRLittleEndian, UID.ExplicitVRBigEndian, UID.RLELossless);

    static Stream<SyntheticDicom> everyEncoding() {
        return SYNTAXES.stream().flatMap(syntax -> Stream.of(Lengths.values())
                .map(lengths -> SyntheticDicom.ct().transferSyntax(syntax).lengths(lengths)));
    }

    @ParameterizedTest
    @MethodSource("everyEncoding")
    void tellsWhoItIsAndWhereThePixelsAre(SyntheticDicom made) throws Exception {
        byte[] file = made.patient("PID-77")
                .study("1.2.3")
                .series("1.2.4")
                .instance(12)
                .toBytes();

        DicomHeader header = read(file);

        assertIdentity(header, "PID-77", "1.2.3", "1.2.4", "1.2.4.12");
        assertThat(header.instanceNumber()).isEqualTo(12);
        PixelElement pixels = header.pixels().orElseThrow();
        assertThat(pixels.tag()).isEqualTo(Tag.PixelData);
        boolean rle = header.transferSyntax().equals(UID.RLELossless);
        assertThat(pixels.isEncapsulated()).isEqualTo(rle);
        assertThat(header.nativePixels().isPresent()).isEqualTo(!rle);
        if (!rle) {
            assertThat(pixels.valueOffset() + pixels.length()).isEqualTo(file.length);
            assertThat(Arrays.copyOfRange(file, (int) pixels.valueOffset(), file.length))
                    .isEqualTo(made.pixels());
        }
        int headerBytes = header.transferSyntax().equals(UID.ImplicitVRLittleEndian) ? 8 : 12;
        assertThat(pixels.valueOffset() - pixels.offset()).isEqualTo(headerBytes);
    }

    /** Bytes as the standard writes a name in that set (PS3.3 C.12.1.1.2). */
    @ParameterizedTest
    @CsvSource({
        "'', 4B6C696E696B2053FC64, Klinik S\u00fcd",
        "ISO_IR 100, 4B6C696E696B2053FC6420, Klinik S\u00fcd",
        "ISO_IR 192, 4B6C696E696B2053C3BC64, Klinik S\u00fcd",
        "ISO 2022 IR 101, BE, \u017e",
        "ISO_IR 144, BBEED0, \u041b\u044e\u0430",
        "GB18030, CDF5, \u738b",
        "ISO_IR 13, D4CFC0DE, \uff94\uff8f\uff80\uff9e",
        "'\\ISO 2022 IR 87', 4E6F727468, North",
        "'\\ISO 2022 IR 87', 1B24423B331B2842, ''",
        "NONSENSE, 4E6F727468, North",
    })
    void whereItIsFromIsTold(String set, String bytes, String text) throws Exception {
        DicomHeader header = read(SyntheticDicom.ct()
                .characterSet(set)
                .institution(HexFormat.of().parseHex(bytes))
                .toBytes());
        assertThat(header.origin("InstitutionName")).isEqualTo(text);
        assertThat(header.origin("Modality")).isEqualTo("CT");
        assertThat(header.origin("StationName")).isEmpty();
        assertThat(header.origin("PatientName")).isEmpty();
    }

    @Test
    void aDeflatedFileHasIdentityButNoPlaceToSplit() throws Exception {
        DicomHeader header = read(SyntheticDicom.mr()
                .patient("D")
                .transferSyntax(UID.DeflatedExplicitVRLittleEndian)
                .toBytes());

        assertIdentity(header, "D", "2.25.1001", "2.25.1002", "2.25.1002.1");
        assertThat(header.pixels()).isEmpty();
        assertThat(header.nativePixels()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {UID.ImplicitVRLittleEndian, UID.ExplicitVRLittleEndian, UID.ExplicitVRBigEndian})
    void readsFilesWithoutPreambleOrMeta(String syntax) throws Exception {
        SyntheticDicom made = SyntheticDicom.ct().transferSyntax(syntax);

        assertIdentity(read(made.withoutPreamble().toBytes()), "SYN-0001", "2.25.1001", "2.25.1002", "2.25.1002.1");
        DicomHeader bare = read(made.withoutMeta().toBytes());
        assertIdentity(bare, "SYN-0001", "2.25.1001", "2.25.1002", "2.25.1002.1");
        assertThat(bare.transferSyntax()).isEmpty();
        assertThat(bare.nativePixels()).isPresent();
    }

    @Test
    void describesNativePixels() throws Exception {
        assertThat(layout(SyntheticDicom.ct())).isEqualTo(pixels(2, true, false, 1, 48, 2 * 64 * 48, 1));
        assertThat(layout(SyntheticDicom.ct().transferSyntax(UID.ExplicitVRBigEndian)))
                .isEqualTo(pixels(2, true, true, 1, 48, 2 * 64 * 48, 1));
        assertThat(layout(SyntheticDicom.enhancedMr(5))).isEqualTo(pixels(2, false, false, 1, 48, 2 * 64 * 48, 5));
        assertThat(layout(SyntheticDicom.colour())).isEqualTo(pixels(1, false, false, 3, 48, 3 * 64 * 48, 1));
        assertThat(layout(SyntheticDicom.colour().planar().frames(2)))
                .isEqualTo(pixels(1, false, false, 1, 48, 3 * 64 * 48, 2));
        assertThat(layout(SyntheticDicom.dose())).isEqualTo(pixels(4, false, false, 1, 48, 4 * 64 * 48, 1));
        assertThat(layout(SyntheticDicom.grey8().size(3, 5))).isEqualTo(pixels(1, false, false, 1, 5, 15, 1));
    }

    /** They are sealed opaque: a mask of one bit, samples that are packed closely, doubles. */
    @ParameterizedTest
    @ValueSource(ints = {1, 12, 24, 64})
    void pixelsOfOtherWidthsHaveNoShape(int bits) throws Exception {
        byte[] value = new byte[64 * 48 * bits / 8];
        DicomHeader header =
                read(SyntheticDicom.mr().allocated(bits).pixels(value).toBytes());

        assertThat(header.pixels()).isPresent();
        assertThat(header.nativePixels()).isEmpty();
    }

    @Test
    void pixelsThatDoNotFitTheHeaderHaveNoShape() throws Exception {
        int frame = 2 * 64 * 48;
        assertThat(read(SyntheticDicom.ct().pixels(new byte[frame - 2]).toBytes())
                        .nativePixels())
                .isEmpty();
        assertThat(read(SyntheticDicom.ct().pixels(new byte[2 * frame]).toBytes())
                        .nativePixels())
                .isEmpty();
        assertThat(read(SyntheticDicom.ct().pixels(new byte[frame + 100]).toBytes())
                        .nativePixels())
                .isPresent();
    }

    @Test
    void pixelsThatAreCutShortAreFoundButHaveNoShape() throws Exception {
        byte[] file = SyntheticDicom.ct().toBytes();
        DicomHeader header = read(Arrays.copyOf(file, file.length - 1));

        assertThat(header.pixels()).isPresent();
        assertThat(header.nativePixels()).isEmpty();
    }

    @Test
    void aReportHasNoPixels() throws Exception {
        DicomHeader header = read(SyntheticDicom.report().toBytes());

        assertThat(header.identity()).isPresent();
        assertThat(header.pixels()).isEmpty();
    }

    @Test
    void floatPixelsCount() throws Exception {
        byte[] file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(SyntheticDicom.report().toBytes())
                .element(Tag.FloatPixelData, "OF", new byte[16])
                .toBytes();

        PixelElement pixels = read(file).pixels().orElseThrow();
        assertThat(pixels.tag()).isEqualTo(Tag.FloatPixelData);
        assertThat(pixels.length()).isEqualTo(16);
    }

    @Test
    void whatIsNoDicomIsNotTakenForIt() throws Exception {
        for (String text : List.of("", "{", "{\"0008,0018\": \"x\"}", "\u001f\u008b\b\0\0\0\0\0\0", "\b\0\5\0CS\0\0")) {
            assertThat(DicomHeader.read(ByteSource.of(text.getBytes(StandardCharsets.ISO_8859_1))))
                    .isEmpty();
        }
        assertThat(DicomHeader.read(ByteSource.of(new byte[200]))).isEmpty();
    }

    @Test
    void unknownVrsAreReadAsDcmtkReadsThem() throws Exception {
        byte[] file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(new byte[128])
                .raw(new byte[] {'D', 'I', 'C', 'M'})
                .text(Tag.TransferSyntaxUID, "UI", UID.ExplicitVRLittleEndian)
                .element(0x00080005, "ZZ", new byte[6]) // a VR of the future: long form
                .element(0x00080006, "??", new byte[6]) // a slip: short form
                .element(0x00080007, "\0\0", new byte[6])
                .text(Tag.StudyInstanceUID, "UI", "1.2")
                .toBytes();

        assertThat(read(file).identity()).isPresent();
    }

    @Test
    void anUnknownValueOfUndefinedLengthHoldsImplicitElements() throws Exception {
        byte[] inner = new DicomWriter(Encoding.IMPLICIT_LITTLE)
                .item(
                        Lengths.UNDEFINED,
                        new DicomWriter(Encoding.IMPLICIT_LITTLE)
                                .text(Tag.StudyInstanceUID, "UI", "9.9")
                                .toBytes())
                .tag(Tag.SequenceDelimitationItem)
                .u32(0)
                .toBytes();
        byte[] file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(new byte[128])
                .raw(new byte[] {'D', 'I', 'C', 'M'})
                .text(Tag.TransferSyntaxUID, "UI", UID.ExplicitVRLittleEndian)
                .header(0x00091001, "UN", 0xFFFFFFFFL)
                .raw(inner)
                .text(Tag.StudyInstanceUID, "UI", "1.2")
                .toBytes();

        assertThat(read(file).studyInstanceUid()).isEqualTo(bytes("1.2"));
    }

    @Test
    void theFirstOfTwoEqualTagsCounts() throws Exception {
        byte[] file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(SyntheticDicom.report().patient("FIRST").toBytes())
                .text(Tag.PatientID, "LO", "SECOND")
                .toBytes();

        assertThat(read(file).patientId()).isEqualTo(bytes("FIRST"));
    }

    @Test
    void nestingWithoutEndIsGivenUpOn() throws Exception {
        DicomWriter file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(SyntheticDicom.report().toBytes());
        for (int depth = 0; depth < 100_000; depth++) {
            file.header(0x00400275, "SQ", 0xFFFFFFFFL).tag(Tag.Item).u32(0xFFFFFFFFL);
        }
        DicomHeader header = read(file.toBytes());

        assertThat(header.identity()).isPresent();
        assertThat(header.pixels()).isEmpty();
    }

    @Test
    void valuesLoseTrailingSpacesAndNulsOnly() throws Exception {
        DicomHeader header = read(SyntheticDicom.report().patient(" A B \0 \0 ").toBytes());

        assertThat(header.patientId()).isEqualTo(bytes(" A B"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-5", "99999999999999", "1e3"})
    void anInstanceNumberThatIsNoneIsZeroOrItsStart(String text) throws Exception {
        byte[] file = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .raw(new byte[128])
                .raw(new byte[] {'D', 'I', 'C', 'M'})
                .text(Tag.TransferSyntaxUID, "UI", UID.ExplicitVRLittleEndian)
                .text(Tag.InstanceNumber, "IS", text)
                .toBytes();

        assertThat(read(file).instanceNumber()).isZero();
    }

    @Test
    void bigHeadsAreSteppedOverNotRead() throws Exception {
        byte[] file = SyntheticDicom.ct().headPadding(8 << 20).toBytes();
        long[] count = new long[1];
        ByteSource counting = new ByteSource() {
            @Override
            public long size() {
                return file.length;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                count[0] += length;
                ByteSource.of(file).read(position, target, targetOffset, length);
            }
        };

        DicomHeader header = DicomHeader.read(counting).orElseThrow();
        assertThat(header.pixels().orElseThrow().offset()).isGreaterThan(8 << 20);
        assertThat(count[0]).isLessThan(64 * 1024);
    }

    @Test
    void everyTruncationKeepsWhatWasBeforeIt() throws Exception {
        byte[] file = SyntheticDicom.ct().lengths(Lengths.UNDEFINED).size(2, 2).toBytes();
        long whole = read(file).pixels().orElseThrow().offset();
        for (int length : IntStream.range(132, file.length).toArray()) {
            DicomHeader header = read(Arrays.copyOf(file, length));
            assertThat(header.pixels().isPresent()).isEqualTo(length >= whole + 12);
        }
    }

    private static NativePixels layout(SyntheticDicom made) throws IOException {
        return read(made.toBytes()).nativePixels().orElseThrow();
    }

    private static NativePixels pixels(
            int wordBytes, boolean signed, boolean big, int samples, int columns, long frameBytes, int frames) {
        return new NativePixels(new ImageLayout(wordBytes, signed, big, samples, columns), frameBytes, frames);
    }

    private static void assertIdentity(DicomHeader header, String patient, String study, String series, String sop) {
        assertThat(header.patientId()).isEqualTo(bytes(patient));
        assertThat(header.studyInstanceUid()).isEqualTo(bytes(study));
        assertThat(header.seriesInstanceUid()).isEqualTo(bytes(series));
        assertThat(header.sopInstanceUid()).isEqualTo(bytes(sop));
    }

    private static DicomHeader read(byte[] file) throws IOException {
        return DicomHeader.read(ByteSource.of(file)).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
