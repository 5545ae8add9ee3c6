package org.strongroom.plugin.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.Approvers;
import org.strongroom.plugin.erase.ErasureText;

/**
 * What people agreed to delete. Immutable.
 *
 * @param digest of the plan; its name
 * @param keys of the studies that were due in it
 * @param first who approved it
 * @param second who agreed; null if nobody did yet
 * @param undone who took it back; null if nobody did
 * @param handed what was handed over to be erased, the oldest first
 */
public record Approval(
        String digest, List<UUID> keys, Consent first, Consent second, Consent undone, List<Handed> handed) {
    /**
     * A study that is being erased, or is. Written down before anything is ordered, so that whoever goes on after a kill orders the same.
     *
     * @param erasure its id
     * @param keys all that the study has
     */
    public record Handed(UUID erasure, List<UUID> keys, Instant at) {
        public Handed {
            Objects.requireNonNull(erasure, "erasure");
            Objects.requireNonNull(at, "at");
            keys = List.copyOf(keys);
        }
    }

    public Approval {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(first, "first");
        keys = List.copyOf(keys);
        handed = List.copyOf(handed);
    }

    /** From when on it is executed; empty if nobody wants that. */
    public Optional<Instant> from(Duration grace) {
        return Optional.ofNullable(second).filter(agreed -> undone == null).map(agreed -> agreed.at()
                .plus(grace));
    }

    /** @throws StrongroomException REFUSED if it is the same person, or two have approved it */
    public void requireAnother(Consent consent) {
        if (second != null) {
            throw StrongroomException.of(FailureKind.REFUSED, "two people have approved this plan")
                    .cure("Nothing is left to do; strongroom retention undo takes it back");
        }
        if (Approvers.isSame(first.owner(), consent.owner())) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "whoever approved a plan first cannot be the second as well")
                    .cure("Somebody else has to agree, one of Retention.Approvers");
        }
    }

    /** As what the study of this key was handed over last, since this was approved; empty if it was not. */
    Optional<Handed> handed(UUID key) {
        return handed.stream()
                .filter(one -> one.keys().contains(key) && !one.at().isBefore(first.at()))
                .reduce((earlier, later) -> later);
    }

    /** The order to erase a study by it. */
    public ErasureText order() {
        return text(first);
    }

    /** The agreement to that. */
    public ErasureText agreement() {
        return text(second);
    }

    private ErasureText text(Consent consent) {
        return new ErasureText(consent.owner(), reason(digest, consent.reason()));
    }

    static String reason(String digest, String given) {
        return "retention plan " + digest + ": " + given;
    }

    Approval agreed(Consent consent) {
        return new Approval(digest, keys, first, consent, null, handed);
    }

    Approval undone(Consent consent) {
        return new Approval(digest, keys, first, second, consent, handed);
    }

    Approval with(Handed one) {
        List<Handed> all = new ArrayList<>(handed);
        all.add(one);
        return new Approval(digest, keys, first, second, undone, all);
    }
}
