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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.factor.RecoveredAccounts;
import org.strongroom.plugin.snapshot.KeptBeside;
import org.strongroom.plugin.snapshot.Snapshot;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.supervise.SmallObjects;

/** Brings Orthanc's index, the accounts and the settings back of the newest snapshot in a tier that is whole. Used by one thread. */
public final class SnapshotRecovery {
    /** A damaged one has others below it; more of them would only be older. */
    private static final int TRIED = 3;

    private static final Set<String> INDEXES = Set.of(SnapshotContents.INDEX, SnapshotContents.POSTGRES);

    private final SmallObjects tier;
    private final Keyring keyring;
    private final Map<String, Long> objects;
    private List<Opened> opened;
    private Optional<Instant> unopened = Optional.empty();

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
        List<Found> found = new ArrayList<>();
        for (Opened one : opened(now)) {
            size(one.label()).ifPresent(size -> found.add(new Found(one.snapshot(), size)));
        }
        return found;
    }

    /** A snapshot, whatever became of its chunks. */
    private record Opened(Snapshot snapshot, SnapshotLabel label) {}

    private List<Opened> opened(Instant now) throws IOException, InterruptedException {
        if (opened != null) {
            return opened;
        }
        List<String> names = new ArrayList<>(objects.keySet());
        names.removeIf(name -> SnapshotLabel.timeOf(name).isEmpty());
        names.sort(
                Comparator.comparing((String name) -> SnapshotLabel.timeOf(name).orElse(0L) > now.toEpochMilli())
                        .thenComparing(Comparator.reverseOrder()));
        List<Opened> all = new ArrayList<>();
        for (Map.Entry<String, Path> file :
                tier.get(names.subList(0, Math.min(TRIED, names.size()))).entrySet()) {
            byte[] bytes = Files.readAllBytes(file.getValue());
            try {
                all.add(new Opened(Snapshot.open(keyring, file.getKey(), bytes), SnapshotLabel.decode(bytes)));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                if (SnapshotLabel.isWhole(file.getKey(), bytes)) {
                    unopened = SnapshotLabel.timeOf(file.getKey()).map(Instant::ofEpochMilli);
                }
            }
        }
        opened = List.copyOf(all);
        return opened;
    }

    /**
     * The time of one that is whole and does not open with the keys of this Home: they are those of a time before a tenant's key was
     * changed, or of another installation. Known once {@link #found} was asked.
     */
    public Optional<Instant> unopened() {
        return unopened;
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
     * Writes the index.
     *
     * @param index that is not there yet
     * @throws StrongroomException CORRUPT if a part of it is damaged; it is not there then
     */
    public void writeIndex(Snapshot snapshot, Path index) throws IOException, InterruptedException {
        write(snapshot, SnapshotContents.INDEX, index);
    }

    /**
     * Opens all that is not the index, and writes nothing.
     *
     * @throws StrongroomException CORRUPT if a part of it is damaged
     */
    public void verifyBeside(Snapshot snapshot) throws IOException, InterruptedException {
        for (SnapshotContents.Entry file : snapshot.contents().files()) {
            if (!INDEXES.contains(file.name())) {
                snapshot.verify(file, this::chunks);
            }
        }
    }

    /**
     * Writes the settings, the accounts (without app tokens) and what people were told into Home, where they are not yet: each of the newest
     * snapshot in which it is whole, whether anybody can use that one's index or not.
     */
    public void writeBeside(Instant now, Home home) throws IOException, InterruptedException {
        writeNewest(now, SnapshotContents.SETTINGS, home.recoveredSettings());
        for (KeptBeside kept : KeptBeside.values()) {
            Path to = kept.in(home);
            if (Files.exists(to)) {
                continue;
            }
            Path aside = home.run().resolve("recovered-state").resolve(to.getFileName());
            Files.deleteIfExists(aside);
            if (writeNewest(now, kept.file(), aside, () -> requireOpens(kept, aside))) {
                DurableFiles.createDirectories(to.getParent());
                DurableFiles.replace(to, Files.readAllBytes(aside));
                Files.delete(aside);
            }
        }
    }

    /**
     * What the lost machine remembered of the places of tenants' studies, by the newest snapshot that tells it; else what its settings said, as far as
     * {@link #writeBeside} found any.
     */
    public TenantPlaces tenantPlaces(Instant now, Home home) throws IOException, InterruptedException {
        Path copy = home.run().resolve("recovered-places");
        Files.deleteIfExists(copy);
        writeNewest(now, SnapshotContents.TENANT_PLACES, copy, () -> TenantPlaces.lost(home, copy));
        TenantPlaces lost = TenantPlaces.lost(home, copy);
        Files.deleteIfExists(copy);
        return lost;
    }

    /**
     * Compares the audit log's checkpoint that the newest snapshot keeps with what the tier has of the log. Keys of logs that cannot be read hold
     * up no recovery: then a longer log of another key may hide that events are missing.
     *
     * @param told of such keys
     * @return what is to be recorded; empty if the tier has all of it, or no snapshot keeps one
     */
    public Optional<AuditEvent> missingEvents(Instant now, Home home, String name, Consumer<String> told)
            throws IOException, InterruptedException {
        Path checkpoint = home.run().resolve("recovered-checkpoint");
        Files.deleteIfExists(checkpoint);
        if (!writeNewest(now, SnapshotContents.CHECKPOINT, checkpoint)) {
            return Optional.empty();
        }
        return FormerLog.missing(objects.keySet(), logKeys(told), Files.readAllBytes(checkpoint), name);
    }

    private Map<String, byte[]> logKeys(Consumer<String> told) throws IOException, InterruptedException {
        Map<String, byte[]> keys = new TreeMap<>();
        List<String> named = objects.keySet().stream()
                .filter(object -> object.startsWith(FormerLog.KEY))
                .toList();
        try {
            for (Map.Entry<String, Path> key : tier.get(named).entrySet()) {
                keys.put(key.getKey(), Files.readAllBytes(key.getValue()));
            }
        } catch (StrongroomException e) {
            told.accept("The keys of the tier's audit logs cannot be read (" + e.text()
                    + "): whether events are missing" + " there is seen by the lengths of all logs alone");
        }
        return keys;
    }

    /** One that was damaged on the lost disk already was copied as it was: an older one is better than none. */
    private void requireOpens(KeptBeside kept, Path file) throws IOException {
        String state = kept.file().substring(0, kept.file().length() - ".strs".length());
        keyring.state().open(state, Files.readAllBytes(file));
        if (kept == KeptBeside.ACCOUNTS) {
            RecoveredAccounts.dropTokens(file.getParent(), keyring);
        }
    }

    /** What is asked of a file that was written. */
    @FunctionalInterface
    private interface Check {
        void check() throws IOException;
    }

    private boolean writeNewest(Instant now, String name, Path to) throws IOException, InterruptedException {
        return writeNewest(now, name, to, () -> {});
    }

    /** Whether it is there now. */
    private boolean writeNewest(Instant now, String name, Path to, Check check)
            throws IOException, InterruptedException {
        for (Opened one : opened(now)) {
            if (Files.exists(to)) {
                return true;
            }
            try {
                write(one.snapshot(), name, to);
                if (Files.exists(to)) {
                    check.check();
                }
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                Files.deleteIfExists(to);
            }
        }
        return Files.exists(to);
    }

    private void write(Snapshot snapshot, String name, Path to) throws IOException, InterruptedException {
        Optional<SnapshotContents.Entry> file = snapshot.contents().file(name);
        if (file.isPresent()) {
            DurableFiles.createDirectories(to.getParent());
            snapshot.write(file.get(), this::chunks, to);
        }
    }

    /** {@link Snapshot.Chunks} of what is in the tier. */
    public void chunks(List<String> names, Snapshot.Chunks.Each each) throws IOException, InterruptedException {
        if (!objects.keySet().containsAll(names)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a snapshot lacks a part")
                    .cure("Use an older one, or that of another tier");
        }
        Map<String, Path> files = tier.get(names.stream().distinct().toList());
        for (String name : names) {
            each.object(Files.readAllBytes(files.get(name)));
        }
    }
}
