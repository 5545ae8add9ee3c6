package org.strongroom.core.format.v1;

/** What a journal entry says (format.md §6). */
public enum JournalType {
    /** Orthanc removed an attachment: its uuid. */
    TOMBSTONE(1, 16),
    /** A tombstone is taken back: the attachment's uuid. */
    RESTORED(2, 16),
    /** A study key is no longer used for new files: its id. */
    KEY_CLOSED(3, 16),
    /** A key bundle is genuine: SHA-256 of its bytes. */
    BUNDLE(4, 32),
    /** A pack is genuine: its id, SHA-256 of its prologue and index. */
    PACK(5, 48),
    /** A sealed attachment has one more name: the name, the uuid that it was sealed under. */
    ALIAS(6, 32),
    /** Somebody forbids deleting something: id of the hold, sealed text that says who, why and what. */
    HOLD(7, 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** What a key, or any key of a tenant, seals is under a hold: id of the hold, id of the key or tenant. */
    HELD(8, 32),
    /** A hold is over: its id, sealed text that says who ended it, and why. */
    HOLD_ENDED(9, 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** Somebody orders an erasure: its id, sealed text that says who and why. */
    ERASURE(10, 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** What an erasure is about: its id, id of a key. */
    TO_BE_ERASED(11, 32),
    /** Somebody else agrees to an erasure: its id, sealed text that says who. */
    ERASURE_APPROVED(12, 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** An erasure is not to be carried out: its id, sealed text that says who says so, and why. */
    ERASURE_WITHDRAWN(13, 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** A key is destroyed, and nothing that it sealed is to be opened ever again: id of the erasure, id of the key. */
    KEY_DESTROYED(14, 32),
    /** Studies are another tenant's from now on: id of the assignment, id of the tenant, ids of their keys, sealed text that says who and why. */
    ASSIGNED(15, 16 + 16 + 1 + 16 + 1, 16 + JournalType.LONGEST_TEXT),
    /** A name means another sealed attachment from now on: the name, the uuid that that one was sealed under. */
    MOVED(16, 32);

    /** Most bytes of a sealed text. */
    public static final int LONGEST_TEXT = 4096;

    private final int code;
    private final int least;
    private final int most;

    JournalType(int code, int payloadSize) {
        this(code, payloadSize, payloadSize);
    }

    JournalType(int code, int least, int most) {
        this.code = code;
        this.least = least;
        this.most = most;
    }

    int code() {
        return code;
    }

    /** Whether a payload of this type can have so many bytes. */
    boolean permits(int payloadSize) {
        return payloadSize >= least && payloadSize <= most;
    }

    static JournalType of(int code) {
        for (JournalType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("journal entry type " + code);
    }
}
