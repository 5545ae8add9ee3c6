package org.strongroom.sidecar.uplink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Gives what is to be sent as fast as the uplink allows. For one thread. */
public class PacedStream extends FilterInputStream {
    private final Uplink uplink;

    public PacedStream(InputStream content, Uplink uplink) {
        super(content);
        this.uplink = uplink;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        return super.read(target, offset, Math.min(length, uplink.take(length)));
    }
}
