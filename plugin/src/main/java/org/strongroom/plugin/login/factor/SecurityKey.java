package org.strongroom.plugin.login.factor;

import java.time.Instant;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.webauthn.Credential;

/**
 * A security key of a user's, or a passkey. Immutable.
 *
 * @param name in its owner's words
 * @param handle of the user in their keys: random, the same in all of them, in base64url
 * @param used null if it never was since it was added
 */
public record SecurityKey(String name, Credential credential, String handle, Instant added, Instant used) {
    public String id() {
        return credential.id();
    }

    /** What stands for it in the audit log and on its owner's page. */
    public String mark() {
        return mark(id());
    }

    public static String mark(String id) {
        return Tokens.hash(id).substring(0, 8);
    }

    SecurityKey usedAt(Instant now, long counter) {
        return new SecurityKey(name, credential.countedTo(counter), handle, added, now);
    }
}
