package org.strongroom.plugin.keyservice;

import java.util.Base64;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * A wrapped root key. Public. Immutable.
 *
 * @param key which key wrapped it, as the service names it: for errors, and to tell a token from another one
 * @param text the ciphertext as the service writes it, or in base64
 */
public record Wrapped(String key, String text) {
    private static final int LONGEST = 16 * 1024;

    public Wrapped {
        if (key.isEmpty() || key.length() > LONGEST || text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("a wrapped key of " + text.length() + " characters");
        }
    }

    /** @throws StrongroomException CORRUPT if the text is no base64 */
    byte[] bytes() {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the wrapped root key is damaged")
                    .cure("Bring keyring/root.json back from a backup of Home, or from a tier's installation/root-…")
                    .causedBy(e);
        }
    }

    /** What a service says that has another key than the one that wrapped this. */
    StrongroomException isOfAnother(String service) {
        return StrongroomException.of(
                        FailureKind.REFUSED,
                        service + " has another key than the one that wrapped this Home's root key")
                .with("wrapped with", key)
                .cure("Bring back the key that this Home was made with; if it is gone for ever, use the recovery kit"
                        + " (docs/operations.md, A new machine)");
    }
}
