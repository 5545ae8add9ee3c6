package org.strongroom.core.control;

import java.util.Objects;

/**
 * How many instances something was not done to, and why.
 *
 * @param instances 0 if it was done to all of them, but not to everything that is attached to studies and series
 */
public record Kept(String reason, long instances) {
    /** The reason of what has not been received by as many tiers as it must be. */
    public static final String NOT_RECEIVED = "not received everywhere";

    public Kept {
        Objects.requireNonNull(reason, "reason");
    }
}
