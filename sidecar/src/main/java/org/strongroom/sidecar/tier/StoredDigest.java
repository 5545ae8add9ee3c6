package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.strongroom.core.io.ByteSource;

/**
 * What a store says of an object's bytes without giving them.
 *
 * @param md5 in lower-case hexadecimal: MD5 of the bytes, or of the MD5s of {@code parts} parts, as stores make it of a multipart upload
 * @param parts 0 for the bytes as a whole
 * @param computed whether the store made it of the bytes that it has; else it only keeps what it was told with them
 */
public record StoredDigest(String md5, int parts, boolean computed) {
    private static final int BUFFER = 256 * 1024;
    private static final long MIB = 1 << 20;
    /** What the usual tools cut parts to, in MiB. */
    private static final List<Integer> USUAL =
            List.of(5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 512, 1024);

    /** Whether it is that of these bytes; false also if nobody knows how they were cut. */
    public boolean isOf(ByteSource bytes) throws IOException {
        if (parts == 0) {
            return md5.equals(hex(digest(bytes, 0, bytes.size())));
        }
        if (parts == 1) {
            return isCutTo(bytes.size(), bytes);
        }
        for (int size : USUAL) {
            if ((bytes.size() + size * MIB - 1) / (size * MIB) == parts && isCutTo(size * MIB, bytes)) {
                return true;
            }
        }
        return false;
    }

    private boolean isCutTo(long part, ByteSource bytes) throws IOException {
        MessageDigest all = Md5.digest();
        for (long at = 0; at < bytes.size(); at += part) {
            all.update(digest(bytes, at, Math.min(part, bytes.size() - at)));
        }
        return md5.equals(hex(all.digest()));
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static byte[] digest(ByteSource bytes, long offset, long length) throws IOException {
        MessageDigest digest = Md5.digest();
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(buffer.length, length - done);
            bytes.read(offset + done, buffer, 0, count);
            digest.update(buffer, 0, count);
            done += count;
        }
        return digest.digest();
    }
}
