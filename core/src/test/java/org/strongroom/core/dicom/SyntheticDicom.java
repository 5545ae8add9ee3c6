package org.strongroom.core.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.strongroom.core.dicom.DicomWriter.Lengths;

/**
 * Makes DICOM instances that Orthanc and DCMTK accept, with pixels that look like a CT, an MR, an ultrasound or a dose. A
 * builder for tests of every module (core's test-jar); deterministic; not thread-safe.
 */
public final class SyntheticDicom {
    private static final String SOP_CLASS_CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String SOP_CLASS_MR = "1.2.840.10008.5.1.4.1.1.4";
    private static final String SOP_CLASS_ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1";
    private static final String SOP_CLASS_US = "1.2.840.10008.5.1.4.1.1.6.1";
    private static final String SOP_CLASS_DOSE = "1.2.840.10008.5.1.4.1.1.481.2";
    private static final String SOP_CLASS_REPORT = "1.2.840.10008.5.1.4.1.1.88.11";

    private final String sopClass;
    private final String modality;
    private final SyntheticPixels picture;
    private final int wordBytes;
    private final boolean signed;
    private final int samples;

    private String patientId = "SYN-0001";
    private String patientName = "Synthetic^Patient";
    private String born = "19700101";
    private String sex = "O";
    private String otherIds = "";
    private String studied = "20260102";
    private String characterSet = "ISO_IR 100";
    private byte[] institution = new byte[0];
    private String study = "2.25.1001";
    private String series = "2.25.1002";
    private String sop;
    private int instance = 1;
    private int rows = 64;
    private int columns = 48;
    private int frames = 1;
    private boolean planar;
    private String transferSyntax = UID.ExplicitVRLittleEndian;
    private Lengths lengths = Lengths.EXPLICIT;
    private boolean preamble = true;
    private boolean meta = true;
    private int headPadding;
    private boolean privateTags;
    private boolean wrongVrs;
    private byte[] pixels;
    private int allocated;
    private List<byte[]> fragments = List.of();
    private byte[] trailing = new byte[0];

    private SyntheticDicom(
            String sopClass, String modality, SyntheticPixels picture, int wordBytes, boolean signed, int samples) {
        this.sopClass = sopClass;
        this.modality = modality;
        this.picture = picture;
        this.wordBytes = wordBytes;
        this.signed = signed;
        this.samples = samples;
    }

    /** 16 bits signed, Hounsfield units. */
    public static SyntheticDicom ct() {
        return new SyntheticDicom(SOP_CLASS_CT, "CT", SyntheticPixels.CT, 2, true, 1);
    }

    /** 12 bits in 16, unsigned. */
    public static SyntheticDicom mr() {
        return new SyntheticDicom(SOP_CLASS_MR, "MR", SyntheticPixels.MR, 2, false, 1);
    }

    /** Multi-frame MR. */
    public static SyntheticDicom enhancedMr(int frames) {
        return new SyntheticDicom(SOP_CLASS_ENHANCED_MR, "MR", SyntheticPixels.MR, 2, false, 1).frames(frames);
    }

    /** Three samples of 8 bits, RGB. */
    public static SyntheticDicom colour() {
        return new SyntheticDicom(SOP_CLASS_US, "US", SyntheticPixels.COLOUR, 1, false, 3);
    }

    /** 8 bits, one sample. */
    public static SyntheticDicom grey8() {
        return new SyntheticDicom(SOP_CLASS_US, "US", SyntheticPixels.COLOUR, 1, false, 1);
    }

    /** 32 bits unsigned. */
    public static SyntheticDicom dose() {
        return new SyntheticDicom(SOP_CLASS_DOSE, "RTDOSE", SyntheticPixels.DOSE, 4, false, 1);
    }

    /** No pixels at all. */
    public static SyntheticDicom report() {
        return new SyntheticDicom(SOP_CLASS_REPORT, "SR", null, 0, false, 1);
    }

    public SyntheticDicom patient(String id) {
        this.patientId = id;
        return this;
    }

    public SyntheticDicom patientName(String name) {
        this.patientName = name;
        return this;
    }

    /** PatientBirthDate. */
    public SyntheticDicom born(String date) {
        this.born = date;
        return this;
    }

    /** PatientSex. */
    public SyntheticDicom sex(String code) {
        this.sex = code;
        return this;
    }

    /** OtherPatientIDs, which are not in the file otherwise. */
    public SyntheticDicom otherIds(String ids) {
        this.otherIds = ids;
        return this;
    }

    /** StudyDate. */
    public SyntheticDicom studied(String date) {
        this.studied = date;
        return this;
    }

    /** InstitutionName, as it stands in the file. */
    public SyntheticDicom institution(byte[] name) {
        this.institution = name.clone();
        return this;
    }

    /** SpecificCharacterSet; nothing is written in another one for it. */
    public SyntheticDicom characterSet(String term) {
        this.characterSet = term;
        return this;
    }

    public SyntheticDicom study(String uid) {
        this.study = uid;
        return this;
    }

    public SyntheticDicom series(String uid) {
        this.series = uid;
        return this;
    }

    /** InstanceNumber: also moves the picture on, as the next slice. */
    public SyntheticDicom instance(int number) {
        this.instance = number;
        return this;
    }

    /** SOPInstanceUID; by default the series' UID with the instance number. */
    public SyntheticDicom sop(String uid) {
        this.sop = uid;
        return this;
    }

    public SyntheticDicom size(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        return this;
    }

    public SyntheticDicom frames(int number) {
        this.frames = number;
        return this;
    }

    /** PlanarConfiguration 1. */
    public SyntheticDicom planar() {
        this.planar = true;
        return this;
    }

    /** Implicit, explicit, big endian, deflated or RLE; of any other syntax only the UID is written, unless {@link #fragments} are. */
    public SyntheticDicom transferSyntax(String uid) {
        this.transferSyntax = uid;
        return this;
    }

    /** How sequences and items end. */
    public SyntheticDicom lengths(Lengths how) {
        this.lengths = how;
        return this;
    }

    /** A file that starts with its meta group. */
    public SyntheticDicom withoutPreamble() {
        this.preamble = false;
        return this;
    }

    /** A file that starts with its data set. */
    public SyntheticDicom withoutMeta() {
        this.preamble = false;
        this.meta = false;
        return this;
    }

    /** A private element of this size, to make the head large. */
    public SyntheticDicom headPadding(int bytes) {
        this.headPadding = bytes;
        return this;
    }

    /** A private sequence, and a private element of unknown VR and undefined length (PS3.5 §6.2.2, note 2). */
    public SyntheticDicom privateTags() {
        this.privateTags = true;
        return this;
    }

    /** Explicit VRs that no dictionary agrees with, for Rows among others. */
    public SyntheticDicom wrongVrs() {
        this.wrongVrs = true;
        return this;
    }

    /** This value of PixelData instead of the picture: little endian, or big with a big-endian syntax. */
    public SyntheticDicom pixels(byte[] value) {
        this.pixels = value.clone();
        return this;
    }

    /** BitsAllocated and BitsStored of these {@link #pixels(byte[])}. */
    public SyntheticDicom allocated(int bits) {
        this.allocated = bits;
        return this;
    }

    /** PixelData as these fragments, each of an even length, in a syntax in which it is encapsulated. */
    public SyntheticDicom fragments(List<byte[]> encoded) {
        this.fragments = List.copyOf(encoded);
        return this;
    }

    /** These bytes after the data set. */
    public SyntheticDicom trailing(byte[] bytes) {
        this.trailing = bytes.clone();
        return this;
    }

    public String sopInstanceUid() {
        return sop == null ? series + "." + instance : sop;
    }

    /** The native pixels, in the byte order of the transfer syntax, without the padding of an odd length. */
    public byte[] pixels() {
        return pixels == null ? draw() : pixels.clone();
    }

    /** The whole file. */
    public byte[] toBytes() {
        DicomWriter file = new DicomWriter(Encoding.EXPLICIT_LITTLE);
        if (preamble) {
            file.raw(new byte[128]).raw(new byte[] {'D', 'I', 'C', 'M'});
        }
        if (meta) {
            file.raw(meta());
        }
        byte[] dataset = dataset();
        return file.raw(UID.isDeflated(transferSyntax) ? deflate(dataset) : dataset)
                .raw(trailing)
                .toBytes();
    }

    private byte[] meta() {
        DicomWriter group = new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .element(0x00020001, "OB", new byte[] {0, 1})
                .text(0x00020002, "UI", sopClass)
                .text(0x00020003, "UI", sopInstanceUid())
                .text(Tag.TransferSyntaxUID, "UI", transferSyntax)
                .text(0x00020012, "UI", "2.25.1");
        return new DicomWriter(Encoding.EXPLICIT_LITTLE)
                .ul(0x00020000, group.size())
                .raw(group.toBytes())
                .toBytes();
    }

    private byte[] dataset() {
        DicomWriter out = writer().text(Tag.SpecificCharacterSet, "CS", characterSet)
                .text(0x00080016, "UI", sopClass)
                .text(Tag.SOPInstanceUID, "UI", sopInstanceUid())
                .text(Tag.StudyDate, "DA", studied)
                .text(0x00080030, "TM", "101112")
                .text(Tag.Modality, "CS", modality);
        if (institution.length > 0) {
            out.element(0x00080080, "LO", Arrays.copyOf(institution, institution.length + institution.length % 2));
        }
        out.sequence(0x00081115, lengths, List.of(decoy(), decoy()))
                .text(0x00100010, "PN", patientName)
                .text(Tag.PatientID, "LO", patientId)
                .text(Tag.PatientBirthDate, wrongVrs ? "LO" : "DA", wrongVrs ? "in the spring" : born)
                .text(0x00100040, "CS", sex);
        if (!otherIds.isEmpty()) {
            out.text(0x00101000, "LO", otherIds);
        }
        out.text(Tag.StudyInstanceUID, "UI", study)
                .text(Tag.SeriesInstanceUID, "UI", series)
                .text(0x00200010, "SH", "1")
                .text(0x00200011, "IS", "1")
                .text(Tag.InstanceNumber, "IS", Integer.toString(instance));
        if (picture != null) {
            image(out);
        }
        return out.toBytes();
    }

    /** Values that belong to another instance: a reader that looks into sequences takes them for ours. */
    private DicomWriter decoy() {
        DicomWriter inner = writer().text(0x00081150, "UI", SOP_CLASS_CT)
                .text(Tag.PatientID, "LO", "DECOY")
                .us(Tag.Rows, 9999);
        return writer().sequence(0x00081199, lengths, List.of(inner))
                .text(Tag.StudyInstanceUID, "UI", "9.9.9")
                .text(Tag.SeriesInstanceUID, "UI", "9.9.9");
    }

    private void image(DicomWriter out) {
        int bits = allocated > 0 ? allocated : wordBytes * 8;
        int stored = modality.equals("MR") ? Math.min(12, bits) : bits;
        out.text(0x00200032, "DS", "-100\\-100\\" + instance)
                .text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")
                .us(Tag.SamplesPerPixel, samples)
                .text(0x00280004, "CS", samples == 3 ? "RGB" : "MONOCHROME2");
        if (samples > 1) {
            out.us(Tag.PlanarConfiguration, planar ? 1 : 0);
        }
        if (frames > 1) {
            out.text(Tag.NumberOfFrames, "IS", Integer.toString(frames));
        }
        (wrongVrs ? out.ul(Tag.Rows, rows) : out.us(Tag.Rows, rows))
                .us(Tag.Columns, columns)
                .text(0x00280030, "DS", "0.7\\0.7")
                .us(Tag.BitsAllocated, bits)
                .us(0x00280101, stored)
                .us(0x00280102, stored - 1)
                .us(Tag.PixelRepresentation, signed ? 1 : 0);
        if (headPadding > 0) {
            out.text(0x00990010, "LO", "SYNTHETIC").element(0x00991001, "OB", new byte[headPadding]);
        }
        if (privateTags) {
            privateTags(out);
        }
        if (!fragments.isEmpty()) {
            out.fragments(fragments);
            return;
        }
        byte[] value = pixels();
        if (transferSyntax.equals(UID.RLELossless)) {
            out.fragments(rleFrames(value));
        } else {
            out.element(
                    Tag.PixelData, wordBytes == 1 ? "OB" : "OW", Arrays.copyOf(value, value.length + value.length % 2));
        }
    }

    private void privateTags(DicomWriter out) {
        byte[] implicit = DicomWriter.of(UID.ImplicitVRLittleEndian)
                .item(
                        Lengths.UNDEFINED,
                        DicomWriter.of(UID.ImplicitVRLittleEndian)
                                .text(0x009B1001, "LO", "inside")
                                .toBytes())
                .toBytes();
        out.text(0x009B0010, "LO", "STRONGROOM TRIAL")
                .element(0x009B1001, "UN", new byte[] {1, 2, 3, 4})
                .sequence(0x009B1002, lengths, List.of(decoy()))
                .header(0x009B1003, "UN", 0xFFFFFFFFL)
                .raw(implicit)
                .tag(Tag.SequenceDelimitationItem)
                .u32(0);
    }

    private List<byte[]> rleFrames(byte[] value) {
        List<byte[]> encoded = new ArrayList<>();
        int frameBytes = value.length / frames;
        for (int frame = 0; frame < frames; frame++) {
            byte[] one = Arrays.copyOfRange(value, frame * frameBytes, (frame + 1) * frameBytes);
            encoded.add(Rle.encode(one, wordBytes, samples, columns));
        }
        return encoded;
    }

    private byte[] draw() {
        boolean big = transferSyntax.equals(UID.ExplicitVRBigEndian);
        ByteBuffer value = ByteBuffer.allocate(frames * rows * columns * samples * wordBytes)
                .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int outer = planar ? samples : 1;
        int inner = planar ? 1 : samples;
        for (int frame = 0; frame < frames; frame++) {
            for (int plane = 0; plane < outer; plane++) {
                for (int pixel = 0; pixel < rows * columns; pixel++) {
                    for (int component = 0; component < inner; component++) {
                        put(value, sample(frame, pixel, plane + component));
                    }
                }
            }
        }
        return value.array();
    }

    private int sample(int frame, int pixel, int component) {
        int row = pixel / columns;
        double x = 2.0 * (pixel % columns) / columns - 1;
        double y = 2.0 * row / rows - 1;
        int slice = instance + frame;
        return picture.at(x, y, slice, component, noise(slice, pixel));
    }

    /** About normal, standard deviation about 74; a hash, so that every machine draws the same. */
    private static int noise(int slice, int pixel) {
        long hash = (slice * 0x9E3779B97F4A7C15L + pixel) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 31) * 0x94D049BB133111EBL;
        hash ^= hash >>> 29;
        return (int) ((hash & 0x7F) + (hash >>> 7 & 0x7F) + (hash >>> 14 & 0x7F) + (hash >>> 21 & 0x7F)) - 254;
    }

    private void put(ByteBuffer value, int sample) {
        switch (wordBytes) {
            case 1 -> value.put((byte) sample);
            case 2 -> value.putShort((short) sample);
            default -> value.putInt(sample);
        }
    }

    private DicomWriter writer() {
        return DicomWriter.of(transferSyntax);
    }

    private static byte[] deflate(byte[] dataset) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(dataset);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }
}
