package org.strongroom.plugin.openid;

/** The provider is of no use now; the message says why, for the log, and names nobody. */
final class Trouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean ofOneQuestion;

    Trouble(String why) {
        this(why, null, false);
    }

    Trouble(String why, Throwable cause) {
        this(why, cause, false);
    }

    private Trouble(String why, Throwable cause, boolean ofOneQuestion) {
        super(why, cause);
        this.ofOneQuestion = ofOneQuestion;
    }

    /** That may be due to what was asked, which a stranger may have made up. */
    static Trouble withOneQuestion(String why) {
        return new Trouble(why, null, true);
    }

    boolean isOfOneQuestion() {
        return ofOneQuestion;
    }
}
