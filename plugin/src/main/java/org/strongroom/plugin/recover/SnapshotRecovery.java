package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.supervise.SmallObjects;

/** Brings Orthanc's index, the accounts and the settings back of the newest snapshot in a tier that is whole. Used by one thread. */
public final class SnapshotRecovery {
    /** A damaged one has others below it; more of them would only be older. */
    private static final int TRIED = 3;

    private final SmallObjects tier;
    private final Keyring keyring;
    private final Map<String, Long> objects;

    /** Lists the tier. */
    public SnapshotRecovery(SmallObjects tier, Keyring keyring) throws IOException, InterruptedException {
        this.tier = tier;
        this.keyring = keyring;
        this.objects = tier.list();
    }

    /**
     * A snapshot all of whose chunks are in the tier.
     *
     * @param bytes that are read for it
     */
    public record Found(Snapshot snapshot, long bytes) {}

    /** The time of the newest one, whole or not; empty if the tier has none. One of after {@code now} is of a clock that was wrong. */
    public Optional<Instant> newest(Instant now) {
        return objects.keySet().stream()
                .flatMap(name -> SnapshotLabel.timeOf(name).stream())
                .filter(time -> time <= now.toEpochMilli())
                .max(Comparator.naturalOrder())
                .map(Instant::ofEpochMilli);
    }

    /**
     * Those that can be tried, the newest first.
     *
     * @param now those of after it are of a clock that was wrong, and come last
     */
    public List<Found> found(Instant now) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(objects.keySet());
        names.removeIf(name -> SnapshotLabel.timeOf(name).isEmpty());
        names.sort(
                Comparator.comparing((String name) -> SnapshotLabel.timeOf(name).orElse(0L) > now.toEpochMilli())
                        .thenComparing(Comparator.reverseOrder()));
        List<Found> found = new ArrayList<>();
        for (Map.Entry<String, Path> file :
                tier.get(names.subList(0, Math.min(TRIED, names.size()))).entrySet()) {
            byte[] bytes = Files.readAllBytes(file.getValue());
            try {
                Snapshot snapshot = Snapshot.open(keyring, file.getKey(), bytes);
                size(SnapshotLabel.decode(bytes)).ifPresent(size -> found.add(new Found(snapshot, size)));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
            }
        }
        return found;
    }

    /** Bytes of all chunks; empty if one is not there. */
    private Optional<Long> size(SnapshotLabel label) {
        long all = 0;
        for (Tag16 chunk : label.chunks()) {
            Long size = objects.get(SnapshotLabel.objectName(chunk));
            if (size == null) {
                return Optional.empty();
            }
            all += size;
        }
        return Optional.of(all);
    }

    /**
     * Writes the accounts and the settings into Home, where they are not yet, and last the index.
     *
     * @param index that is not there yet
     * @throws StrongroomException CORRUPT if a part of the snapshot is damaged; the index is not there then
     */
    public void write(Snapshot snapshot, Home home, Path index) throws IOException, InterruptedException {
        writeBeside(snapshot, home);
        writeNew(snapshot, SnapshotContents.INDEX, index);
    }

    /** Writes the accounts and the settings into Home, where they are not yet. */
    public void writeBeside(Snapshot snapshot, Home home) throws IOException, InterruptedException {
        writeNew(snapshot, SnapshotContents.ACCOUNTS, home.login().resolve("accounts.strs"));
        writeNew(snapshot, SnapshotContents.SETTINGS, home.recoveredSettings());
    }

    private void writeNew(Snapshot snapshot, String name, Path to) throws IOException, InterruptedException {
        Optional<SnapshotContents.Entry> file = snapshot.contents().file(name);
        if (file.isPresent() && !Files.exists(to)) {
            DurableFiles.createDirectories(to.getParent());
            snapshot.write(file.get(), this::chunks, to);
        }
    }

    /** {@link Snapshot.Chunks} of what is in the tier. */
    public void chunks(List<String> names, Snapshot.Chunks.Each each) throws IOException, InterruptedException {
        Map<String, Path> files = tier.get(names.stream().distinct().toList());
        for (String name : names) {
            each.object(Files.readAllBytes(files.get(name)));
        }
    }
}
