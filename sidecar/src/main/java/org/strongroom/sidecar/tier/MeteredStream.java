package org.strongroom.sidecar.tier;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.TierMeter.Request;

/** Counts what is read from a tier. For one thread. */
final class MeteredStream extends FilterInputStream {
    private final TierMeter meter;

    MeteredStream(InputStream source, TierMeter meter) {
        super(source);
        this.meter = meter;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            int count = super.read(target, offset, length);
            if (count > 0) {
                meter.moved(Request.GET, count);
            }
            return count;
        } catch (StrongroomException e) {
            meter.failed(Request.GET, e);
            throw e;
        }
    }
}
