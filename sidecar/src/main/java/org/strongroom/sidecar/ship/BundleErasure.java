package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.Tier;

/** Takes the key of a destroyed record out of a tier's bundles. For one thread. */
public final class BundleErasure {
    private final KeyBundles bundles;

    public BundleErasure(KeyBundles bundles) {
        this.bundles = bundles;
    }

    /**
     * Sees to it that no bundle in a tier holds the key of a destroyed record: another one takes their place. Of a key without a record
     * {@link UnplacedKeys} tells.
     *
     * @param locked is told when a lock ends that keeps one
     * @return what holds it still, in words; empty if nothing does
     */
    public Optional<String> replace(Tier tier, UUID destroyed, Consumer<Instant> locked) throws IOException {
        int segment = bundles.segmentOf(destroyed);
        List<KeyRecord> now = bundles.readable(segment);
        if (now.stream().anyMatch(record -> isKey(record, destroyed))) { // else the next bundle would bring it back
            return Optional.of("the plugin has not destroyed the key yet");
        }
        try {
            tier.hidden(KeyBundle.prefix(segment)).forEach(tier::reveal); // what somebody hid holds its keys still
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.REFUSED) {
                throw e;
            }
            return Optional.of("key bundles that are hidden there may hold the key, and cannot be shown: " + e.text());
        }
        List<String> names = new ArrayList<>();
        tier.list(KeyBundle.prefix(segment), info -> names.add(info.name()));
        List<String> older = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        Set<KeyRecord> carried = new HashSet<>();
        boolean newest = false;
        for (String name : names) {
            Optional<KeyBundle> bundle;
            try {
                bundle = KeyBundles.read(tier, name);
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.NOT_FOUND) { // since it was listed
                    continue;
                }
                throw e;
            }
            if (bundle.isEmpty()) {
                unread.add(name);
            } else if (holds(bundle.get(), destroyed)) {
                older.add(name);
                carried.addAll(bundle.get().records());
            } else {
                newest |= bundle.get().records().equals(now);
            }
        }
        if (!older.isEmpty()) {
            Optional<String> differs = bundles.whyNotReplaceable(segment, carried, now);
            if (differs.isPresent()) {
                return differs;
            }
            if (!newest) { // what is locked is tried again and again
                bundles.write(tier, segment);
            }
            Optional<String> left = drop(tier, older, locked);
            if (left.isPresent()) {
                return left;
            }
        }
        if (!unread.isEmpty()) {
            return Optional.of("a key bundle is damaged, and may hold the key: " + String.join(", ", unread));
        }
        Optional<Tier.Lingering> lingering = tier.lingering(KeyBundle.prefix(segment));
        lingering.flatMap(Tier.Lingering::until).ifPresent(locked);
        return lingering.map(kept -> kept.of("key bundles"));
    }

    /** Returns why not all of them are gone. */
    private Optional<String> drop(Tier tier, List<String> names, Consumer<Instant> locked) {
        Optional<String> left = Optional.empty();
        for (String name : names) {
            bundles.forget(tier, name);
            try {
                tier.delete(name);
            } catch (StrongroomException e) {
                if (e.kind().retryable()) {
                    throw e;
                }
                Optional<Instant> end = Locked.until(e);
                end.ifPresent(locked);
                left = Optional.of(end.map(until -> "a key bundle with the key is locked until " + until)
                        .orElse("a key bundle with the key cannot be deleted: " + e.text()));
            }
        }
        return left;
    }

    private static boolean holds(KeyBundle bundle, UUID key) {
        return bundle.records().stream().anyMatch(record -> isKey(record, key));
    }

    private static boolean isKey(KeyRecord record, UUID key) {
        return record.label().id().equals(key) && record.label().kind() != KeyKind.DESTROYED;
    }
}
