package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

/**
 * What a tenant record wraps (format.md §5.1). Immutable.
 *
 * @param key wraps the tenant's study and attachment keys
 * @param tagKey makes owner and series tags (§5.3)
 * @param name what people call the tenant, at most 200 bytes of UTF-8
 */
public record TenantSecret(Key32 key, Key32 tagKey, String name) {
    private static final int MAX_NAME = 200;

    public TenantSecret {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(tagKey, "tagKey");
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > MAX_NAME) {
            throw new IllegalArgumentException("tenant name of " + length + " bytes");
        }
    }

    /** The plain bytes; the caller wipes them. */
    public byte[] encode() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] first = key.toBytes();
        byte[] second = tagKey.toBytes();
        byte[] all = ByteBuffer.allocate(2 * Key32.SIZE + 2 + text.length)
                .put(first)
                .put(second)
                .putShort((short) text.length)
                .put(text)
                .array();
        Arrays.fill(first, (byte) 0);
        Arrays.fill(second, (byte) 0);
        return all;
    }

    /**
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static TenantSecret decode(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        try {
            Key32 key = StudySecret.key(in);
            Key32 tagKey = StudySecret.key(in);
            TenantSecret secret =
                    new TenantSecret(key, tagKey, new String(TenantWraps.field(in), StandardCharsets.UTF_8));
            byte[] again = secret.encode();
            boolean exact = Arrays.equals(again, plain);
            Arrays.fill(again, (byte) 0);
            if (exact) {
                return secret;
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
        throw corrupt();
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "a tenant record wraps something else");
    }
}
