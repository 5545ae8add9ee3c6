package org.strongroom.plugin.receipt;

import java.io.IOException;
import org.strongroom.core.io.ByteSource;

/** An object whose end is read once, in one go, when something of it is first needed. For one thread. */
final class WindowedEnd implements ByteSource {
    private final ByteSource object;
    private final long start;
    private byte[] end;

    /** @param window bytes of the end, at most all */
    WindowedEnd(ByteSource object, int window) {
        this.object = object;
        this.start = object.size() - window;
    }

    @Override
    public long size() {
        return object.size();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        if (position < start || position > size() - length) {
            object.read(position, target, targetOffset, length);
            return;
        }
        if (end == null) {
            end = object.read(start, (int) (size() - start));
        }
        System.arraycopy(end, (int) (position - start), target, targetOffset, length);
    }
}
