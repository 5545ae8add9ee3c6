package org.strongroom.sidecar.ledger;

/** Where a sealed file is on this machine; the numbers are in the ledger. */
public enum Place {
    /** Nowhere: only in tiers. */
    ABSENT(0),
    /** In the spool, whole. */
    SPOOL(1),
    /** In the cache, whole. */
    CACHE(2),
    /** In the cache, its head piece only. */
    HEAD(3);

    private final int code;

    Place(int code) {
        this.code = code;
    }

    static Place of(int code) {
        for (Place each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new IllegalArgumentException("no such number in the ledger: " + code);
    }

    int code() {
        return code;
    }
}
