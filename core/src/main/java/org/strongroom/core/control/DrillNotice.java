package org.strongroom.core.control;

import java.util.Objects;

/**
 * Body of {@code POST /v1/drills}: a trial recovery has ended. It is in the audit log when this is answered.
 *
 * @param account of the operating system, as the command says
 */
public record DrillNotice(String tier, DrillResult result, String account) {
    public DrillNotice {
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(account, "account");
    }
}
