package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.sidecar.tier.Tier;

/**
 * Whether a tier holds destroyed keys of which Home's keyring has no record, as those of a segment that a recovery left empty (format.md §6.3). Nothing says
 * which bundles they may be in, so every one is read, once for all these keys. For one look, by one thread.
 */
public final class UnplacedKeys {
    private final Tier tier;
    private final Set<UUID> keys;
    private Optional<Look> look = Optional.empty();

    /** @param keys that may be asked for */
    public UnplacedKeys(Tier tier, Set<UUID> keys) {
        this.tier = tier;
        this.keys = Set.copyOf(keys);
    }

    /** What every key bundle of the tier said. */
    private static final class Look {
        private final Map<UUID, String> holders = new HashMap<>();
        private final List<String> damaged = new ArrayList<>();
        /** Why not everything could be looked at. */
        private Optional<String> gap = Optional.empty();

        private boolean isBrokenOff;
        private Optional<Tier.Lingering> lingering = Optional.empty();
    }

    /**
     * Why it cannot be said that the tier does not hold one of the keys, in words; empty if it does not.
     *
     * @param locked is told when what the store keeps of deleted bundles goes
     * @throws StrongroomException what the tier throws that does not list or is away
     */
    public Optional<String> why(UUID key, Consumer<Instant> locked) throws IOException {
        if (look.isEmpty()) {
            look = Optional.of(look());
        }
        Look seen = look.get();
        if (seen.holders.containsKey(key)) {
            return Optional.of(seen.holders.get(key)
                    + " holds the key, and the keyring has no record of it: restore the keyring from a backup of Home");
        }
        if (seen.gap.isPresent()) {
            return seen.gap;
        }
        if (!seen.damaged.isEmpty()) {
            return Optional.of("a key bundle is damaged, and may hold the key: " + String.join(", ", seen.damaged));
        }
        seen.lingering.flatMap(Tier.Lingering::until).ifPresent(locked);
        return seen.lingering.map(kept -> kept.of("key bundles"));
    }

    /** Whether the next look, which reads as much, may find something else soon. */
    public boolean isBrokenOff() {
        return look.filter(seen -> seen.isBrokenOff).isPresent();
    }

    private Look look() throws IOException {
        Look begun = new Look();
        try {
            tier.hidden(KeyBundle.PREFIX).forEach(tier::reveal); // what somebody hid holds its keys still
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.REFUSED) {
                throw e;
            }
            begun.gap =
                    Optional.of("key bundles that are hidden there may hold the key, and cannot be shown: " + e.text());
        }
        List<String> names = new ArrayList<>();
        tier.list(KeyBundle.PREFIX, info -> names.add(info.name()));
        for (String name : names) {
            read(name, begun);
            if (begun.isBrokenOff) {
                return begun;
            }
        }
        try {
            begun.lingering = tier.lingering(KeyBundle.PREFIX);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            begun.gap = Optional.of("the store does not say what it keeps of deleted key bundles: " + e.text());
        }
        return begun;
    }

    /** One that cannot be got holds up nothing: what is to be shipped does not wait for it. */
    private void read(String name, Look begun) throws IOException {
        try {
            Optional<KeyBundle> bundle = KeyBundles.read(tier, name);
            if (bundle.isEmpty()) {
                begun.damaged.add(name);
                return;
            }
            bundle.get().records().stream()
                    .map(KeyRecord::label)
                    .filter(label -> label.kind() != KeyKind.DESTROYED && keys.contains(label.id()))
                    .forEach(label -> begun.holders.put(label.id(), name));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) { // else it is gone since it was listed
                begun.gap = Optional.of(name + " cannot be read, and may hold the key: " + e.text());
                begun.isBrokenOff = e.kind().retryable();
            }
        }
    }
}
