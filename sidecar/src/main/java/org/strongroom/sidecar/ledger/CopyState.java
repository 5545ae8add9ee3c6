package org.strongroom.sidecar.ledger;

import java.util.Locale;

/** How far the copy of a pack in one tier has come; the numbers are in the ledger. */
public enum CopyState {
    /** Planned. */
    QUEUED(0),
    /** An upload id and perhaps some part receipts are known. */
    UPLOADING(1),
    /** The store has made the object. */
    UPLOADED(2),
    /** Size, digests, index, footer and key bundle are verified; the plugin has not opened it yet. */
    CHECKED(3),
    /** It has its receipt. */
    RECEIVED(4),
    /** It had its receipt, and then gave bytes that are not those of the plan, or was gone. */
    SUSPECT(5),
    /** Deleted from the tier on purpose. */
    PURGED(6),
    /** On a disk that is carried to the tier; the line leaves it alone. */
    SEEDED(7);

    private final int code;

    CopyState(int code) {
        this.code = code;
    }

    static CopyState of(int code) {
        for (CopyState each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new IllegalArgumentException("no such number in the ledger: " + code);
    }

    int code() {
        return code;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
