package org.strongroom.plugin.login;

import java.util.Optional;
import org.strongroom.plugin.access.Principal;

/**
 * Somebody who may come in. Immutable.
 *
 * @param principal with the name that is written in the settings
 * @param password empty for one who has none, and comes by another way
 * @param secondFactor whether a role asks for one
 * @param basic whether a role allows HTTP Basic
 */
public record Account(Principal principal, Optional<PasswordHash> password, boolean secondFactor, boolean basic) {
    String name() {
        return principal.name();
    }

    /** Another one after every change of the password: sessions of the old one end. */
    String stamp() {
        return password.map(PasswordHash::stamp).orElse("");
    }
}
