package org.strongroom.core.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.io.ByteSource;

/**
 * What can be told of a DICOM file without its pixels: who it is, and where and how its pixels lie. Immutable; its values
 * are PHI.
 *
 * <p>Only the top level counts: a StudyInstanceUID inside a sequence belongs to another instance.
 */
public final class DicomHeader {
    private static final int PREAMBLE = 128;
    private static final int MAGIC = 0x4449434D; // "DICM"
    /** How much of a compressed data set is inflated: identity stands in the first groups. */
    private static final int INFLATED_PREFIX = 1 << 20;

    private final String transferSyntax;
    private final Attributes attributes;
    private final PixelElement pixels;
    private final long size;
    private final boolean bigEndian;

    private DicomHeader(
            String transferSyntax, Attributes attributes, PixelElement pixels, long size, boolean bigEndian) {
        this.transferSyntax = transferSyntax;
        this.attributes = attributes;
        this.pixels = pixels;
        this.size = size;
        this.bigEndian = bigEndian;
    }

    /**
     * Reads a header in steps of 16 KiB, up to the pixels and never into them.
     *
     * @return what was understood; empty if this is no DICOM file at all. Accepted are Part 10 files and, as DCMTK does,
     *     files that start with their meta group or with group 8
     * @throws IOException only if {@code file} cannot be read; never because of what it holds
     */
    public static Optional<DicomHeader> read(ByteSource file) throws IOException {
        Window in = new Window(file);
        boolean part10 = in.has(PREAMBLE, 4) && in.u32(PREAMBLE, true) == MAGIC;
        if (!part10 && !startsLikeDataset(in)) {
            return Optional.empty();
        }
        long metaStart = part10 ? PREAMBLE + 4 : 0;
        ElementReader meta = new ElementReader(in, metaStart, guess(in, metaStart));
        String transferSyntax = meta.readMeta();
        DicomHeader header = readDataset(file, in, meta.position(), transferSyntax);
        return part10 || header.identity().isPresent() ? Optional.of(header) : Optional.empty();
    }

    private static DicomHeader readDataset(ByteSource file, Window in, long start, String transferSyntax)
            throws IOException {
        if (UID.isDeflated(transferSyntax)) {
            byte[] prefix = InflatedPrefix.of(file, start, true, INFLATED_PREFIX);
            Attributes attributes = new Attributes(false);
            // Offsets in the inflated stream mean nothing in the file: no pixels.
            new ElementReader(new Window(ByteSource.of(prefix)), 0, Encoding.EXPLICIT_LITTLE).readDataset(attributes);
            return new DicomHeader(transferSyntax, attributes, null, file.size(), false);
        }
        Encoding known = Encoding.of(transferSyntax);
        Encoding encoding = known == null ? guess(in, start) : known;
        Attributes attributes = new Attributes(encoding.big);
        PixelElement pixels = new ElementReader(in, start, encoding).readDataset(attributes);
        return new DicomHeader(transferSyntax, attributes, pixels, file.size(), encoding.big);
    }

    private static Encoding guess(Window in, long start) throws IOException {
        return in.has(start, 8) ? Encoding.guess(in.bytes(start, 8)) : Encoding.EXPLICIT_LITTLE;
    }

    private static boolean startsLikeDataset(Window in) throws IOException {
        if (!in.has(0, 8)) {
            return false;
        }
        int little = in.tag(0, false) >>> 8;
        int big = in.tag(0, true) >>> 8;
        // Groups 2 and 8 with an element number below 0100, in either byte order.
        return little == 0x000200 || little == 0x000800 || big == 0x000200 || big == 0x000800;
    }

    /** The transfer syntax UID of the meta group; empty if there is none. */
    public String transferSyntax() {
        return transferSyntax;
    }

    public Attributes attributes() {
        return attributes;
    }

    /** PatientID, trimmed as in format.md §5.3; empty if absent. */
    public byte[] patientId() {
        return attributes.getBytes(Tag.PatientID);
    }

    /** StudyInstanceUID, trimmed; empty if absent. */
    public byte[] studyInstanceUid() {
        return attributes.getBytes(Tag.StudyInstanceUID);
    }

    /** SeriesInstanceUID, trimmed; empty if absent. */
    public byte[] seriesInstanceUid() {
        return attributes.getBytes(Tag.SeriesInstanceUID);
    }

    /** SOPInstanceUID, trimmed; empty if absent. */
    public byte[] sopInstanceUid() {
        return attributes.getBytes(Tag.SOPInstanceUID);
    }

    /** InstanceNumber: the order in the series; 0 if absent, negative or not a number. */
    public int instanceNumber() {
        return Math.max(0, attributes.getInt(Tag.InstanceNumber, 0));
    }

    /**
     * Text of one of {@link OriginTags}, without spaces around it; empty if it is absent, or not in a character set that is read here.
     *
     * @param keyword of any other tag it is empty, too
     */
    public String origin(String keyword) {
        OptionalInt tag = OriginTags.of(keyword);
        if (tag.isEmpty()) {
            return "";
        }
        String named = new String(attributes.getBytes(Tag.SpecificCharacterSet), StandardCharsets.ISO_8859_1);
        return CharacterSets.decode(attributes.getBytes(tag.getAsInt()), named).strip();
    }

    /** Whose it is; empty if its study is not known, and so not the key to seal it under. */
    public Optional<Identity> identity() {
        byte[] study = studyInstanceUid();
        return study.length == 0
                ? Optional.empty()
                : Optional.of(new Identity(patientId(), study, seriesInstanceUid()));
    }

    /** Where the pixels are; empty if there are none, if the file was not understood so far, or if it is deflated. */
    public Optional<PixelElement> pixels() {
        return Optional.ofNullable(pixels);
    }

    /** The shape of native pixels; empty if they are encapsulated, cut short, or do not fit what the header says. */
    public Optional<NativePixels> nativePixels() {
        if (pixels == null || pixels.isEncapsulated() || !UID.isNative(transferSyntax)) {
            return Optional.empty();
        }
        int bits = attributes.getInt(Tag.BitsAllocated, 0);
        int samples = attributes.getInt(Tag.SamplesPerPixel, 1);
        int rows = attributes.getInt(Tag.Rows, 0);
        int columns = attributes.getInt(Tag.Columns, 0);
        int frames = attributes.getInt(Tag.NumberOfFrames, 1);
        boolean possible = (bits == 8 || bits == 16 || bits == 32)
                && samples >= 1
                && samples <= 4
                && rows >= 1
                && columns >= 1
                && frames >= 1
                && pixels.length() <= size - pixels.valueOffset();
        if (!possible) {
            return Optional.empty();
        }
        long frameBytes = (long) bits / 8 * samples * columns * rows;
        if (pixels.length() / frameBytes != frames) {
            return Optional.empty();
        }
        boolean planar = attributes.getInt(Tag.PlanarConfiguration, 0) == 1;
        boolean signed = attributes.getInt(Tag.PixelRepresentation, 0) == 1;
        ImageLayout layout = new ImageLayout(bits / 8, signed, bigEndian, planar ? 1 : samples, columns);
        return Optional.of(new NativePixels(layout, frameBytes, frames));
    }
}
