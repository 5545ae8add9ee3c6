package org.strongroom.core.dicom;

/** Transfer syntaxes (PS3.6 annex A) that change how a header is read, named as in dcm4che. */
public final class UID {
    public static final String ImplicitVRLittleEndian = "1.2.840.10008.1.2";
    public static final String ExplicitVRLittleEndian = "1.2.840.10008.1.2.1";
    public static final String DeflatedExplicitVRLittleEndian = "1.2.840.10008.1.2.1.99";
    public static final String ExplicitVRBigEndian = "1.2.840.10008.1.2.2";
    public static final String JPIPReferencedDeflate = "1.2.840.10008.1.2.4.95";
    public static final String JPIPHTJ2KReferencedDeflate = "1.2.840.10008.1.2.4.205";
    public static final String RLELossless = "1.2.840.10008.1.2.5";
    /** A header in implicit little endian, pixels in big endian. */
    public static final String PrivateGEImplicitVRBigEndianPixels = "1.2.840.113619.5.2";

    private UID() {}

    static boolean isDeflated(String transferSyntax) {
        return switch (transferSyntax) {
            case DeflatedExplicitVRLittleEndian, JPIPReferencedDeflate, JPIPHTJ2KReferencedDeflate -> true;
            default -> false;
        };
    }

    /** Whether defined-length PixelData of this syntax are samples side by side; {@code ""}: not known, probably. */
    static boolean isNative(String transferSyntax) {
        return switch (transferSyntax) {
            case "", ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian -> true;
            default -> false;
        };
    }
}
