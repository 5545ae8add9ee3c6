package org.strongroom.core.dicom;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.strongroom.core.io.ByteSource;

/**
 * Attachments as Orthanc makes them with {@code StorageCompression}: the uncompressed size (8 bytes, little endian), then a
 * zlib stream (Orthanc's {@code ZlibCompressor}). They are sealed as they are; this finds out what they were.
 */
public final class OrthancZlib {
    private static final int SIZE_PREFIX = 8;
    /** Deflate cannot do better than about 1 : 1032. */
    private static final long BEST_RATIO = 1100;

    private OrthancZlib() {}

    /**
     * The first inflated bytes of such an attachment, at most {@code maxBytes}; empty if {@code attachment} is not one.
     *
     * @throws IOException only if {@code attachment} cannot be read
     */
    public static Optional<ByteSource> inflatedPrefix(ByteSource attachment, int maxBytes) throws IOException {
        if (inflatedSize(attachment).isEmpty()) {
            return Optional.empty();
        }
        byte[] prefix = InflatedPrefix.of(attachment, SIZE_PREFIX, false, maxBytes);
        return prefix.length == 0 ? Optional.empty() : Optional.of(ByteSource.of(prefix));
    }

    /**
     * How large such an attachment says it was before; empty if {@code attachment} is not one.
     *
     * @throws IOException only if {@code attachment} cannot be read
     */
    public static OptionalLong inflatedSize(ByteSource attachment) throws IOException {
        if (attachment.size() < SIZE_PREFIX + 8) {
            return OptionalLong.empty();
        }
        byte[] start = attachment.read(0, SIZE_PREFIX + 2);
        long size = 0;
        for (int i = SIZE_PREFIX - 1; i >= 0; i--) {
            size = size << 8 | (start[i] & 0xFF);
        }
        int method = start[SIZE_PREFIX] & 0xFF;
        int check = method << 8 | (start[SIZE_PREFIX + 1] & 0xFF);
        // RFC 1950 §2.2: deflate with a 32 KiB window, header checksum.
        return size > 0 && size / BEST_RATIO <= attachment.size() && method == 0x78 && check % 31 == 0
                ? OptionalLong.of(size)
                : OptionalLong.empty();
    }
}
