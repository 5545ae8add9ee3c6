package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Body of {@code POST /v1/certificates}: asks the audit log for what proves an erasure.
 *
 * @param statement SHA-256 of what the certificate says, 64 hexadecimal digits: it is in the log when this is answered; null: only keys are asked for
 * @param all how many keys the certificate is about
 * @param keys whose destruction is to be proved. At most {@link #MOST}
 * @param account of the operating system, as the command says
 */
public record CertificateRequest(UUID erasure, String statement, int all, List<UUID> keys, String account) {
    /** Keys in one request: the others are asked for in more. */
    public static final int MOST = 200;

    public CertificateRequest {
        Objects.requireNonNull(erasure, "erasure");
        Objects.requireNonNull(account, "account");
        keys = keys == null ? List.of() : List.copyOf(keys);
        if (keys.size() > MOST || all < 0) {
            throw new IllegalArgumentException(keys.size() + " keys of " + all);
        }
        if (statement != null && !statement.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256");
        }
    }
}
