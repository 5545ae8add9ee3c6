package org.strongroom.sidecar;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Abilities;
import org.strongroom.sidecar.tier.Tier;

/** What a {@link Store} keeps beside what is seen: older versions, what is behind delete markers, and locks. */
final class Versions {
    private static final Set<String> CALLS =
            Set.of("delete", "withdraw", "hasOlder", "isHidden", "hidden", "reveal", "lingering", "keep");

    final Map<String, Instant> locks = new ConcurrentHashMap<>();
    final Map<String, byte[]> hidden = new ConcurrentHashMap<>();
    final Map<String, byte[]> older = new ConcurrentHashMap<>();
    /** Whether the credentials may remove delete markers. */
    volatile boolean mayReveal = true;

    /** How long the store keeps what was deleted, so that it can be brought back. */
    volatile Duration keepsDeleted = Duration.ZERO;

    private final Map<String, Instant> deleted = new ConcurrentHashMap<>();
    volatile List<StrongroomException> missing = List.of();
    /** Whether the store was seen to mind its locks. */
    volatile boolean enforced = true;
    /** What the store does not lock for longer, whoever asks. */
    volatile String stubborn = "";

    private final Store store;
    private final Duration period;
    private final InstantSource clock;

    Versions(Store store, Duration period, InstantSource clock) {
        this.store = store;
        this.period = period;
        this.clock = clock;
    }

    /** What an attacker does who may delete. */
    void hide(String name) throws java.io.IOException {
        hidden.put(name, store.object(name));
        store.memory.delete(name);
    }

    /** What an attacker does who may put. */
    void overwrite(String name, byte[] content) throws java.io.IOException {
        older.put(name, store.object(name));
        store.memory.delete(name);
        store.memory.put(name, content);
    }

    boolean answers(String call) {
        return CALLS.contains(call);
    }

    Object answer(String call) {
        return call.equals("lockPeriod")
                ? Optional.of(period)
                : new Abilities(Map.of("object lock", enforced ? "enforced" : "missing"), missing);
    }

    Object answer(String call, String name) {
        switch (call) {
            case "delete" -> {
                Instant until = locks.getOrDefault(name, Instant.EPOCH);
                if (clock.instant().isBefore(until)) {
                    throw StrongroomException.of(FailureKind.REFUSED, "locked").with("lockedUntil", until);
                }
                if (store.memory.head(name).isPresent()) {
                    deleted.put(name, clock.instant().plus(keepsDeleted));
                }
                store.memory.delete(name);
                hidden.remove(name);
                older.remove(name);
            }
            case "withdraw" -> {
                store.memory.delete(name);
                Optional.ofNullable(older.remove(name)).ifPresent(below -> store.memory.put(name, below));
            }
            case "hasOlder" -> {
                return older.containsKey(name);
            }
            case "isHidden" -> {
                return hidden.containsKey(name);
            }
            case "hidden" -> {
                return hidden.keySet().stream()
                        .filter(each -> each.startsWith(name))
                        .sorted()
                        .toList();
            }
            case "reveal" -> {
                if (!mayReveal) {
                    throw StrongroomException.of(FailureKind.REFUSED, "no right to delete");
                }
                store.memory.put(name, hidden.remove(name));
            }
            case "lingering" -> {
                return lingering(name);
            }
            default -> {
                return keep(name);
            }
        }
        return null;
    }

    private Optional<Tier.Lingering> lingering(String prefix) {
        List<Instant> ends = deleted.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(prefix) && clock.instant().isBefore(each.getValue()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        return ends.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tier.Lingering(ends.size(), Optional.of(ends.get(ends.size() - 1))));
    }

    private Instant keep(String name) {
        if (store.memory.head(name).isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "absent");
        }
        if (name.equals(stubborn)) {
            throw StrongroomException.of(FailureKind.REFUSED, "no right to lock this");
        }
        Instant now = clock.instant();
        return locks.merge(
                name, now.plus(period), (old, full) -> old.isAfter(now.plus(period.dividedBy(2))) ? old : full);
    }
}
