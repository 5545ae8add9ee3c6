package org.strongroom.plugin.erase;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.plugin.keys.Keyring;

/** What the journal says of erasures, and what follows from that. Not thread-safe: {@link Erasures} sees to that. */
final class ErasureBook {
    private final Keyring keyring;
    private final Map<UUID, KnownErasure> known = new LinkedHashMap<>();

    ErasureBook(Keyring keyring) {
        this.keyring = keyring;
    }

    /** As {@link Erasures#replay}. */
    void replay(JournalEntry entry) {
        switch (entry.type()) {
            case ERASURE ->
                known.putIfAbsent(
                        entry.id(),
                        new KnownErasure(
                                entry.id(), Instant.ofEpochMilli(entry.time()), open(entry.id(), Step.ORDER, entry)));
            case TO_BE_ERASED -> known.get(entry.id()).keys.add(entry.key());
            case ERASURE_APPROVED ->
                known.get(entry.id()).approved = Optional.of(open(entry.id(), Step.APPROVE, entry));
            case ERASURE_WITHDRAWN ->
                known.get(entry.id()).withdrawn =
                        Optional.of(open(entry.id(), Step.WITHDRAW, entry).text());
            case KEY_DESTROYED -> destroyed(entry);
            case HELD -> held(entry.held());
            default -> {}
        }
    }

    private SealedStep open(UUID erasure, Step step, JournalEntry entry) {
        return ErasureOrder.open(keyring, erasure, step, entry.sealedText());
    }

    private void destroyed(JournalEntry entry) {
        KnownErasure one = known.get(entry.id());
        if (one == null || !one.keys.contains(entry.key()) || !one.ordered.isAbout(one.keys) || !one.isApproved()) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "the journal destroys a key that nobody ordered and approved to be")
                    .with("erasure", entry.id())
                    .with("key", entry.key())
                    .cure("Somebody wrote into Home's journal: restore it, and the keyring, from a tier");
        }
        one.destroyed.add(entry.key());
    }

    /** The hold is over some day: what it kept back is not gone on with. A tenant's may be on any key. */
    private void held(UUID keyOrTenant) {
        boolean isTenant = keyring.tenantName(keyOrTenant).isPresent();
        for (KnownErasure one : known.values()) {
            one.stopped |= one.isPartlyDestroyed() && (isTenant || one.left().contains(keyOrTenant));
        }
    }

    /** All, the oldest first. */
    List<Erasure> all() {
        return known.values().stream().map(KnownErasure::told).toList();
    }

    Collection<KnownErasure> known() {
        return known.values();
    }

    boolean knows(UUID erasure) {
        return known.containsKey(erasure);
    }

    /** The journal has this order now. */
    KnownErasure ordered(UUID erasure, Instant since, SealedStep order) {
        KnownErasure one = new KnownErasure(erasure, since, order);
        known.put(erasure, one);
        return one;
    }

    /**
     * One that still goes on.
     *
     * @throws StrongroomException NOT_FOUND if it does not, or there is none
     */
    KnownErasure open(ErasureRequest request) {
        KnownErasure one = known.get(request.erasure());
        if (one == null || one.withdrawn.isPresent() || one.stopped) {
            throw StrongroomException.of(
                            FailureKind.NOT_FOUND,
                            "no such erasure, or it was withdrawn, or a hold kept back what is left of it")
                    .with("erasure", request.erasure())
                    .cure("Look for it: strongroom shred list; what is left of one needs a new order");
        }
        return one;
    }
}
