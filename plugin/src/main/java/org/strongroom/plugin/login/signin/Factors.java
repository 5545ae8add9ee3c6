package org.strongroom.plugin.login.signin;

import java.util.List;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.SecurityKey;

/**
 * The second factors that somebody has, when it was looked. Immutable.
 *
 * @param secret of the app, in base32; empty if none
 * @param keys ids of the security keys
 */
public record Factors(String secret, List<String> keys) {
    static Factors of(AccountRecord record) {
        String secret = record.findFactor().map(AccountRecord.Factor::secret).orElse("");
        return new Factors(secret, record.keys().stream().map(SecurityKey::id).toList());
    }

    boolean none() {
        return secret.isEmpty() && keys.isEmpty();
    }

    public boolean hasApp() {
        return !secret.isEmpty();
    }
}
