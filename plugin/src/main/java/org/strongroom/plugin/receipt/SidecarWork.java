package org.strongroom.plugin.receipt;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;

/**
 * Asks the sidecar what there is to do and does it, one item after the other, on a thread of its own. Asking is also the
 * heartbeat by which the sidecar knows that its Orthanc lives.
 */
public final class SidecarWork implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SidecarWork.class.getName());
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Supplier<ControlClient> sidecar;
    private final OpenCheck openCheck;
    private final Restore restore;
    private final Pulse pulse;

    /** Starts asking at once. */
    public SidecarWork(Supplier<ControlClient> sidecar, Keyring keyring, Journal journal, Restore restore) {
        this.sidecar = sidecar;
        this.openCheck = new OpenCheck(sidecar, keyring, journal, new SecureRandom());
        this.restore = restore;
        this.pulse = new Pulse("strongroom-work", PAUSE, this::askOnce);
    }

    private void askOnce() {
        try {
            ControlClient client = sidecar.get();
            for (Work item : client.work(POLL)) {
                client.answer(item.id(), answer(item));
            }
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "no work from the sidecar", e);
        }
    }

    private WorkAnswer answer(Work item) {
        try {
            if (item instanceof Work.OpenCheck check) {
                openCheck.check(check);
            } else if (item instanceof Work.Restore lost) {
                restore.restore(lost.attachments());
            }
            return WorkAnswer.DONE;
        } catch (StrongroomException e) {
            LOG.log(Level.WARNING, "The sidecar asked for something that failed", e);
            return WorkAnswer.failed(e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "The sidecar asked for something that failed", e);
            return WorkAnswer.failed(StrongroomException.of(FailureKind.UNAVAILABLE, "the plugin could not do it")
                    .causedBy(e));
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}
