package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;

/**
 * Exactly {@code length} bytes of another stream. An end that comes early, or any failure, is a {@link
 * StrongroomException}; bytes beyond the length are never given. For one thread.
 */
final class ExactStream extends InputStream {
    private final InputStream source;
    private final Function<IOException, StrongroomException> failure;
    private final Runnable breakOff;
    private long left;

    /** Reads {@code source}, which it owns from now on. */
    ExactStream(InputStream source, long length, Function<IOException, StrongroomException> failure) {
        this(source, length, failure, () -> {});
    }

    /** As above; {@code breakOff} is called before a close that leaves bytes unread. */
    ExactStream(
            InputStream source, long length, Function<IOException, StrongroomException> failure, Runnable breakOff) {
        this.source = source;
        this.left = length;
        this.failure = failure;
        this.breakOff = breakOff;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (left == 0) {
            return length == 0 ? 0 : -1;
        }
        try {
            int count = source.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new java.io.EOFException("the stream ended early");
            }
            left -= count;
            return count;
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, source.available());
    }

    @Override
    public void close() throws IOException {
        if (left > 0) {
            breakOff.run();
        }
        source.close();
    }
}
