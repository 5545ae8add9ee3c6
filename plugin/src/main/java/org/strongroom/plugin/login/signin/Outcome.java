package org.strongroom.plugin.login.signin;

import java.time.Duration;
import java.util.List;

/** What comes of one step of a login. */
public sealed interface Outcome {
    /**
     * In.
     *
     * @param session secret for a cookie
     * @param device secret for a cookie
     */
    record Done(String session, String device, Pending login) implements Outcome {}

    /**
     * One more step.
     *
     * @param ticket names the login; a secret
     * @param problem with what was given for this step; empty if nothing was yet
     * @param codes recovery codes, to be shown this once
     */
    record Ask(Step step, String ticket, Pending login, String problem, List<String> codes) implements Outcome {}

    /** Not in. */
    record Failed() implements Outcome {}

    /** Not in, and not to be tried again before this time has passed. */
    record Wait(Duration time) implements Outcome {}

    /** It cannot be told now whether the password is right. */
    record Unanswered() implements Outcome {}

    /** Nobody knows this login any more. */
    record Expired() implements Outcome {}

    /** What is asked beside the password. */
    enum Step {
        /** What the user has: a code, or a key. */
        CODE,
        /** An app, or where that is what a role asks for, a key instead. */
        SET_UP,
        ADD_KEY,
        SHOW_CODES,
        ACKNOWLEDGE
    }
}
