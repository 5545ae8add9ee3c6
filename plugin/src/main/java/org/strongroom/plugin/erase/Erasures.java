package org.strongroom.plugin.erase;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.plugin.audit.Announced;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;

/** The erasures that there ever were, by the journal, and the only place that destroys keys. Thread-safe. */
public final class Erasures {

    private final Keyring keyring;
    private final Holds holds;
    private final Approvers approvers;
    private final InstantSource clock;
    private final OrthancDeletion deletion;
    private final ErasureBook book;

    /** What only an Orthanc that runs can do. */
    public record Running(OrthancStudies studies, Survivors survivors) {}

    private static Running required(Optional<Running> running) {
        return running.orElseThrow(
                () -> StrongroomException.of(FailureKind.UNAVAILABLE, "no Orthanc runs that could do this")
                        .cure("Start Orthanc, then try again"));
    }

    /** What there is of what a key sealed. */
    @FunctionalInterface
    public interface Look {
        /** @throws StrongroomException UNAVAILABLE while nobody can tell */
        Remains of(UUID key);
    }

    /**
     * @param holds what is under one is not erased
     * @param approvers who may order and approve, as in the settings
     */
    public Erasures(Keyring keyring, Holds holds, List<String> approvers, InstantSource clock) {
        this.keyring = keyring;
        this.holds = holds;
        this.approvers = new Approvers(approvers);
        this.clock = clock;
        this.deletion = new OrthancDeletion(keyring, clock);
        this.book = new ErasureBook(keyring);
    }

    /**
     * Takes in an entry of the journal; those that are not about erasures or holds change nothing.
     *
     * @throws StrongroomException CORRUPT if a text is not this installation's, or if a key was destroyed that nobody ordered and approved
     */
    public synchronized void replay(JournalEntry entry) {
        book.replay(entry);
    }

    /** All, the oldest first. */
    public synchronized List<Erasure> all() {
        return book.all();
    }

    /**
     * Goes on with what a crash broke off: of an erasure that has destroyed a key the others follow, unless a hold came since, and what the
     * journal says of a key is true of the keyring, and recorded. To be called by whoever has opened all three for writing.
     */
    public synchronized void complete(Journal journal, AuditTap audit) throws IOException {
        for (KnownErasure one : book.known()) {
            if (!one.destroyed.isEmpty()) {
                destroy(one, journal, audit, AuditEvent.STRONGROOM);
            }
        }
    }

    /**
     * Carries out what somebody with the keys ordered; it is done when this returns.
     *
     * @param running the Orthanc that runs; empty if none does: then nothing is deleted in it, nor moved
     * @throws StrongroomException CORRUPT if nobody with the keys did; REFUSED if it must not be, or must not be any more; NOT_FOUND if there
     *     is no such erasure; UNAVAILABLE if nobody can tell now: then nothing was destroyed
     */
    public void carryOut(ErasureRequest request, Journal journal, AuditTap audit, Look look, Optional<Running> running)
            throws IOException {
        byte[] sealed = ErasureOrder.sealed(request);
        if (request.step() == Step.DELETE) {
            SealedDeletion wanted = ErasureOrder.openDeletion(keyring, request.erasure(), sealed);
            AuditEvent event = event(request, wanted.step());
            OrthancStudies studies = required(running).studies();
            delete(request, wanted.step(), Set.copyOf(wanted.files()), journal, audit, look, studies, event);
            return;
        }
        SealedStep step = ErasureOrder.open(keyring, request.erasure(), request.step(), sealed);
        if (request.step() == Step.MOVE) {
            move(request, journal, audit, required(running).survivors(), event(request, step));
            return;
        }
        synchronized (this) {
            carryOut(request, step, sealed, event(request, step), journal, audit, look);
        }
    }

    /** What is recorded of it; nothing may be done by a text for other keys. */
    private AuditEvent event(ErasureRequest request, SealedStep step) {
        if (!step.isAbout(request.keys())) {
            throw refused("these are not the keys that the order was sealed for", request)
                    .cure("Give it anew; if it is refused again, the sidecar is not to be trusted");
        }
        AuditEvent event = AuditEvent.of(AuditType.RETENTION)
                .by(AuditEvent.COMMAND_LINE)
                .with("erasure", request.erasure())
                .with("step", request.step().name().toLowerCase(Locale.ROOT))
                .with("keys", request.keys().size());
        return request.step() == Step.WITHDRAW ? event : event.with("owner", approvers.named(step.owner()));
    }

    private void carryOut(
            ErasureRequest request,
            SealedStep step,
            byte[] sealed,
            AuditEvent event,
            Journal journal,
            AuditTap audit,
            Look look)
            throws IOException {
        Announced told = new Announced(event, audit::record);
        switch (request.step()) {
            case ORDER -> order(request, step, sealed, journal, told);
            case APPROVE -> approve(request, step, sealed, journal, look, told);
            case WITHDRAW -> withdraw(request, step, sealed, journal, told);
            case DELETE, MOVE -> throw new IllegalArgumentException(request.step() + " is not journaled");
        }
        if (request.step() == Step.APPROVE) {
            destroy(book.open(request), journal, audit, AuditEvent.COMMAND_LINE);
        }
    }

    private void order(ErasureRequest request, SealedStep step, byte[] sealed, Journal journal, Announced told)
            throws IOException {
        if (book.knows(request.erasure())) {
            throw refused("this erasure was ordered before", request);
        }
        requireNoHold(request);
        told.then(() -> journal.erasure(request.erasure(), sealed));
        KnownErasure one = book.ordered(request.erasure(), clock.instant(), step);
        for (UUID key : request.keys()) {
            journal.toBeErased(request.erasure(), key);
            one.keys.add(key);
        }
    }

    private void withdraw(ErasureRequest request, SealedStep step, byte[] sealed, Journal journal, Announced told)
            throws IOException {
        KnownErasure one = book.open(request);
        if (!one.destroyed.isEmpty()) {
            throw refused("its keys are destroyed: nobody can take that back", request);
        }
        told.then(() -> journal.erasureWithdrawn(request.erasure(), sealed));
        one.withdrawn = Optional.of(step.text());
    }

    /**
     * Whatever comes from now on has another key, and another name than any of {@code files}; so if all that would go is among them, it is
     * what somebody has looked at, or nothing is deleted. Deletes some: whoever has it done looks whether there is more. Nobody waits for it:
     * a study of thousands of images takes long to list.
     */
    private void delete(
            ErasureRequest request,
            SealedStep step,
            Set<UUID> files,
            Journal journal,
            AuditTap audit,
            Look look,
            OrthancStudies studies,
            AuditEvent event)
            throws IOException {
        Set<UUID> keys;
        synchronized (this) {
            keys = Set.copyOf(agreed(request, step).keys);
            close(keys, journal);
        }
        keys.forEach(this::requireNotSealing);
        requireNoHold(request);
        List<String> some = deletion.next(request.erasure(), keys, files, look, studies);
        requireNoHold(request); // one may have come while the study was listed
        synchronized (this) {
            agreed(request, step); // it may have been withdrawn
        }
        audit.record(event.with("instances", some.size()));
        studies.delete(some, files);
    }

    /**
     * What Orthanc still has of the keys gets their studies' next key, some at a time; so only what it has removed is left under them. Nobody
     * waits for it: what is far away has to be fetched. It takes nothing away, so one person is enough.
     */
    private void move(ErasureRequest request, Journal journal, AuditTap audit, Survivors survivors, AuditEvent event)
            throws IOException {
        requireNoHold(request);
        for (UUID key : request.keys()) {
            if (keyring.names().study(key).isEmpty()) {
                throw refused("one of the keys is no study's, or is destroyed", request)
                        .with("key", key);
            }
        }
        synchronized (this) {
            close(Set.copyOf(request.keys()), journal);
        }
        request.keys().forEach(this::requireNotSealing);
        int files = 0;
        for (UUID key : request.keys()) {
            files += survivors.move(key);
        }
        audit.record(event.with("files", files));
    }

    private void approve(
            ErasureRequest request, SealedStep step, byte[] sealed, Journal journal, Look look, Announced told)
            throws IOException {
        KnownErasure one = agreed(request, step);
        close(one.keys, journal);
        for (UUID key : one.keys) {
            requireGone(key, look);
            requireSafe(key, look);
        }
        requireNoHold(request);
        told.then(() -> {
            if (!one.isApproved()) {
                journal.erasureApproved(request.erasure(), sealed);
                one.approved = Optional.of(step);
            }
        });
    }

    /** What was ordered, if somebody else means the same. */
    private KnownErasure agreed(ErasureRequest request, SealedStep step) {
        KnownErasure one = book.open(request);
        if (Approvers.isSame(one.ordered.owner(), step.owner())) {
            throw refused("whoever ordered an erasure cannot approve it", request)
                    .cure("Somebody else has to agree, one of Retention.Approvers");
        }
        if (!one.keys.equals(Set.copyOf(request.keys())) || !one.ordered.isAbout(one.keys)) {
            throw refused("this is not what was ordered to be erased, or more came since", request)
                    .cure("Look at it (strongroom shred list), then withdraw it and order it anew");
        }
        return one;
    }

    private void close(Set<UUID> keys, Journal journal) throws IOException {
        for (UUID key : keys) {
            journal.keyClosed(key);
            keyring.retire(key);
        }
    }

    private void requireNotSealing(UUID key) {
        if (keyring.isSealing(key)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "images of this are arriving right now")
                    .with("key", key)
                    .cure("Look what comes, and approve it again if it is still meant");
        }
    }

    /** Nothing new is sealed under a key that is closed, so what is gone stays gone. */
    private void requireGone(UUID key, Look look) {
        requireNotSealing(key);
        Remains remains = look.of(key);
        if (remains.living() > 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "Orthanc still has images of this")
                    .with("key", key)
                    .with("attachments", remains.living())
                    .cure("Delete them in Orthanc first, then approve it again");
        }
    }

    /** What was moved to another key had its receipts under this one: no copy is destroyed before it has them again. */
    private static void requireSafe(UUID key, Look look) {
        long waiting = look.of(key).waiting();
        if (waiting > 0) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "what stays of this study is not in enough tiers yet")
                    .with("key", key)
                    .with("files", waiting)
                    .cure("Run strongroom ship --now, then approve it again");
        }
    }

    /**
     * All that is left of it, or nothing more if any of that is under a hold; what a hold kept back needs a new order. The event of a key
     * comes between the journal, which decides, and the keyring: wherever a kill falls it is recorded, behind one perhaps twice.
     */
    private void destroy(KnownErasure one, Journal journal, AuditTap audit, String by) throws IOException {
        boolean held = one.stopped;
        for (UUID key : one.left()) {
            held |= isHeld(key);
        }
        for (UUID key : one.left()) {
            held |= isHeld(key);
            if (!held) {
                journal.keyDestroyed(one.id, key);
                one.destroyed.add(key);
            }
        }
        one.stopped |= one.isPartlyDestroyed();
        for (UUID key : one.destroyed) {
            if (keyring.owners().tenantOf(key).isPresent()) {
                audit.record(AuditEvent.of(AuditType.KEY)
                        .by(by)
                        .with("key", key)
                        .with("erasure", one.id)
                        .with("destroyed", true));
                keyring.destroy(key);
            }
        }
    }

    private void requireNoHold(ErasureRequest request) throws IOException {
        for (UUID key : request.keys()) {
            if (isHeld(key)) {
                throw refused("a hold is on this", request)
                        .with("key", key)
                        .cure("Holds come first: strongroom hold list");
            }
        }
    }

    private boolean isHeld(UUID key) throws IOException {
        return holds.isHeld(key, keyring.owners().tenantOf(key));
    }

    private static StrongroomException refused(String why, ErasureRequest request) {
        return StrongroomException.of(FailureKind.REFUSED, why).with("erasure", request.erasure());
    }
}
