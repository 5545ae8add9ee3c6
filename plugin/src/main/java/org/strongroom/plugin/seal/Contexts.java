package org.strongroom.plugin.seal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.strongroom.core.format.v1.SealedHeader;

/** What binds a message to its file and place (format.md §3.2, §3.3). */
final class Contexts {
    private Contexts() {}

    static byte[] head(SealedHeader header) {
        return append(header.encode(), "head");
    }

    static byte[] body(SealedHeader header) {
        return append(header.encode(), "body");
    }

    private static byte[] append(byte[] header, String piece) {
        byte[] context = Arrays.copyOf(header, header.length + piece.length());
        System.arraycopy(piece.getBytes(StandardCharsets.US_ASCII), 0, context, header.length, piece.length());
        return context;
    }
}
