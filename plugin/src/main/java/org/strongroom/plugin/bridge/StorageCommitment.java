package org.strongroom.plugin.bridge;

import org.strongroom.core.error.StrongroomException;

/** Answers DICOM storage commitment. Called by one worker of the bridge, for one instance after the other. */
@FunctionalInterface
public interface StorageCommitment {
    /** With the numbers of OrthancPluginStorageCommitmentFailureReason. */
    enum Answer {
        /** The sender may delete its copy. */
        COMMITTED(0),
        /** 0110H: not yet, ask again. */
        PROCESSING_FAILURE(1),
        /** 0112H: not here, send it again. */
        NO_SUCH_INSTANCE(2),
        /** 0119H: here under another SOP class. */
        CLASS_CONFLICT(5);

        final byte reason;

        Answer(int reason) {
            this.reason = (byte) reason;
        }
    }

    /**
     * Whether the sender may rely on this installation from now on. Must answer soon: a job of Orthanc waits.
     *
     * @throws StrongroomException the sender is told {@link Answer#PROCESSING_FAILURE}
     */
    Answer of(String sopClass, String sopInstance) throws StrongroomException;
}
