package org.strongroom.plugin.tenancy;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;

/** The keys that {@link StrayRemoval} has to do with. Obligations: safe for several threads. */
public interface StrayKeys {
    /**
     * The name of the tenant that an attachment is sealed for; empty if it is in clear.
     *
     * @throws StrongroomException if it cannot be told now
     */
    Optional<String> tenant(UUID attachment) throws IOException;

    /** Nothing that is sealed with the key of this attachment is purged before a person has decided. Durable when this returns. */
    void keep(UUID attachment) throws IOException;

    /** Closes quarantine's key for a study: the next part that comes gets another one. Durable when this returns. */
    void close(byte[] patientId, byte[] studyInstanceUid) throws IOException;
}
