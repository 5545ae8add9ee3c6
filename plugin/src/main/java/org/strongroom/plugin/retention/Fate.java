package org.strongroom.plugin.retention;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/** Whether a study stays. */
public enum Fate {
    /** A hold is on it. */
    HELD,
    /** Something of it could not be read, so nobody knows what it is. */
    UNREAD,
    /** No rule is about it. */
    UNRULED,
    /** A rule wants it. */
    KEPT,
    /** Nothing wants it any more. */
    DUE;

    static Fate of(Resolution resolution, boolean held, boolean unread, Instant now) {
        if (held) {
            return HELD;
        } else if (unread) {
            return UNREAD;
        } else if (resolution.until().isEmpty()) {
            return UNRULED;
        }
        return Resolution.isOver(resolution.until().get(), now) ? DUE : KEPT;
    }

    /** As a command shows it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
