package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** A range of an object that is opened again where it broke. For one thread. */
final class ResumingStream extends InputStream {
    /** Opens {@code length} bytes from {@code offset} on. */
    @FunctionalInterface
    interface Opener {
        InputStream open(long offset, long length);
    }

    private final Opener opener;
    private final Attempts attempts;
    private InputStream current;
    private long offset;
    private long left;

    /** Opens the range, so that what is absent is known at once. */
    ResumingStream(long offset, long length, Opener opener, Attempts attempts) {
        this.offset = offset;
        this.left = length;
        this.opener = opener;
        this.attempts = attempts;
        this.current = reopen();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int length) {
        Objects.checkFromIndexSize(at, length, target.length);
        if (left == 0 || length == 0) {
            return length == 0 ? 0 : -1;
        }
        while (true) {
            try {
                int count = current.read(target, at, (int) Math.min(length, left));
                if (count < 0) {
                    throw new java.io.EOFException("the stream ended early");
                }
                offset += count;
                left -= count;
                attempts.progressed();
                return count;
            } catch (StrongroomException e) {
                attempts.failed(e);
            } catch (IOException e) {
                attempts.failed(broken(e));
            }
            closeQuietly();
            current = reopen();
        }
    }

    private InputStream reopen() {
        while (true) {
            try {
                return opener.open(offset, left);
            } catch (StrongroomException e) {
                attempts.failed(e);
            }
        }
    }

    /** Of a stream that broke nothing more is expected, not even a clean end. */
    private void closeQuietly() {
        try {
            current.close();
        } catch (IOException e) {
            attempts.failed(broken(e));
        }
    }

    private static StrongroomException broken(IOException e) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                .causedBy(e);
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, current.available());
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
