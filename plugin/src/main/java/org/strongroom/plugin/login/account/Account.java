package org.strongroom.plugin.login.account;

import java.util.Optional;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.login.secret.PasswordHash;

/**
 * Somebody who may come in. Immutable.
 *
 * @param principal with the name that is written in the settings, or elsewhere, in lower case
 * @param password empty for one who has none here, and comes by another way
 * @param secondFactor whether a role asks for one
 * @param basic whether a role allows HTTP Basic
 * @param elsewhere for a user who is not in the settings
 */
public record Account(
        Principal principal,
        Optional<PasswordHash> password,
        boolean secondFactor,
        boolean basic,
        Optional<Elsewhere> elsewhere) {
    /**
     * What is known of a user whom somebody else vouches for.
     *
     * @param stamp another one for another person, entry or password there
     * @param words what they show is called in the audit log
     */
    record Elsewhere(String stamp, String words) {}

    /** A user of the settings. */
    public Account(Principal principal, Optional<PasswordHash> password, boolean secondFactor, boolean basic) {
        this(principal, password, secondFactor, basic, Optional.empty());
    }

    public String name() {
        return principal.name();
    }

    /** Another one after every change of the password: sessions of the old one end. */
    public String stamp() {
        return password.map(PasswordHash::stamp)
                .or(() -> elsewhere.map(Elsewhere::stamp))
                .orElse("");
    }

    /** What this account shows first is called in the audit log. */
    public String passwordWords() {
        return elsewhere.map(Elsewhere::words).orElse("password");
    }
}
