package org.strongroom.plugin.retention;

import java.time.Instant;
import java.util.Objects;
import org.strongroom.plugin.erase.ErasureText;

/**
 * Who approved a plan or took the approval back, why, and when. Immutable.
 *
 * @param owner who, as the settings write it
 * @param at by the time that the sidecar believes
 */
public record Consent(String owner, String reason, Instant at) {
    /** @throws org.strongroom.core.error.StrongroomException REFUSED if a text is empty or too long */
    public Consent {
        new ErasureText(owner, Approval.reason("0".repeat(Approvals.DIGITS), reason));
        Objects.requireNonNull(at, "at");
    }

    /** Says nothing: people write names. */
    @Override
    public String toString() {
        return "***";
    }
}
