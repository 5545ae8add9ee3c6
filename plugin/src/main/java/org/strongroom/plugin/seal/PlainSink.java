package org.strongroom.plugin.seal;

import java.io.IOException;

/** Takes plain bytes piece by piece, in order. */
@FunctionalInterface
public interface PlainSink {
    /**
     * Takes one piece. The array is the giver's again when this returns.
     *
     * @param position of the piece, counted from the start of the range that was asked for
     */
    void accept(long position, byte[] bytes, int offset, int length) throws IOException;
}
