package org.strongroom.sidecar.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.sidecar.tier.Tier;

/**
 * What a tier holds of snapshots, as one listing told. Those of a time that has not come are of a clock that was wrong: they stay, and take the
 * place of no other. Immutable.
 */
public final class SnapshotsThere {
    private final Tier tier;
    /** The oldest first. */
    private final List<String> past = new ArrayList<>();

    private final List<String> future = new ArrayList<>();

    private final Map<String, Long> sizes = new HashMap<>();
    private final List<String> chunks = new ArrayList<>();

    private SnapshotsThere(Tier tier) {
        this.tier = tier;
    }

    /** Asks the tier. */
    public static SnapshotsThere list(Tier tier, Instant now) {
        SnapshotsThere there = new SnapshotsThere(tier);
        tier.list(SnapshotLabel.PREFIX, object -> {
            if (SnapshotLabel.isChunk(object.name())) {
                there.chunks.add(object.name());
                return;
            }
            SnapshotLabel.timeOf(object.name()).ifPresent(time -> {
                (time > now.toEpochMilli() ? there.future : there.past).add(object.name());
                there.sizes.put(object.name(), object.size());
            });
        });
        return there;
    }

    /** The name of the newest one; empty if there is none. */
    public Optional<String> newest() {
        List<String> best = past.isEmpty() ? future : past;
        return best.isEmpty() ? Optional.empty() : Optional.of(best.get(best.size() - 1));
    }

    /** The names of those that stay where so many are kept. */
    List<String> staying(int keep) {
        List<String> names = new ArrayList<>(future);
        names.addAll(past.subList(Math.max(0, past.size() - keep), past.size()));
        return names;
    }

    /** The names of all the others. */
    List<String> older(int keep) {
        return past.subList(0, Math.max(0, past.size() - keep));
    }

    List<String> chunks() {
        return chunks;
    }

    /** The bytes of a snapshot. */
    public byte[] read(String name) throws IOException {
        long size = sizes.get(name);
        try (InputStream in = tier.get(name, 0, size)) {
            return in.readNBytes(Math.toIntExact(size));
        }
    }
}
