package org.strongroom.plugin.login;

import java.util.List;

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
     * @param user as named in the settings
     * @param secondFactor whether one was shown at login
     * @param scope permissions that this token is good for, of those the user has; empty: all of them
     */
    record User(String user, Means means, boolean secondFactor, List<String> scope) implements Authentication {
        public User {
            scope = List.copyOf(scope);
        }
    }

    /** By what a request says who it comes from. */
    enum Means {
        SESSION,
        TOKEN,
        BASIC
    }
}
