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
    ALIAS(6, 32);

    private final int code;
    private final int payloadSize;

    JournalType(int code, int payloadSize) {
        this.code = code;
        this.payloadSize = payloadSize;
    }

    int code() {
        return code;
    }

    /** Bytes of the payload, always the same for one type. */
    public int payloadSize() {
        return payloadSize;
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
