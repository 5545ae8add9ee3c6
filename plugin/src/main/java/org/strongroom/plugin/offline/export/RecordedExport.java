package org.strongroom.plugin.offline.export;

import java.util.List;
import java.util.UUID;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ExportNotice;
import org.strongroom.plugin.export.Destination;

/** An export in the audit log: that it begins is there before anything is written, and its end before it is told. For one thread. */
final class RecordedExport implements AutoCloseable {
    /** So many keys fit into a request to the sidecar (1 MiB, 39 bytes each). */
    private static final int MOST = 20_000;

    private final ControlClient sidecar;
    private final UUID id = UUID.randomUUID();
    private final List<UUID> keys;
    private final Destination export;
    private boolean ended;

    private RecordedExport(ControlClient sidecar, List<UUID> keys, Destination export) {
        this.sidecar = sidecar;
        this.keys = keys;
        this.export = export;
    }

    /** @param keys of what is exported; none: everything */
    static RecordedExport begin(ControlClient sidecar, List<UUID> keys, Destination export) {
        RecordedExport recorded = new RecordedExport(sidecar, keys, export);
        recorded.tell(null);
        return recorded;
    }

    /** All that could be done is done. */
    void end() {
        end(export.failures().isEmpty());
    }

    private void end(boolean whole) {
        tell(new ExportNotice.End(export.images(), export.bytes(), export.written(), whole));
        ended = true;
    }

    private void tell(ExportNotice.End end) {
        String account = System.getProperty("user.name", "");
        if (keys.isEmpty()) {
            sidecar.export(new ExportNotice(id, keys, account, end));
        }
        for (int i = 0; i < keys.size(); i += MOST) {
            sidecar.export(new ExportNotice(id, keys.subList(i, Math.min(keys.size(), i + MOST)), account, end));
        }
    }

    /** What was broken off has an end as well; only a kill leaves none. */
    @Override
    public void close() {
        if (!ended) {
            end(false);
        }
    }
}
