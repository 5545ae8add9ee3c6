package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Stands in for a store's archive class: what is in it is not given, and comes back when a test lets it. Thread-safe. */
public final class MemoryArchive implements ArchiveClasses {
    /** What was asked to be brought back, as {@code urgency object}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** Whether it refuses to archive. */
    public volatile boolean refuses;

    /** What happens, once, when the store is asked about this object. */
    private final Map<String, Runnable> questions = new ConcurrentHashMap<>();

    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

    private static final Set<String> READ_AT_ONCE = Set.of("STANDARD", "COOL", "COLD");

    /** Classes and objects that went there. */
    public final List<String> moves = new CopyOnWriteArrayList<>();
    /** Whether it says that it moved something and does not. */
    public volatile boolean ignores;

    private final Map<String, String> classes = new ConcurrentHashMap<>();
    private final MemoryTier tier;
    private final InstantSource clock;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    public MemoryArchive(MemoryTier tier, InstantSource clock) {
        this.tier = tier;
        this.clock = clock;
    }

    /** The next time that the store is asked where this object is, this happens first. */
    public void whenAsked(String object, Runnable what) {
        questions.put(object, what);
    }

    /** While the next object is moved, this happens. */
    public void whenMoved(Runnable what) {
        meanwhile.set(what);
    }

    /** {@code tier} as a clinic sees it that archives there. */
    public Tier companions(Tier seen) {
        return new CompanionTier(seen);
    }

    /** Throws if an object cannot be read now. */
    public void requireReadable(String object) {
        Place place = Optional.ofNullable(shelves.get(object)).map(Shelf::place).orElse(Place.AT_HAND);
        if (place == Place.ARCHIVED || place == Place.COMING) {
            throw StrongroomException.of(
                    FailureKind.ARCHIVED, "the object is in an archive class and cannot be read now");
        }
    }

    /** What a store does hours later. */
    public void arrives(String object, Instant until) {
        shelves.computeIfPresent(object, (name, shelf) -> {
            if (shelf.place() != Place.COMING) {
                throw new IllegalStateException(name + " is " + shelf.place());
            }
            return new Shelf(Place.BACK, shelf.size(), Optional.of(until));
        });
    }

    @Override
    public Shelf shelf(String object) {
        Optional.ofNullable(questions.remove(object)).ifPresent(Runnable::run);
        long size = tier.head(object)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "absent"))
                .size();
        Shelf shelf = shelves.getOrDefault(object, new Shelf(Place.AT_HAND, size, Optional.empty()));
        boolean over =
                shelf.until().filter(until -> !clock.instant().isBefore(until)).isPresent();
        return new Shelf(over ? Place.ARCHIVED : shelf.place(), size, over ? Optional.empty() : shelf.until());
    }

    @Override
    public void move(String object, String storageClass) {
        if (refuses) {
            throw StrongroomException.of(FailureKind.REFUSED, "the bucket keeps old versions");
        }
        moves.add(storageClass + " " + object);
        meanwhile.getAndSet(() -> {}).run();
        classes.put(object, storageClass);
        if (!READ_AT_ONCE.contains(storageClass)) {
            shelves.put(object, new Shelf(Place.ARCHIVED, shelf(object).size(), Optional.empty()));
        }
    }

    @Override
    public String storageClass(String object) {
        return ignores ? "STANDARD" : classes.getOrDefault(object, "STANDARD");
    }

    @Override
    public Duration bringBack(String object, Urgency urgency, Duration kept) {
        asked.add(urgency + " " + object);
        shelves.put(object, new Shelf(Place.COMING, shelf(object).size(), Optional.empty()));
        return urgency == Urgency.CLINICAL ? Duration.ofHours(5) : Duration.ofHours(48);
    }
}
