package org.strongroom.plugin.erase;

import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.plugin.keys.KeyList;

/**
 * What is sealed of a step of an erasure (format.md §6.3). The keys are named beside it, by whoever carries it; this tells whether they
 * are those that the person meant. Immutable.
 *
 * @param owner who
 * @param reason why
 * @param keys digest of what it is about
 */
record SealedStep(String owner, String reason, String keys) {
    SealedStep {
        ErasureText.require(owner);
        ErasureText.require(reason);
        Objects.requireNonNull(keys, "keys");
    }

    static SealedStep of(ErasureText text, Collection<UUID> keys) {
        return new SealedStep(text.owner(), text.reason(), KeyList.digest(keys));
    }

    /** Who, and why. */
    ErasureText text() {
        return new ErasureText(owner, reason);
    }

    /** Whether these are the keys, in any order. */
    boolean isAbout(Collection<UUID> these) {
        return keys.equals(KeyList.digest(these));
    }

    /** Says nothing: people write names. */
    @Override
    public String toString() {
        return "***";
    }
}
