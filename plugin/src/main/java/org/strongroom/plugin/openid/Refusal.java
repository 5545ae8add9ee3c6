package org.strongroom.plugin.openid;

/** What the provider said is not good; the message is a static text. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String why) {
        super(why);
    }

    Refusal(String why, Throwable cause) {
        super(why, cause);
    }
}
