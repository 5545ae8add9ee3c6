package org.strongroom.plugin.login;

import java.time.Instant;
import java.util.Optional;
import org.strongroom.plugin.login.Outcome.Step;

/**
 * A login between its first step and its last. Immutable.
 *
 * @param device the browser's secret, if it is one that was here before
 * @param fragment what follows the hash sign of the wanted page
 * @param secondFactor whether it was shown
 * @param asked the step that was asked last: no other one is answered
 * @param oldSecret of the generator that the user had when the login began; empty if none
 * @param newSecret of the generator that may be set up, in base32
 */
record Pending(
        Account account,
        String source,
        Optional<String> device,
        ReturnPath to,
        String fragment,
        boolean secondFactor,
        Step asked,
        String oldSecret,
        String newSecret,
        Instant ends) {
    Pending withSecondFactor() {
        return new Pending(account, source, device, to, fragment, true, asked, oldSecret, newSecret, ends);
    }

    Pending asking(Step step) {
        return new Pending(account, source, device, to, fragment, secondFactor, step, oldSecret, newSecret, ends);
    }
}
