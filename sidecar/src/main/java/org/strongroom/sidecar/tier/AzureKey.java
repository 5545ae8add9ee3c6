package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.HmacSha256;

/** The storage account's key, or a shared access signature (SAS), which says itself what it may. Its file is read again when it changes: keys are rotated without a restart. Thread-safe. */
final class AzureKey {
    private static final int LONGEST = 4096;

    private static final Pattern TOKEN =
            Pattern.compile("\\??(([A-Za-z]+=[A-Za-z0-9%._~:+/*-]+&)*[A-Za-z]+=[A-Za-z0-9%._~:+/*-]+)");

    private final String tier;
    private final String setting;
    private final Path file;
    private FileTime modified;
    private long size;
    private byte[] key;
    private Optional<String> token = Optional.empty();

    /**
     * @param setting that names the file
     * @throws StrongroomException REFUSED if there is no key in {@code file}
     */
    AzureKey(String tier, String setting, Path file) {
        this.tier = tier;
        this.setting = setting;
        this.file = file;
        refresh();
    }

    /** Base64 of the text's HMAC-SHA-256 under the key as it is in the file now. */
    synchronized String sign(String text) {
        refresh();
        return Base64.getEncoder().encodeToString(HmacSha256.of(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** What stands behind the address of every request in place of a signature of its own; empty if there is a key. */
    synchronized Optional<String> token() {
        refresh();
        return token;
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
            String words = new String(text, StandardCharsets.US_ASCII).strip();
            Matcher signature = TOKEN.matcher(words);
            token = signature.matches() && words.contains("sig=") ? Optional.of(signature.group(1)) : Optional.empty();
            if (token.isPresent()) {
                return new byte[0];
            }
            byte[] decoded = Base64.getDecoder().decode(words);
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
                .cure("Write the storage account's key into it, one line of Base64 as Azure shows it, or a SAS token");
    }

    private StrongroomException refused(String text) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("tier", tier)
                .with(setting, file);
    }
}
