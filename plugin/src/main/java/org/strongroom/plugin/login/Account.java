package org.strongroom.plugin.login;

import java.util.Optional;
import org.strongroom.plugin.access.Principal;

/**
 * Somebody who may come in. Immutable.
 *
 * @param principal with the name that is written in the settings, or the directory's one in lower case
 * @param password empty for one who has none here, and comes by another way
 * @param secondFactor whether a role asks for one
 * @param basic whether a role allows HTTP Basic
 * @param directoryStamp for a user of the directory: another one for another entry or password there
 */
public record Account(
        Principal principal,
        Optional<PasswordHash> password,
        boolean secondFactor,
        boolean basic,
        Optional<String> directoryStamp) {
    /** A user of the settings. */
    public Account(Principal principal, Optional<PasswordHash> password, boolean secondFactor, boolean basic) {
        this(principal, password, secondFactor, basic, Optional.empty());
    }

    String name() {
        return principal.name();
    }

    /** Another one after every change of the password: sessions of the old one end. */
    String stamp() {
        return password.map(PasswordHash::stamp).or(() -> directoryStamp).orElse("");
    }

    /** What a password of this account is called in the audit log. */
    String passwordWords() {
        return directoryStamp.isPresent() ? "password of the directory" : "password";
    }
}
