package org.strongroom.core.dicom;

/** Value representations (PS3.5 §6.2) and how explicit syntaxes encode their length (PS3.5 §7.1.2). */
public enum VR {
    AE,
    AS,
    AT,
    CS,
    DA,
    DS,
    DT,
    FD,
    FL,
    IS,
    LO,
    LT,
    OB(true),
    OD(true),
    OF(true),
    OL(true),
    OV(true),
    OW(true),
    PN,
    SH,
    SL,
    SQ(true),
    SS,
    ST,
    SV(true),
    TM,
    UC(true),
    UI,
    UL,
    UN(true),
    UR(true),
    US,
    UT(true),
    UV(true);

    private static final VR[] BY_CODE = byCode();

    private final boolean longForm;

    VR() {
        this(false);
    }

    VR(boolean longForm) {
        this.longForm = longForm;
    }

    /** Whether two reserved bytes and a four-byte length follow the VR, rather than a two-byte length. */
    public boolean isLongForm() {
        return longForm;
    }

    /** The VR with these two letters, or null if the standard has none. */
    static VR of(int first, int second) {
        return isLetter(first) && isLetter(second) ? BY_CODE[(first - 'A') * 26 + second - 'A'] : null;
    }

    /**
     * Whether an element with this VR, standard or not, has the long form. As in DCMTK, two capitals that are no known VR are
     * taken for a VR of the future, and those have the long form; anything else is an old writer's slip with the short form.
     */
    static boolean isLongForm(int first, int second) {
        VR vr = of(first, second);
        return vr == null ? isLetter(first) && isLetter(second) : vr.longForm;
    }

    private static boolean isLetter(int character) {
        return character >= 'A' && character <= 'Z';
    }

    private static VR[] byCode() {
        VR[] table = new VR[26 * 26];
        for (VR vr : values()) {
            table[(vr.name().charAt(0) - 'A') * 26 + vr.name().charAt(1) - 'A'] = vr;
        }
        return table;
    }
}
