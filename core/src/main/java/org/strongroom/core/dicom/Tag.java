package org.strongroom.core.dicom;

/** The tags this project reads (PS3.6), named as in dcm4che. */
public final class Tag {
    public static final int TransferSyntaxUID = 0x00020010;
    public static final int SpecificCharacterSet = 0x00080005;
    public static final int SOPInstanceUID = 0x00080018;
    public static final int StudyDate = 0x00080020;
    public static final int Modality = 0x00080060;
    public static final int PatientBirthDate = 0x00100030;
    public static final int PatientID = 0x00100020;
    public static final int StudyInstanceUID = 0x0020000D;
    public static final int SeriesInstanceUID = 0x0020000E;
    public static final int InstanceNumber = 0x00200013;
    public static final int SamplesPerPixel = 0x00280002;
    public static final int PlanarConfiguration = 0x00280006;
    public static final int NumberOfFrames = 0x00280008;
    public static final int Rows = 0x00280010;
    public static final int Columns = 0x00280011;
    public static final int BitsAllocated = 0x00280100;
    public static final int PixelRepresentation = 0x00280103;
    public static final int FloatPixelData = 0x7FE00008;
    public static final int DoubleFloatPixelData = 0x7FE00009;
    public static final int PixelData = 0x7FE00010;
    public static final int Item = 0xFFFEE000;
    public static final int ItemDelimitationItem = 0xFFFEE00D;
    public static final int SequenceDelimitationItem = 0xFFFEE0DD;

    private Tag() {}

    /** Whether the header reader keeps the value of this tag. */
    static boolean isKept(int tag) {
        return switch (tag) {
            case SpecificCharacterSet,
                    SOPInstanceUID,
                    StudyDate,
                    Modality,
                    PatientID,
                    PatientBirthDate,
                    StudyInstanceUID,
                    SeriesInstanceUID,
                    InstanceNumber,
                    SamplesPerPixel,
                    PlanarConfiguration,
                    NumberOfFrames,
                    Rows,
                    Columns,
                    BitsAllocated,
                    PixelRepresentation -> true;
            default -> OriginTags.contains(tag);
        };
    }

    static boolean isPixels(int tag) {
        return tag == PixelData || tag == FloatPixelData || tag == DoubleFloatPixelData;
    }
}
