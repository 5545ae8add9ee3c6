package org.strongroom.sidecar.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.sidecar.tier.Tier;

/** What a tier holds of snapshots, as one listing told. Immutable. */
public final class SnapshotsThere {
    private final Tier tier;
    /** The oldest first. */
    private final List<String> snapshots = new ArrayList<>();

    private final Map<String, Long> sizes = new HashMap<>();
    private final List<String> chunks = new ArrayList<>();

    private SnapshotsThere(Tier tier) {
        this.tier = tier;
    }

    /** Asks the tier. */
    public static SnapshotsThere list(Tier tier) {
        SnapshotsThere there = new SnapshotsThere(tier);
        tier.list(SnapshotLabel.PREFIX, object -> {
            if (SnapshotLabel.isChunk(object.name())) {
                there.chunks.add(object.name());
            } else if (SnapshotLabel.timeOf(object.name()).isPresent()) {
                there.snapshots.add(object.name());
                there.sizes.put(object.name(), object.size());
            }
        });
        return there;
    }

    /** The names of the newest ones. */
    public List<String> newest(int most) {
        return snapshots.subList(Math.max(0, snapshots.size() - most), snapshots.size());
    }

    /** The names of all the others. */
    List<String> older(int most) {
        return snapshots.subList(0, Math.max(0, snapshots.size() - most));
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
