package org.strongroom.plugin.login;

import org.strongroom.plugin.login.Throttle.Attempt;

/** Records attempts that failed. */
final class Failures {
    /** In place of a name that nobody has: people type passwords there. */
    private static final String UNKNOWN = "(unknown)";

    private Failures() {}

    static void record(
            LoginEvent.Tap events, Attempt attempt, Passwords passwords, String user, String source, String how) {
        String name = passwords.account(user).map(Account::name).orElse(UNKNOWN);
        events.record(new LoginEvent(LoginEvent.Type.FAILURE, name, source, how));
        if (attempt.lockedOut()) {
            events.record(new LoginEvent(LoginEvent.Type.LOCK_OUT, name, source, how));
        }
    }
}
