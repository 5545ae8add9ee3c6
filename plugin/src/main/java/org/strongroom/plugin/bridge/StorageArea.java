package org.strongroom.plugin.bridge;

import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/**
 * Orthanc's storage area. Called by the bridge's storage workers, several at a time. Whatever is thrown becomes an error
 * code for the sender; nothing else than a normal return of create acknowledges an image.
 */
public interface StorageArea {
    /**
     * Stores {@code content}. When this returns it is sealed and durable.
     *
     * @param content Orthanc's own buffer: valid until this returns, throws {@link java.io.IOException} once Orthanc has given up
     * @param commit called as the last step before the content becomes visible; false if Orthanc has given up: then
     *     nothing may be left behind
     */
    void create(Attachment attachment, ByteSource content, Commit commit) throws StrongroomException;

    /** The same, called instead of it if {@link PluginApplication#wantsArrivals}. */
    default void create(Attachment attachment, ArrivalContext source, ByteSource content, Commit commit)
            throws StrongroomException {
        create(attachment, content, commit);
    }

    /**
     * Orthanc has what was created in its index, as the instance that it calls so. Called after the {@link #create} of a DICOM file
     * that came from outside, if {@link PluginApplication#wantsArrivals}, before the sender is told; every arrival waits: must answer
     * from memory.
     */
    default void stored(Attachment attachment, String instance) {}

    /** Answers a read, now or later, on this or another thread. Must not wait for the network on the calling thread. */
    void read(PendingRead read);

    /** Notes that Orthanc forgot an attachment. Durable when this returns; must not block on anything but the journal. */
    void remove(Attachment attachment) throws StrongroomException;

    /** The point of no return of a {@link #create}. */
    @FunctionalInterface
    interface Commit {
        /**
         * Whether Orthanc still waits for the answer; if so it waits for ten minutes more. Where a disk hangs even longer,
         * or the answer comes after Orthanc has given up, the sender is told of an error and the bridge calls {@link
         * StorageArea#remove}.
         */
        boolean enter();
    }
}
