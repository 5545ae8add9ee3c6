package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Tier;

/** The bytes of an object in a tier. */
final class TierSource implements ByteSource {
    private final Tier tier;
    private final String name;
    private final long size;

    TierSource(Tier tier, String name, long size) {
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
        try (InputStream in = tier.get(name, position, length)) {
            if (in.readNBytes(target, targetOffset, length) != length) {
                throw new EOFException("range leaves the object");
            }
        }
    }
}
