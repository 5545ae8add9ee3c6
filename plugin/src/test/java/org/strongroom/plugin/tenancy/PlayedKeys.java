package org.strongroom.plugin.tenancy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Says of attachments what it was told, and remembers what it was asked. */
final class PlayedKeys implements StrayKeys {
    final Map<UUID, String> tenants = new ConcurrentHashMap<>();
    final List<UUID> asked = new CopyOnWriteArrayList<>();
    final List<UUID> kept = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    volatile boolean full;

    @Override
    public Optional<String> tenant(UUID attachment) {
        asked.add(attachment);
        return Optional.ofNullable(tenants.get(attachment));
    }

    @Override
    public void keep(UUID attachment) throws IOException {
        write();
        kept.add(attachment);
    }

    @Override
    public void close(byte[] patientId, byte[] studyInstanceUid) throws IOException {
        write();
        closed.add(new String(studyInstanceUid, StandardCharsets.US_ASCII));
    }

    private void write() throws IOException {
        if (full) {
            throw new IOException("the journal cannot be written");
        }
    }
}
