package org.strongroom.core.control;

import java.util.Objects;

/** How many instances something was not done to, and why. */
public record Kept(String reason, long instances) {
    public Kept {
        Objects.requireNonNull(reason, "reason");
    }
}
