package org.strongroom.plugin.receipt;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.inventory.IndexListing;
import org.strongroom.plugin.inventory.IndexRemoval;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;

/**
 * Asks the sidecar what there is to do and does it, one item after the other, on a thread of its own. Asking is also the
 * heartbeat by which the sidecar knows that its Orthanc lives, so what takes long is done beside it.
 */
public final class SidecarWork implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SidecarWork.class.getName());
    private static final Duration POLL = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LAST_RUN = Duration.ofSeconds(5);

    /** Steps of erasures that nobody's receipts may wait for. */
    private static final Set<Step> LONG = EnumSet.of(Step.DELETE, Step.MOVE);

    private final UUID life = UUID.randomUUID();
    private final Supplier<ControlClient> sidecar;
    private final OpenCheck openCheck;
    private final Restore restore;
    private final Journal journal;
    private final Holds holds;
    private final Erasures erasures;
    private final AuditTap audit;
    private final IndexListing index;
    private final IndexRemoval removal;
    private final Erasures.Running running;
    private final Assigning assigning;
    private final AtomicReference<Thread> listing = new AtomicReference<>();
    /** A study of thousands of images takes minutes to list or to seal anew; one after the other, by nobody's hurry. */
    private final ExecutorService deleting = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "strongroom-deletion");
        thread.setDaemon(true);
        return thread;
    });

    private final Pulse pulse;

    /** Gives studies to another tenant, as somebody with the keys ordered. */
    @FunctionalInterface
    public interface Assigning {
        /** @throws StrongroomException if it is not done */
        void carryOut(AssignmentRequest order) throws IOException;
    }

    /** Starts asking at once. */
    public SidecarWork(
            Supplier<ControlClient> sidecar,
            Keyring keyring,
            Journal journal,
            Holds holds,
            Erasures erasures,
            AuditTap audit,
            Restore restore,
            IndexListing index,
            IndexRemoval removal,
            Erasures.Running running,
            Assigning assigning) {
        this.sidecar = sidecar;
        this.openCheck = new OpenCheck(sidecar, keyring, journal, new SecureRandom());
        this.restore = restore;
        this.journal = journal;
        this.holds = holds;
        this.erasures = erasures;
        this.audit = audit;
        this.index = index;
        this.removal = removal;
        this.running = running;
        this.assigning = assigning;
        this.pulse = new Pulse("strongroom-work", PAUSE, this::askOnce);
    }

    private void askOnce() {
        try {
            ControlClient client = sidecar.get();
            for (Work item : client.work(life, POLL)) {
                if (item instanceof Work.ListIndex list) {
                    listBeside(client, list);
                } else if (item instanceof Work.Erase erase
                        && LONG.contains(erase.order().step())) {
                    deleting.execute(() -> answerBeside(client, item));
                } else {
                    answerBeside(client, item); // those behind it do not wait for an answer that is not taken
                }
            }
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "no work from the sidecar", e);
        }
    }

    /** A large index takes minutes: receipts must not wait for it. An earlier listing that still goes on is given up. */
    private void listBeside(ControlClient client, Work.ListIndex list) {
        Thread thread = new Thread(() -> client.answer(list.id(), list(client, list)), "strongroom-index");
        thread.setUncaughtExceptionHandler(
                (lister, e) -> LOG.log(Level.DEBUG, "the sidecar was not told what the index knows", e));
        thread.setDaemon(true);
        Thread before = listing.getAndSet(thread);
        if (before != null) {
            before.interrupt();
        }
        thread.start();
    }

    private void answerBeside(ControlClient client, Work item) {
        try {
            client.answer(item.id(), answer(item));
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the sidecar was not told what was done", e);
        }
    }

    private WorkAnswer list(ControlClient client, Work.ListIndex list) {
        try {
            index.deliver(batch -> client.attachments(list.id(), batch));
            return WorkAnswer.DONE;
        } catch (StrongroomException e) {
            LOG.log(Level.WARNING, "Orthanc's index could not be listed", e);
            return WorkAnswer.failed(e);
        }
    }

    private WorkAnswer answer(Work item) {
        try {
            if (item instanceof Work.OpenCheck check) {
                openCheck.check(check);
            } else if (item instanceof Work.Restore lost) {
                restore.restore(lost.attachments(), lost.forget(), lost.toOwner());
            } else if (item instanceof Work.Forget unwanted) {
                restore.forget(unwanted.attachments());
            } else if (item instanceof Work.Remove removed) {
                removal.remove(removed.attachments());
            } else if (item instanceof Work.Hold hold) {
                holds.carryOut(order(hold.order()), journal, audit);
            } else if (item instanceof Work.Assign assign) {
                assigning.carryOut(assign.order());
            } else if (item instanceof Work.Erase erase) {
                erasures.carryOut(
                        erase.order(), journal, audit, key -> sidecar.get().remains(key), Optional.of(running));
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

    private static HoldOrder order(HoldRequest order) {
        return new HoldOrder(order.hold(), Base64.getDecoder().decode(order.text()), order.held());
    }

    @Override
    public void close() {
        pulse.close();
        deleting.shutdownNow();
        try {
            deleting.awaitTermination(LAST_RUN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread last = listing.get();
        if (last != null) {
            last.interrupt();
        }
    }
}
