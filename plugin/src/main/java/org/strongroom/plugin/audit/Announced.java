package org.strongroom.plugin.audit;

import java.io.IOException;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;

/**
 * An event that is recorded before the journal has what it tells of: the journal cannot be asked again, so rather of what a kill then
 * prevents than of nothing.
 *
 * @param log records it
 */
public record Announced(AuditEvent event, Consumer<AuditEvent> log) {
    /** What the journal is told. */
    @FunctionalInterface
    public interface Step {
        void run() throws IOException;
    }

    /** Records it, then does that; if that fails, the event is there once more, as failed. */
    public void then(Step journal) throws IOException {
        log.accept(event);
        try {
            journal.run();
        } catch (IOException | RuntimeException e) {
            takeBack(e);
            throw e;
        }
    }

    private void takeBack(Exception why) {
        try {
            log.accept(event.failed("the journal did not take it"));
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }
}
