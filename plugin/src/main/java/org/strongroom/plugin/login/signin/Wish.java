package org.strongroom.plugin.login.signin;

/**
 * What somebody is about to do who goes through the steps of a login. Immutable.
 *
 * @param key that is to be removed; else empty
 */
public record Wish(Kind kind, String key) {
    public enum Kind {
        ENTER,
        SET_UP_APP,
        ADD_KEY,
        REMOVE_KEY,
        REMOVE_APP,
        RENEW_CODES
    }

    /** Only to come in. */
    static final Wish ENTER = new Wish(Kind.ENTER, "");

    public static final Wish SET_UP_APP = new Wish(Kind.SET_UP_APP, "");
    public static final Wish ADD_KEY = new Wish(Kind.ADD_KEY, "");
    public static final Wish REMOVE_APP = new Wish(Kind.REMOVE_APP, "");
    public static final Wish RENEW_CODES = new Wish(Kind.RENEW_CODES, "");

    public static Wish remove(String key) {
        return new Wish(Kind.REMOVE_KEY, key);
    }
}
