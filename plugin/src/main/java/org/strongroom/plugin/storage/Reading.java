package org.strongroom.plugin.storage;

import java.io.IOException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.PendingRead;
import org.strongroom.plugin.seal.SealedReader;

/** Copies plain bytes into what Orthanc waits for, a piece at a time, so that memory does not grow with the instance. */
final class Reading {
    private static final int PIECE = 1 << 20;

    private Reading() {}

    /** Answers {@code read} from a sealed file, block by block as they open; the caller has still to say {@code succeed}. */
    static void of(SealedReader plain, PendingRead read) throws IOException {
        begin(read, plain.size());
        plain.copy(read.offset(), read.length(), read::copyOut);
    }

    /** Answers {@code read} from {@code plain}; the caller has still to say {@code succeed}. */
    static void ofClear(ByteSource plain, PendingRead read) throws IOException {
        begin(read, plain.size());
        long length = read.length();
        byte[] piece = new byte[(int) Math.min(PIECE, length)];
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(piece.length, length - done);
            plain.read(read.offset() + done, piece, 0, count);
            read.copyOut(done, piece, 0, count);
            done += count;
        }
    }

    private static void begin(PendingRead read, long size) throws IOException {
        if (read.isWhole()) {
            read.allocate(size);
        }
        if (!within(read, size)) {
            throw StrongroomException.of(FailureKind.REFUSED, "a range that leaves the attachment")
                    .with("attachment", read.attachment().uuid())
                    .with("offset", read.offset())
                    .with("length", read.length())
                    .with("size", size);
        }
    }

    /** Whether all that is wanted is within the first {@code size} bytes. */
    static boolean within(PendingRead read, long size) {
        return read.offset() >= 0 && read.length() >= 0 && read.offset() <= size - read.length();
    }
}
