package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;

/** What a study or attachment record wraps: the key and whose it is (format.md §5.1). Immutable; prints nothing. */
public final class StudySecret {
    private final Key32 key;
    private final byte[] patientId;
    private final byte[] studyInstanceUid;

    /**
     * @param key seals the attachments
     * @param patientId raw bytes as in the file; empty in an attachment record
     * @param studyInstanceUid raw bytes as in the file; empty in an attachment record
     */
    public StudySecret(Key32 key, byte[] patientId, byte[] studyInstanceUid) {
        this.key = Objects.requireNonNull(key, "key");
        this.patientId = patientId.clone();
        this.studyInstanceUid = studyInstanceUid.clone();
        if (size(patientId, studyInstanceUid) > KeyLabel.MAX_PAYLOAD / 2) {
            throw new IllegalArgumentException(
                    "identity of " + (patientId.length + studyInstanceUid.length) + " bytes");
        }
    }

    public Key32 key() {
        return key;
    }

    public byte[] patientId() {
        return patientId.clone();
    }

    public byte[] studyInstanceUid() {
        return studyInstanceUid.clone();
    }

    /** Bytes of {@link #encode}. */
    public static int size(byte[] patientId, byte[] studyInstanceUid) {
        return Key32.SIZE + 4 + patientId.length + studyInstanceUid.length;
    }

    /** The plain bytes; the caller wipes them. */
    public byte[] encode() {
        byte[] raw = key.toBytes();
        byte[] all = ByteBuffer.allocate(size(patientId, studyInstanceUid))
                .put(raw)
                .putShort((short) patientId.length)
                .put(patientId)
                .putShort((short) studyInstanceUid.length)
                .put(studyInstanceUid)
                .array();
        Arrays.fill(raw, (byte) 0);
        return all;
    }

    /**
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static StudySecret decode(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        try {
            StudySecret secret = new StudySecret(key(in), TenantWraps.field(in), TenantWraps.field(in));
            if (!in.hasRemaining()) {
                return secret;
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
        throw corrupt();
    }

    static Key32 key(ByteBuffer in) {
        byte[] raw = new byte[Key32.SIZE];
        in.get(raw);
        try {
            return Key32.of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "a study record wraps something else");
    }
}
