package org.strongroom.plugin.login.factor;

import java.time.Instant;
import java.util.List;

/**
 * What a machine shows in place of a password. Immutable.
 *
 * @param id names it, and is no secret
 * @param hash SHA-256 of the secret
 * @param label what it is for, in its owner's words
 * @param scope permissions that it is good for, of those its owner has; empty: all of them
 */
public record AppToken(String id, String hash, String label, List<String> scope, Instant made, Instant until) {
    public AppToken {
        scope = scope == null ? List.of() : List.copyOf(scope);
    }
}
