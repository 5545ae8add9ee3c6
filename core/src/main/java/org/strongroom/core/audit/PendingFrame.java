package org.strongroom.core.audit;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;

/** How entries stand in a pending file (format.md §9.2): {@code length (4) ‖ CRC-32C of the entry (4) ‖ entry}. */
final class PendingFrame {
    static final int OVERHEAD = 8;
    private static final String SUFFIX = ".pending";

    private PendingFrame() {}

    static Path file(Path folder, int number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d", number) + SUFFIX);
    }

    /** The number in a pending file's name; 0 if it is no pending file. */
    static int number(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.matches("[0-9]{8}\\.pending") ? Integer.parseInt(name.substring(0, 8)) : 0;
    }

    static byte[] encode(byte[] entry) {
        return ByteBuffer.allocate(OVERHEAD + entry.length)
                .putInt(entry.length)
                .putInt(checksum(entry))
                .put(entry)
                .array();
    }

    /** The entry at the buffer's position, which goes behind it; null, and the position stays, if none is whole there. */
    static byte[] next(ByteBuffer buffer) {
        if (buffer.remaining() < OVERHEAD) {
            return null;
        }
        int at = buffer.position();
        int length = buffer.getInt(at);
        if (length < 1 || length > AuditEntry.LONGEST || buffer.remaining() < OVERHEAD + length) {
            return null;
        }
        byte[] entry = new byte[length];
        buffer.get(at + OVERHEAD, entry);
        if (checksum(entry) != buffer.getInt(at + 4)) {
            return null;
        }
        buffer.position(at + OVERHEAD + length);
        return entry;
    }

    private static int checksum(byte[] entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry);
        return (int) crc.getValue();
    }
}
