package org.strongroom.core.control;

import java.util.Objects;

/**
 * An event of the audit log with what proves that it is in there (format.md §9.7). Immutable.
 *
 * @param index its place in the log
 * @param event its bytes as they are in the log, JSON in UTF-8
 * @param proof a C2SP tlog-proof, with the checkpoint that the log's key signed
 */
public record ProvedEvent(long index, String event, String proof) {
    public ProvedEvent {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(proof, "proof");
        if (index < 0) {
            throw new IllegalArgumentException("an event before the first one");
        }
    }
}
