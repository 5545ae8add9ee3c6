package org.strongroom.plugin.directory;

import java.util.Optional;

/** What the directory says of somebody. */
public sealed interface Verdict {
    /** They may come in. */
    record In(Member member) implements Verdict {}

    /**
     * They may not.
     *
     * @param name of the entry, if there is exactly one
     * @param why a static text for the log, not for who asks
     */
    record Out(Optional<String> name, String why) implements Verdict {}
}
