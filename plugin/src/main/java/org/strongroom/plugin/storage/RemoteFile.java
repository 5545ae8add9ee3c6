package org.strongroom.plugin.storage;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.io.ByteSource;

/**
 * A sealed file that the sidecar fetches. Ranges are asked for in windows, because every question may cost a round trip to the cloud: of at
 * least 1 MiB, or 256 KiB where a few bytes are asked for. Used by one thread.
 */
public final class RemoteFile implements ByteSource {
    private static final int WINDOW = 1 << 20;
    /** Most slices are within it as a whole. Who has the beginning of more may have to wait for others, with little in memory. */
    private static final int SMALL_WINDOW = 256 << 10;
    /** A header, a table, and what proves that they are genuine: not yet what they are about. */
    private static final int FEW = 4096;

    private static final byte[] NOTHING = new byte[0];

    private final ControlClient sidecar;
    private final UUID attachment;
    private final Duration deadline;
    private final boolean doubt;
    private final long size;
    private byte[] window = NOTHING;
    private long windowStart;

    /**
     * Asks for its size.
     *
     * @param deadline how long each question may wait for a tier
     * @param doubt whether what came before did not open
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if it was never seen
     */
    public RemoteFile(ControlClient sidecar, UUID attachment, Duration deadline, boolean doubt) {
        this.doubt = doubt;
        this.sidecar = sidecar;
        this.attachment = attachment;
        this.deadline = deadline;
        this.size = sidecar.sealedSize(attachment, deadline);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        if (position < 0 || length < 0 || position > size - length) {
            throw new EOFException("range leaves the sealed file");
        }
        int done = 0;
        while (done < length) {
            long at = position + done;
            if (at < windowStart || at >= windowStart + window.length) {
                int usual = length - done > FEW ? WINDOW : SMALL_WINDOW;
                int wanted = (int) Math.min(Math.max(usual, length - done), size - at);
                window = NOTHING; // the old one must not stand beside the new one
                window = sidecar.sealed(attachment, at, wanted, deadline, doubt);
                windowStart = at;
            }
            int from = (int) (at - windowStart);
            int count = Math.min(length - done, window.length - from);
            System.arraycopy(window, from, target, targetOffset + done, count);
            done += count;
        }
    }
}
