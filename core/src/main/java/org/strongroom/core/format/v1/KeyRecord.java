package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * One key, wrapped (format.md §5.1). Only its layout: who can unwrap it is the keyring's matter. Not secret. Immutable.
 */
public final class KeyRecord {
    private final KeyLabel label;
    private final byte[] payload;

    public KeyRecord(KeyLabel label, byte[] payload) {
        if (payload.length != label.payloadSize()) {
            throw new IllegalArgumentException("payload of " + payload.length + " bytes, not " + label.payloadSize());
        }
        this.label = label;
        this.payload = payload.clone();
    }

    public KeyLabel label() {
        return label;
    }

    /** The wrapped key: see {@link TenantWraps} for a tenant record; else one Cobblestone message. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Bytes of {@link #encode}. */
    public int size() {
        return label.recordSize();
    }

    public byte[] encode() {
        return ByteBuffer.allocate(size()).put(label.encode()).put(payload).array();
    }

    /**
     * Reads one record; only what {@link #encode} writes is accepted.
     *
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static KeyRecord decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            KeyRecord record = get(in);
            if (!in.hasRemaining()) {
                return record;
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
        throw corrupt();
    }

    /** The record that starts here, with the exceptions of {@link KeyLabel#get}. */
    static KeyRecord get(ByteBuffer in) {
        KeyLabel label = KeyLabel.get(in);
        if (in.remaining() < label.payloadSize()) {
            throw new BufferUnderflowException();
        }
        byte[] payload = new byte[label.payloadSize()];
        in.get(payload);
        return new KeyRecord(label, payload);
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a version 1 key record");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyRecord that && label.equals(that.label) && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return label.hashCode();
    }

    @Override
    public String toString() {
        return label.toString();
    }
}
