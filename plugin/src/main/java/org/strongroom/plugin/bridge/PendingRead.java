package org.strongroom.plugin.bridge;

import java.io.IOException;
import org.strongroom.core.error.StrongroomException;

/**
 * One read that Orthanc waits for. Used by one thread at a time; exactly one of {@link #succeed} and {@link #fail} ends
 * it, later calls do nothing.
 */
public interface PendingRead {
    Attachment attachment();

    /**
     * As {@link ArrivalContext#token}: for whom the request's thread reads. Empty for what is read for no request that Orthanc told of: by
     * DICOM, jobs, threads of other plugins.
     */
    default String token() {
        return ArrivalContext.NO_TOKEN;
    }

    /** Whether the whole attachment is wanted; then {@link #allocate} comes before {@link #copyOut}. */
    boolean isWhole();

    /** First byte wanted; 0 for a whole read. */
    long offset();

    /**
     * Bytes wanted.
     *
     * @throws IllegalStateException for a whole read before {@link #allocate}
     */
    long length();

    /**
     * Makes room for a whole attachment of {@code size} bytes in memory that Orthanc will own. Who begins again from another
     * copy calls it again, with the same size, and copies from the start.
     */
    void allocate(long size) throws IOException;

    /**
     * Copies bytes into the answer.
     *
     * @param position from the start of the answer, not of the attachment
     * @throws IOException if Orthanc has given up or the range leaves the answer
     */
    void copyOut(long position, byte[] source, int offset, int length) throws IOException;

    /** Answers with what was copied. A range or allocation that was not filled becomes an error. */
    void succeed();

    void fail(StrongroomException cause);

    /** Whether Orthanc still waits. */
    boolean isAlive();
}
