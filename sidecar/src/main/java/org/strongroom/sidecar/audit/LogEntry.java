package org.strongroom.sidecar.audit;

import org.strongroom.core.audit.AuditEntry;

/** An entry at its position in the log. Immutable. */
public final class LogEntry {
    private final long index;
    private final byte[] json;

    LogEntry(long index, byte[] json) {
        this.index = index;
        this.json = json;
    }

    /** Its position, from 0 on, for ever. */
    public long index() {
        return index;
    }

    /** Its bytes, as they were recorded. */
    public byte[] json() {
        return json.clone();
    }

    /**
     * What it says.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if this version cannot read it
     */
    public AuditEntry entry() {
        return AuditEntry.decode(json);
    }
}
