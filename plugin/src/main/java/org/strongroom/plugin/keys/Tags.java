package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.secret.Key32;

/** Keyed hashes that tell equal from different (format.md §5.3). Thread-safe. */
final class Tags {
    private static final byte[] SERIES = "series".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STUDY = "study".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SNAPSHOT_CHUNK = "snapshot-chunk".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SNAPSHOT_CUT = "snapshot-cut".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CERTIFICATE = "certificate".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEPARATOR = {0};

    private final Key32 key;

    Tags(Key32 key) {
        this.key = key;
    }

    Tag16 series(byte[] seriesInstanceUid) {
        return tag(SERIES, trim(seriesInstanceUid));
    }

    Tag16 study(byte[] patientId, byte[] studyInstanceUid) {
        return tag(STUDY, trim(patientId), trim(studyInstanceUid));
    }

    /** @param epoch of the key that the chunk is sealed with: one of before is not taken for one of now */
    Tag16 snapshotChunk(byte[] plain, int epoch) {
        return epoch == 1
                ? tag(SNAPSHOT_CHUNK, plain)
                : tag(("snapshot-chunk/" + epoch).getBytes(StandardCharsets.US_ASCII), plain);
    }

    Tag16 snapshotCut(byte[] plain) {
        return tag(SNAPSHOT_CUT, plain);
    }

    Tag16 certificate(byte[] id) {
        return tag(CERTIFICATE, id);
    }

    private Tag16 tag(byte[] label, byte[]... values) {
        byte[] raw = key.toBytes();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(raw, "HmacSHA256"));
            mac.update(label);
            for (byte[] value : values) {
                mac.update(SEPARATOR);
                mac.update(value);
            }
            return new Tag16(Arrays.copyOf(mac.doFinal(), 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static byte[] trim(byte[] value) {
        int end = value.length;
        while (end > 0 && (value[end - 1] == 0 || value[end - 1] == ' ')) {
            end--;
        }
        return Arrays.copyOf(value, end);
    }
}
