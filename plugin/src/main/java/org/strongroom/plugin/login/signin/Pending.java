package org.strongroom.plugin.login.signin;

import java.time.Instant;
import java.util.Optional;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.signin.Outcome.Step;

/**
 * A login between its first step and its last. Immutable.
 *
 * @param device the browser's secret, if it is one that was here before
 * @param fragment what follows the hash sign of the wanted page
 * @param since the session in which somebody asked for what they wish; empty for a login
 * @param wish what is done once who asks has shown who they are
 * @param shown the second factor that was shown, in a word for auditors; empty if none was
 * @param asked the step that was asked last: no other one is answered
 * @param before the second factors that the user had when the login began, or has since it changed them
 * @param newSecret of the generator that may be set up, in base32
 * @param handle of the user in a key that may be added
 * @param challenge what a key has to sign, 32 random bytes in base64url; empty if none is asked for, or it was answered
 */
public record Pending(
        Account account,
        String source,
        Optional<String> device,
        ReturnPath to,
        String fragment,
        Optional<Session> since,
        Wish wish,
        String shown,
        Step asked,
        Factors before,
        String newSecret,
        String handle,
        Optional<String> challenge,
        Instant ends) {
    boolean secondFactor() {
        return !shown.isEmpty();
    }

    Pending withSecondFactor(String which) {
        return with(wish, which, asked, challenge);
    }

    /** What was wished is done, and leaves these factors. */
    Pending granted(Factors left) {
        return with(Wish.ENTER, shown, asked, challenge, left);
    }

    Pending asking(Step step, Optional<String> fresh) {
        return with(wish, shown, step, fresh);
    }

    /** A challenge is answered once. */
    Pending answered() {
        return with(wish, shown, asked, Optional.empty());
    }

    private Pending with(Wish now, String which, Step step, Optional<String> current) {
        return with(now, which, step, current, before);
    }

    private Pending with(Wish now, String which, Step step, Optional<String> current, Factors factors) {
        return new Pending(
                account, source, device, to, fragment, since, now, which, step, factors, newSecret, handle, current,
                ends);
    }
}
