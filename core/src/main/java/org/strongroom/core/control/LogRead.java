package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/log-reads}: a command is about to read the audit log. It is in the log when this is answered.
 *
 * @param how the command, without what it was asked for: it may name a patient
 * @param keys of the studies that it asks for; none: it does not ask for studies. At most {@link #MOST}
 * @param account of the operating system, as the command says
 */
public record LogRead(String how, List<UUID> keys, String account) {
    /** Keys in one request: more are told in several. */
    public static final int MOST = 200;

    public LogRead {
        Objects.requireNonNull(how, "how");
        Objects.requireNonNull(account, "account");
        keys = keys == null ? List.of() : List.copyOf(keys);
        if (keys.size() > MOST) {
            throw new IllegalArgumentException(keys.size() + " keys");
        }
    }
}
