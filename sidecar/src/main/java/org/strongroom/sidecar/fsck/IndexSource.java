package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.strongroom.core.error.StrongroomException;

/** Whoever can tell what Orthanc's index knows. Used by one thread. */
interface IndexSource {
    /** As in {@code FsckLine.Result.index}. */
    String name();

    /**
     * Puts every attachment that the index knows now into {@code pile}.
     *
     * @param progress is told how many it is so far
     * @throws StrongroomException UNAVAILABLE if it cannot be asked: then what is in the pile means nothing
     */
    void list(Attachments pile, LongConsumer progress) throws IOException, InterruptedException;
}
