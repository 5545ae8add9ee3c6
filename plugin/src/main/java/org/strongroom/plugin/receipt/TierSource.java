package org.strongroom.plugin.receipt;

import java.io.EOFException;
import java.io.IOException;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.io.ByteSource;

/** An object in a tier, read through the sidecar, never from a cache. Thread-safe. */
public final class TierSource implements ByteSource {
    private final ControlClient sidecar;
    private final String tier;
    private final String name;
    private final long size;

    public TierSource(ControlClient sidecar, String tier, String name, long size) {
        this.sidecar = sidecar;
        this.tier = tier;
        this.name = name;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        if (position < 0 || length < 0 || position > size - length) {
            throw new EOFException("range leaves the object");
        }
        if (length > 0) {
            byte[] bytes = sidecar.tierObject(tier, name, position, length);
            System.arraycopy(bytes, 0, target, targetOffset, length);
        }
    }
}
