package org.strongroom.core.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.strongroom.core.dicom.DicomWriter.Lengths;

/**
 * Draws DICOM files as other toolkits write them, and worse: right in most places, and odd in some of those that a reader of headers believes. Of
 * images, reports, films, documents and directories; the same for the same state of its random numbers.
 */
public final class OddDicom {
    private static final List<String> SYNTAXES = List.of(
            UID.ImplicitVRLittleEndian,
            UID.ExplicitVRLittleEndian,
            UID.ExplicitVRLittleEndian,
            UID.ExplicitVRBigEndian,
            UID.DeflatedExplicitVRLittleEndian,
            UID.JPIPReferencedDeflate,
            UID.RLELossless,
            UID.PrivateGEImplicitVRBigEndianPixels,
            "1.2.840.10008.1.2.1.98", // encapsulated and not compressed
            "1.2.840.10008.1.2.4.50",
            "1.2.840.10008.1.2.4.57",
            "1.2.840.10008.1.2.4.90",
            "1.2.840.10008.1.2.4.102", // MPEG-4
            "1.2.840.10008.1.2.4.107", // HEVC
            "1.2.840.10008.1.2.4.202", // HTJ2K
            "1.3.46.670589.33.1.4.1",
            "");
    private static final List<String> CLASSES = List.of(
            "1.2.840.10008.5.1.4.1.1.2",
            "1.2.840.10008.5.1.4.1.1.88.33", // report
            "1.2.840.10008.5.1.4.1.1.88.59", // key objects
            "1.2.840.10008.5.1.4.1.1.11.1", // presentation state
            "1.2.840.10008.5.1.4.1.1.481.3", // structures
            "1.2.840.10008.5.1.4.1.1.77.1.6", // slide
            "1.2.840.10008.5.1.4.1.1.30", // parametric map
            "1.2.840.10008.5.1.4.1.1.104.1", // document
            "1.2.840.10008.5.1.4.1.1.77.1.4.1"); // film
    private static final List<String> VRS = List.of("UN", "OB", "SQ", "UT", "US", "OV", "ZZ", "??", "  ");

    private final Random random;
    private final String syntax;
    private final Encoding encoding;
    private final Lengths lengths;

    private OddDicom(Random random) {
        this.random = random;
        this.syntax = one(SYNTAXES);
        Encoding right = UID.isDeflated(syntax) ? Encoding.EXPLICIT_LITTLE : Encoding.of(syntax);
        Encoding any = one(List.of(Encoding.values()));
        this.encoding = right == null || rarely() ? any : right;
        this.lengths = one(List.of(Lengths.values()));
    }

    /** A file, or a part of one, or two. */
    public static byte[] draw(Random random) {
        byte[] file = new OddDicom(random).file();
        return switch (random.nextInt(12)) {
            case 0 -> Arrays.copyOf(file, random.nextInt(file.length + 1));
            case 1 -> join(file, new OddDicom(random).file());
            case 2 -> DicomHeaderFuzzTest.zlibbed(file);
            default -> file;
        };
    }

    private byte[] file() {
        DicomWriter out = new DicomWriter(Encoding.EXPLICIT_LITTLE);
        int beginning = random.nextInt(12);
        if (beginning > 1) {
            byte[] preamble = new byte[128];
            if (beginning == 2) {
                random.nextBytes(preamble);
            } else if (beginning == 3) { // a TIFF as well
                System.arraycopy(new byte[] {'I', 'I', 42, 0, 8, 0, 0, 0, 0x78, (byte) 0x9c}, 0, preamble, 0, 10);
            }
            out.raw(preamble).raw((rarely() ? "DICX" : "DICM").getBytes(StandardCharsets.US_ASCII));
        }
        if (beginning > 0) { // else as before there were files: ACR-NEMA
            out.raw(meta());
        }
        byte[] dataset = dataset(beginning == 0);
        return out.raw(UID.isDeflated(syntax) && !rarely() ? deflate(dataset) : dataset)
                .raw(behind())
                .toBytes();
    }

    private byte[] meta() {
        Encoding other = rarely() ? one(List.of(Encoding.values())) : Encoding.EXPLICIT_LITTLE;
        DicomWriter group = new DicomWriter(other).element(0x00020001, "OB", new byte[] {0, 1});
        for (int i = rarely() ? 2 : 1; i > 0; i--) {
            byte[] uid = syntax.getBytes(StandardCharsets.US_ASCII);
            byte[] pad = {(byte) (rarely() ? ' ' : 0)};
            group.element(Tag.TransferSyntaxUID, "UI", uid.length % 2 == 0 || rarely() ? uid : join(uid, pad));
        }
        group.text(0x00020012, "UI", "2.25.1");
        long length = rarely() ? oddLength() : group.size();
        return new DicomWriter(other)
                .ul(0x00020000, length)
                .raw(group.toBytes())
                .toBytes();
    }

    private byte[] dataset(boolean old) {
        DicomWriter out = new DicomWriter(encoding);
        if (rarely()) {
            directory(out);
        }
        groupLength(out, 0x00080000);
        text(out, Tag.SpecificCharacterSet, "CS", one(List.of("ISO_IR 100", "ISO_IR 192", "\\ISO 2022 IR 87", "x")));
        if (old) {
            text(out, 0x00080010, "LO", "ACR-NEMA 2.0");
        }
        text(out, 0x00080016, "UI", one(CLASSES));
        text(out, Tag.SOPInstanceUID, "UI", "2.25." + random.nextInt(1000));
        if (sometimes()) {
            out.sequence(0x00081140, lengths, List.of(nested(1), nested(1)));
        }
        groupLength(out, 0x00100000);
        text(out, Tag.PatientID, "LO", one(List.of("PID", "P D", "", "\u00e4\u00f6", "long".repeat(400))));
        for (int i = rarely() ? 2 : 1; i > 0; i--) {
            text(out, Tag.StudyInstanceUID, "UI", rarely() ? "" : "1.2.3." + random.nextInt(10));
        }
        text(out, Tag.SeriesInstanceUID, "UI", "1.2.3.4");
        text(out, Tag.InstanceNumber, "IS", one(List.of("1", "-1", "007 ", "99999999999", "1\\2", "x", "")));
        if (rarely()) { // a document
            element(out, 0x00420011, "OB", join("%PDF-1.4".getBytes(StandardCharsets.US_ASCII), bytes(9000)));
        }
        if (sometimes()) {
            privateElements(out);
        }
        if (random.nextInt(8) > 0) {
            new OddPixels(random, syntax, encoding).write(out);
        }
        if (rarely()) {
            element(out, 0xFFFAFFFA, "SQ", new byte[0]);
        }
        if (rarely()) {
            element(out, 0xFFFCFFFC, "OB", new byte[random.nextInt(3000)]);
        }
        return out.toBytes();
    }

    /** The beginning of a DICOMDIR. */
    private void directory(DicomWriter out) {
        text(out, 0x00041130, "CS", "DISK");
        out.ul(0x00041200, random.nextInt()).ul(0x00041202, 0).us(0x00041212, 0);
        out.sequence(0x00041220, lengths, List.of(nested(2), nested(2)));
    }

    private void privateElements(DicomWriter out) {
        text(out, 0x00090010, "LO", "MAKER");
        element(out, 0x00091001, one(VRS), bytes(random.nextInt(300)));
        if (rarely()) {
            out.header(0x00091002, "UN", 0xFFFFFFFFL)
                    .raw(new DicomWriter(Encoding.IMPLICIT_LITTLE)
                            .item(Lengths.UNDEFINED, new byte[0])
                            .toBytes())
                    .tag(Tag.SequenceDelimitationItem)
                    .u32(0);
        }
        if (rarely()) { // pixels of its own
            element(out, 0x00291010, "OW", bytes(2000));
        }
    }

    /** What is in an item; deeper than anybody reads, now and then. */
    private DicomWriter nested(int depth) {
        DicomWriter item = new DicomWriter(encoding);
        text(item, 0x00081150, "UI", "1.2");
        text(item, Tag.StudyInstanceUID, "UI", "9.9.9");
        boolean deeper = depth < 4 ? sometimes() : depth < 90 && !rarely();
        if (deeper) {
            item.sequence(0x00089999, lengths, List.of(nested(depth + (rarely() ? 4 : 1))));
        }
        if (rarely()) {
            element(item, Tag.PixelData, "OW", bytes(500));
        }
        return item;
    }

    private void groupLength(DicomWriter out, int tag) {
        if (rarely()) {
            out.ul(tag, rarely() ? oddLength() : 100);
        }
    }

    private void text(DicomWriter out, int tag, String vr, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        boolean even = bytes.length % 2 == 0;
        element(out, tag, vr, even || rarely() ? bytes : join(bytes, new byte[] {(byte) (sometimes() ? ' ' : 0)}));
    }

    /** Of a hundred one lies about its length, and one about its VR. */
    private void element(DicomWriter out, int tag, String vr, byte[] value) {
        String told = random.nextInt(100) == 0 ? one(VRS) : vr;
        long length = random.nextInt(100) == 0 ? oddLength() : value.length;
        out.header(tag, told, length).raw(value);
    }

    private byte[] behind() {
        return switch (random.nextInt(8)) {
            case 0 -> new byte[random.nextInt(600)];
            case 1 -> bytes(random.nextInt(600));
            default -> new byte[0];
        };
    }

    private long oddLength() {
        return one(List.of(0L, 1L, 7L, 0xFFFEL, 0xFFFFL, 0x10000L, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFEL, 0xFFFFFFFFL));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean sometimes() {
        return random.nextBoolean();
    }

    private boolean rarely() {
        return random.nextInt(12) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] deflate(byte[] dataset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, raw)) {
            deflater.write(dataset);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        } finally {
            raw.end();
        }
        return out.toByteArray();
    }
}
