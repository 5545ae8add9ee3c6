package org.strongroom.plugin.login.account;

import org.strongroom.plugin.access.Principal;

/** Who a request comes from. */
public sealed interface Authentication {
    /** Nobody has said who they are. */
    record Anonymous() implements Authentication {}

    /**
     * Somebody has, and it is not so or not allowed.
     *
     * @param reason a static text for the log, not for who asks
     */
    record Refused(String reason) implements Authentication {}

    /**
     * A user.
     *
     * @param principal with the rights that this way of asking gives: an app token may be for less than its owner
     * @param secondFactor whether one was shown at login
     */
    record User(Principal principal, Means means, boolean secondFactor) implements Authentication {}

    /** By what a request says who it comes from. */
    enum Means {
        SESSION,
        TOKEN,
        BASIC
    }
}
