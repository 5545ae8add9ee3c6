package org.strongroom.plugin.login;

/**
 * Something that an auditor wants to know of. Holds no secret.
 *
 * @param user as the account is named, or as somebody typed it
 * @param source the client's address
 * @param how by which means, or why not: a static text
 */
public record LoginEvent(Type type, String user, String source, String how) {
    /** What happened. */
    public enum Type {
        LOGIN,
        LOGOUT,
        FAILURE,
        /** Attempts have to wait from now on. */
        LOCK_OUT,
        /** A second factor was set up, renewed or removed, or a recovery code used. */
        FACTOR,
        /** An app token was made or revoked. */
        TOKEN,
        /** The clinic's policy was acknowledged. */
        ACKNOWLEDGEMENT
    }

    /** Takes events. */
    @FunctionalInterface
    public interface Tap {
        /**
         * Returns when the event is durable; what it tells of is not answered before.
         *
         * @throws org.strongroom.core.error.StrongroomException if it could not be written: then it does not happen
         */
        void record(LoginEvent event);
    }
}
