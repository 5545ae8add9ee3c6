package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The payload of a tenant record: the same {@link TenantSecret} wrapped twice (format.md §5.1). Immutable. */
public final class TenantWraps {
    /** Bytes of the public part of an HPKE message. */
    public static final int HPKE_ENC = 32;

    private static final int HPKE_TAG = 16;

    private final byte[] bySource;
    private final byte[] toRecovery;

    /**
     * @param bySource Cobblestone message under the root key
     * @param toRecovery HPKE message ({@code enc ‖ ciphertext}) to the recovery key
     */
    public TenantWraps(byte[] bySource, byte[] toRecovery) {
        this.bySource = bySource.clone();
        this.toRecovery = toRecovery.clone();
    }

    public byte[] bySource() {
        return bySource.clone();
    }

    public byte[] toRecovery() {
        return toRecovery.clone();
    }

    /** Bytes of the payload that wraps a secret of {@code secretSize} bytes. */
    public static int payloadSize(int secretSize) {
        return 2 + (int) Cobblestone.messageSize(secretSize) + 2 + HPKE_ENC + secretSize + HPKE_TAG;
    }

    public byte[] encode() {
        return ByteBuffer.allocate(4 + bySource.length + toRecovery.length)
                .putShort((short) bySource.length)
                .put(bySource)
                .putShort((short) toRecovery.length)
                .put(toRecovery)
                .array();
    }

    /**
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of two wraps
     */
    public static TenantWraps decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        try {
            TenantWraps wraps = new TenantWraps(field(in), field(in));
            if (!in.hasRemaining()) {
                return wraps;
            }
        } catch (BufferUnderflowException e) {
            throw corrupt().causedBy(e);
        }
        throw corrupt();
    }

    /**
     * Whether both are one tenant's records, under whatever root keys: all but the wrap by the root key is the same, so that the
     * recovery key opens both or neither. A record that is none is nobody's.
     */
    public static boolean areOfOneTenant(KeyRecord one, KeyRecord other) {
        if (one.label().kind() != KeyKind.TENANT || !one.label().equals(other.label())) {
            return false;
        }
        try {
            return Arrays.equals(decode(one.payload()).toRecovery, decode(other.payload()).toRecovery);
        } catch (StrongroomException e) {
            return false;
        }
    }

    static byte[] field(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (in.remaining() < length) {
            throw new BufferUnderflowException();
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not the payload of a tenant record");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TenantWraps that
                && Arrays.equals(bySource, that.bySource)
                && Arrays.equals(toRecovery, that.toRecovery);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bySource);
    }
}
