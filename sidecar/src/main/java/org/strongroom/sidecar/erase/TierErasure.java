package org.strongroom.sidecar.erase;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackCompanion;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.purge.CopyDeletion;
import org.strongroom.sidecar.ship.BundleErasure;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.ship.UnplacedKeys;
import org.strongroom.sidecar.tier.Tier;

/** Takes out of one tier what destroyed keys sealed, and the keys. For the thread that ships to the tier; {@link #left} for any. */
public final class TierErasure {
    /** What failed, or may go at any time, is tried again after this. */
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /**
     * What is kept until a time that is known is asked for no sooner, and at least so often: each look costs some requests for each key. So is what takes a
     * look into every bundle.
     */
    private static final Duration LONGEST = Duration.ofDays(1);
    /** What the store's clock may be behind ours. */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private final MarkedTier marked;
    private final ErasureTable erasures;
    private final CopyTable copies;
    private final CopyDeletion deletion;
    private final KeyBundles bundles;
    private final BundleErasure erasure;
    private final LingeringPacks lingering;
    private final InstantSource clock;
    private final RunningTime time;
    private final Map<UUID, Left> left = new ConcurrentHashMap<>();

    /** Why something is still there, and when that is looked at again. */
    private record Left(String why, Duration again) {}

    public TierErasure(
            MarkedTier marked,
            ErasureTable erasures,
            CopyTable copies,
            CopyDeletion deletion,
            KeyBundles bundles,
            TierTable table,
            InstantSource clock,
            RunningTime time) {
        this.marked = marked;
        this.erasures = erasures;
        this.copies = copies;
        this.deletion = deletion;
        this.bundles = bundles;
        this.erasure = new BundleErasure(bundles);
        this.lingering = new LingeringPacks(table);
        this.clock = clock;
        this.time = time;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** Does what can be done now; the caller knows that it is our tier, and that the ledger knows what is in it. */
    public void step() throws IOException {
        List<UUID> keys = erasures.left(name());
        UnplacedKeys unplaced = new UnplacedKeys(marked.tier(), Set.copyOf(keys));
        for (UUID key : keys) {
            Left before = left.get(key);
            if (before == null || before.again().compareTo(time.now()) <= 0) {
                erase(key, unplaced);
            }
        }
    }

    private void erase(UUID key, UnplacedKeys unplaced) throws IOException {
        left.putIfAbsent(key, new Left("it was begun", time.now()));
        List<String> why = new ArrayList<>();
        List<Instant> locks = new ArrayList<>();
        boolean living = erasures.living(key) > 0;
        if (living) {
            why.add("Orthanc has images of it, which nothing opens any more");
        } else {
            why.addAll(dropPacks(key, locks::add));
            why.addAll(lingering(key, locks::add));
        }
        boolean known = !living && locks.size() == why.size(); // one for each
        int before = locks.size();
        try {
            boolean isPlaced = bundles.knows(key);
            boolean isLooked = !isPlaced && why.isEmpty();
            Optional<String> bundle = isPlaced
                    ? erasure.replace(marked.tier(), key, locks::add)
                    : isLooked
                            ? unplaced.why(key, locks::add)
                            // Every bundle is read for that: not as long as it cannot end anyway.
                            : Optional.of("whether a key bundle has it is looked at then");
            bundle.ifPresent(why::add);
            boolean isLasting = isLooked && !unplaced.isBrokenOff();
            known &= bundle.isEmpty() || locks.size() > before || isLasting;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            why.add(e.text()); // what is to be shipped does not wait for it
            known = false;
        }
        if (why.isEmpty()) {
            erasures.erased(key, name());
            left.remove(key);
        } else {
            Duration longest = known ? LONGEST : PAUSE;
            left.put(key, new Left(String.join("; ", why), time.now().plus(pause(locks, longest))));
        }
    }

    /** Until something may have changed: the first lock's end, if that is known and soon. */
    private Duration pause(List<Instant> locks, Duration longest) {
        Duration first = locks.stream()
                .map(end -> Duration.between(clock.instant(), end).plus(SHORTEST))
                .min(Comparator.naturalOrder())
                .orElse(longest);
        return first.compareTo(longest) > 0 ? longest : first.compareTo(SHORTEST) < 0 ? SHORTEST : first;
    }

    private List<String> dropPacks(UUID key, Consumer<Instant> locked) {
        List<String> why = new ArrayList<>();
        List<PackRow> packs = erasures.packs(key);
        lingering.expect(
                name(),
                key,
                packs.stream()
                        .flatMap(pack ->
                                Stream.of(PackPrologue.objectName(pack.pack()), PackCompanion.objectName(pack.pack())))
                        .toList());
        for (PackRow pack : packs) {
            Optional<CopyRow> copy = copies.find(pack.id(), name()).filter(one -> one.state() != CopyState.PURGED);
            if (copy.isPresent()) {
                CopyDeletion.Outcome outcome = deletion.delete(pack, copy.get(), clock.instant());
                if (!outcome.gone()) {
                    outcome.lockedUntil().ifPresent(locked);
                    why.add(outcome.lockedUntil()
                            .map(until -> "a pack is locked until " + until)
                            .orElse("a pack cannot be deleted now"));
                }
            }
        }
        return why;
    }

    private List<String> lingering(UUID key, Consumer<Instant> locked) {
        List<String> why = new ArrayList<>();
        try {
            for (Tier.Lingering kept : lingering.ask(marked.tier(), key)) {
                kept.until().ifPresent(locked);
                why.add(kept.of("a pack's objects"));
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            why.add("the store does not say what it keeps of deleted packs: " + e.text());
        }
        return why;
    }

    /** The packs that the tier has of what any key sealed, in words; empty if none. */
    public Optional<String> packs(UUID key) {
        long count = erasures.packs(key).stream()
                .flatMap(pack -> copies.find(pack.id(), name()).stream())
                .filter(copy -> copy.state() != CopyState.PURGED && copy.state() != CopyState.QUEUED)
                .count();
        return count == 0 ? Optional.empty() : Optional.of("packs: " + count);
    }

    /** What the tier still has of what a destroyed key sealed, or of the key, in words; empty if nothing. */
    public Optional<String> left(UUID key) {
        if (!erasures.left(name()).contains(key)) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(left.get(key)).map(Left::why).orElse("the tier was not come to yet"));
    }
}
