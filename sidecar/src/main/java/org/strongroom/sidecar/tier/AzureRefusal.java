package org.strongroom.sidecar.tier;

/** An answer of the blob service that is not the one that was asked for; the cause of one of our failures. */
final class AzureRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /** @param code the service's name of the error; empty if it sent none */
    AzureRefusal(int status, String code) {
        super("status " + status + (code.isEmpty() ? "" : ", " + code));
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
