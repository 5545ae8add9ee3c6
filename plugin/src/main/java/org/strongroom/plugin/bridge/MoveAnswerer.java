package org.strongroom.plugin.bridge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;

/** Answers every C-MOVE in place of Orthanc. Called by the bridge's move workers, several at a time. Nothing need be remembered between calls. */
public interface MoveAnswerer {
    /**
     * The sub-operations, in their order; none if nothing matches. May do the first of them, to fail with it.
     *
     * @return a text for each, without NUL, that {@link #send} understands
     * @throws StrongroomException whatever is thrown fails the C-MOVE: the modality is told that it could not be processed
     */
    List<String> plan(Move move) throws StrongroomException;

    /**
     * One sub-operation. Called once for each, in their order, until one fails: then Orthanc ends the C-MOVE with a warning and sends no other,
     * and says of all before it, and of it, that they are complete.
     *
     * @throws StrongroomException whatever is thrown counts as one that failed
     */
    void send(Move move, String step) throws StrongroomException;

    /** With the numbers of OrthancPluginResourceType. */
    enum Level {
        PATIENT,
        STUDY,
        SERIES,
        INSTANCE
    }

    /** Which identifier. */
    enum Id {
        PATIENT,
        ACCESSION,
        STUDY,
        SERIES,
        INSTANCE
    }

    /**
     * What is to be moved.
     *
     * @param target AET of the destination
     * @param level empty if the modality did not say
     * @param ids what the modality gave; may be lists with backslashes
     * @param messageId of the C-MOVE, for the sub-operations
     */
    record Move(DicomPeer peer, String target, Optional<Level> level, Map<Id, String> ids, int messageId) {}
}
