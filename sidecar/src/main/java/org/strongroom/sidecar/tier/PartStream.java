package org.strongroom.sidecar.tier;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/**
 * The bytes of a part on their way to a store. Its last bytes are only given if the whole has the MD5 that was planned, so a
 * store never gets a complete part that differs from the plan. Every failure is a {@link StrongroomException}. For one
 * thread.
 */
final class PartStream extends InputStream {
    private final ByteSource content;
    private final byte[] md5;
    private final MessageDigest digest = Md5.digest();
    private long position;

    PartStream(ByteSource content, byte[] md5) {
        this.content = content;
        this.md5 = md5.clone();
        if (content.size() == 0) {
            checkDigest();
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (position == content.size()) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(length, content.size() - position);
        try {
            content.read(position, target, offset, count);
        } catch (EOFException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the bytes to send are fewer than were planned")
                    .causedBy(e);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the bytes to send cannot be read")
                    .cure("Check the disk that holds Home")
                    .causedBy(e);
        }
        digest.update(target, offset, count);
        position += count;
        if (position == content.size() && count > 0) {
            checkDigest();
        }
        return count;
    }

    private void checkDigest() {
        if (!MessageDigest.isEqual(digest.digest(), md5)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the bytes to send are not those that were planned");
        }
    }
}
