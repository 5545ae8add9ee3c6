package org.strongroom.core.dicom;

/** How elements are written: with VRs or without, and in which byte order. */
enum Encoding {
    IMPLICIT_LITTLE(false, false),
    EXPLICIT_LITTLE(true, false),
    EXPLICIT_BIG(true, true);

    final boolean explicit;
    final boolean big;

    Encoding(boolean explicit, boolean big) {
        this.explicit = explicit;
        this.big = big;
    }

    /** The encoding of a data set in this transfer syntax, or null if the syntax is unknown or private. */
    static Encoding of(String transferSyntax) {
        return switch (transferSyntax) {
            case UID.ImplicitVRLittleEndian, UID.PrivateGEImplicitVRBigEndianPixels -> IMPLICIT_LITTLE;
            case UID.ExplicitVRBigEndian -> EXPLICIT_BIG;
            default -> transferSyntax.startsWith(UID.ImplicitVRLittleEndian + ".") ? EXPLICIT_LITTLE : null;
        };
    }

    /** The likeliest encoding of elements whose first 8 bytes these are; groups are small numbers, VRs are capitals. */
    static Encoding guess(byte[] start) {
        int little = (start[0] & 0xFF) | (start[1] & 0xFF) << 8;
        int big = (start[0] & 0xFF) << 8 | (start[1] & 0xFF);
        if (VR.of(start[4], start[5]) == null) {
            return IMPLICIT_LITTLE;
        }
        return big < little ? EXPLICIT_BIG : EXPLICIT_LITTLE;
    }
}
