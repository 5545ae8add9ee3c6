package org.strongroom.plugin.openid;

/** The provider is of no use now; the message says why, for the log, and names nobody. */
final class Trouble extends Exception {
    private static final long serialVersionUID = 1L;

    Trouble(String why) {
        super(why);
    }

    Trouble(String why, Throwable cause) {
        super(why, cause);
    }
}
