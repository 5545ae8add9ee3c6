package org.strongroom.plugin.login.share;

import java.time.Duration;

/**
 * On which terms studies are shared. Immutable.
 *
 * @param usual how long a link is good if whoever makes it does not say; not longer than {@code longest}
 * @param longest how long any link is; zero if none is
 */
public record ShareTerms(Duration usual, Duration longest, SharedStudies studies) {
    public ShareTerms {
        usual = usual.compareTo(longest) > 0 ? longest : usual;
    }
}
