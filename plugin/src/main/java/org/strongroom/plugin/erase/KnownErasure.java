package org.strongroom.plugin.erase;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One erasure, as far as it has come. Not thread-safe: {@link Erasures} sees to that. */
final class KnownErasure {
    final UUID id;
    final SealedStep ordered;
    final Set<UUID> keys = new LinkedHashSet<>();
    final Set<UUID> destroyed = new HashSet<>();
    Optional<SealedStep> approved = Optional.empty();
    Optional<ErasureText> withdrawn = Optional.empty();
    /** A hold kept back what was left of it. */
    boolean stopped;

    private final Instant since;

    KnownErasure(UUID id, Instant since, SealedStep ordered) {
        this.id = id;
        this.since = since;
        this.ordered = ordered;
    }

    boolean isApproved() {
        return approved.filter(step -> step.isAbout(keys)).isPresent();
    }

    List<UUID> left() {
        return keys.stream().filter(key -> !destroyed.contains(key)).toList();
    }

    boolean isPartlyDestroyed() {
        return !destroyed.isEmpty() && !destroyed.containsAll(keys);
    }

    /** As it is now. */
    Erasure told() {
        return new Erasure(id, since, ordered.text(), approved.map(SealedStep::text), withdrawn, keys, destroyed);
    }
}
