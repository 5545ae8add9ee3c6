package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Base64;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.HmacSha256;

/** The storage account's key. Its file is read again when it changes: keys are rotated without a restart. Thread-safe. */
final class AzureKey {
    private static final int LONGEST = 4096;

    private final String tier;
    private final Path file;
    private FileTime modified;
    private long size;
    private byte[] key;

    /** @throws StrongroomException REFUSED if there is no key in {@code file} */
    AzureKey(String tier, Path file) {
        this.tier = tier;
        this.file = file;
        refresh();
    }

    /** Base64 of the text's HMAC-SHA-256 under the key as it is in the file now. */
    synchronized String sign(String text) {
        refresh();
        return Base64.getEncoder().encodeToString(HmacSha256.of(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    private synchronized void refresh() {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            long length = Files.size(file);
            if (key == null || !now.equals(modified) || length != size) {
                key = decode(length);
                modified = now;
                size = length;
            }
        } catch (IOException e) {
            throw refused("the key file cannot be read")
                    .cure("Make the file, readable by the sidecar's user only")
                    .causedBy(e);
        }
    }

    private byte[] decode(long length) throws IOException {
        byte[] text = length > LONGEST ? new byte[0] : Files.readAllBytes(file);
        try {
            byte[] decoded = Base64.getDecoder().decode(new String(text, StandardCharsets.US_ASCII).strip());
            if (decoded.length > 0) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            throw noKey(); // without the cause, whose message shows a piece of the file
        } finally {
            Arrays.fill(text, (byte) 0);
        }
        throw noKey();
    }

    private StrongroomException noKey() {
        return refused("the key file holds no account key")
                .cure("Write the storage account's key into it, one line of Base64 as Azure shows it");
    }

    private StrongroomException refused(String text) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("tier", tier)
                .with("KeyFile", file);
    }
}
