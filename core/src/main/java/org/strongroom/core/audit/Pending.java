package org.strongroom.core.audit;

import java.util.Optional;

/** What stands in a pending file (format.md §9.2): an entry, or bytes that are none. Immutable. */
public final class Pending {
    private final int file;
    private final Optional<AuditEntry> entry;
    private final byte[] json;
    private final long unreadable;

    private Pending(int file, Optional<AuditEntry> entry, byte[] json, long unreadable) {
        this.file = file;
        this.entry = entry;
        this.json = json;
        this.unreadable = unreadable;
    }

    static Pending of(int file, AuditEntry entry, byte[] json) {
        return new Pending(file, Optional.of(entry), json, 0);
    }

    static Pending unreadable(int file, long bytes) {
        return new Pending(file, Optional.empty(), new byte[0], bytes);
    }

    /** The number of the file. */
    public int file() {
        return file;
    }

    /** Empty if this is not an entry but the end of a file that nobody writes any more: what a killed writer left, or damage. */
    public Optional<AuditEntry> entry() {
        return entry;
    }

    /** The entry's bytes. */
    public byte[] json() {
        return json.clone();
    }

    /** How many bytes are no entry; 0 if this is one. */
    public long unreadable() {
        return unreadable;
    }
}
