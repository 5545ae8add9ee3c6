package org.strongroom.plugin.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Installation;

/** The packs that a journal says are genuine; it is read only when somebody asks for one that was not known before. Thread-safe. */
final class JournaledPacks {
    private final Path folder;
    private final Installation installation;
    private final Map<UUID, Sha256> digests = new HashMap<>();
    private long readTo = -1;

    JournaledPacks(Path folder, Installation installation) {
        this.folder = folder;
        this.installation = installation;
    }

    /** @param sequence of the journal's last entry */
    synchronized boolean knows(UUID pack, Sha256 prologueAndIndex, long sequence) throws IOException {
        if (!digests.containsKey(pack) && readTo < sequence) {
            Journal.read(folder, installation, (entry, chain) -> {
                if (entry.type() == JournalType.PACK) {
                    digests.put(entry.id(), entry.digest());
                }
            });
            readTo = sequence;
        }
        return prologueAndIndex.equals(digests.get(pack));
    }
}
