package org.strongroom.plugin.erase;

import java.io.IOException;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;

/** What Orthanc still has of what a key sealed, where only the rest is to be erased. Obligations: for one thread. */
@FunctionalInterface
public interface Survivors {
    /**
     * Seals some of it anew, under the key that its study has now; Orthanc's names mean the new files when this returns.
     *
     * @param key one that nothing is sealed with any more
     * @return how many files; 0 if nothing is left
     * @throws StrongroomException UNAVAILABLE if one is not to be had now, CORRUPT if it does not open: what was moved before is
     */
    int move(UUID key) throws IOException;
}
