package org.strongroom.plugin.seal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.strongroom.core.format.v1.BlockTable;
import org.strongroom.plugin.codec.BlockDecoder;

/**
 * What one thread opens blocks with. As many are kept for the next readers as there are processors, but no more than four, of at most 7.5 MiB
 * each: a slice would else cost several times its size in new memory. For one thread between {@link #take} and {@link #give}.
 */
final class OpenDesk {
    /** A machine with many processors has the same small heap. */
    static final int MOST_KEPT = Math.min(4, Runtime.getRuntime().availableProcessors());

    private static final BlockingQueue<OpenDesk> KEPT = new ArrayBlockingQueue<>(MOST_KEPT);

    /** A run, a block, its planes, and three rows of an image as wide as they come. */
    private static final int MOST = SealedBody.RUN + 2 * BlockTable.WRITTEN_BLOCK + (1 << 19);

    /** A sealed run, its tags and what its first and last chunk have beside it; a small message. */
    private static final int MOST_SEALED = SealedBody.RUN + (1 << 16) + SealedBody.SMALL_MESSAGE;

    final BlockDecoder decoder = new BlockDecoder();
    private byte[] stored = new byte[0];
    private byte[] plain = new byte[0];
    private byte[] sealed = new byte[0];
    private byte[] message = new byte[0];

    private OpenDesk() {}

    static OpenDesk take() {
        OpenDesk kept = KEPT.poll();
        return kept != null ? kept : new OpenDesk();
    }

    /** One that grew for longer blocks than our own writer's, or for wider rows, or for which there is no room, is left to the collector. */
    void give() {
        if (isSmall()) {
            KEPT.offer(this);
        }
    }

    boolean isSmall() {
        return stored.length + plain.length + decoder.kept() <= MOST && sealed.length + message.length <= MOST_SEALED;
    }

    /** At least {@code length} bytes, of whatever was there before. */
    byte[] stored(int length) {
        if (stored.length < length) {
            stored = new byte[length];
        }
        return stored;
    }

    /** At least {@code length} bytes, of whatever was there before. */
    byte[] plain(int length) {
        if (plain.length < length) {
            plain = new byte[length];
        }
        return plain;
    }

    /** At least {@code length} bytes, of whatever was there before. */
    byte[] sealed(int length) {
        if (sealed.length < length) {
            sealed = new byte[length];
        }
        return sealed;
    }

    /** At least {@code length} bytes, of whatever was there before. */
    byte[] message(int length) {
        if (message.length < length) {
            message = new byte[length];
        }
        return message;
    }
}
