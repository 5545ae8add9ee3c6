package org.strongroom.plugin.login.session;

import java.time.Instant;

/**
 * Somebody who is logged in with a browser. Immutable.
 *
 * @param id SHA-256 of the cookie
 * @param stamp of the account when it began ({@link org.strongroom.plugin.login.account.Account#stamp})
 * @param secondFactor whether one was shown
 * @param used last request, as far as it was written down
 */
public record Session(String id, String user, String stamp, boolean secondFactor, Instant begun, Instant used) {
    Session usedAt(Instant now) {
        return now.isAfter(used) ? new Session(id, user, stamp, secondFactor, begun, now) : this;
    }
}
