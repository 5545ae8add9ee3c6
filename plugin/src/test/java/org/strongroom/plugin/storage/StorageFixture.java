package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.Arrivals;

/** Orthanc's storage area on a Home of its own, as the plugin puts it together, with the real clock and without a sidecar. */
public final class StorageFixture implements AutoCloseable {
    public final Home home;
    public final Path orthanc;
    public final Keyring keyring;
    public final Holds holds;
    public final Journal journal;
    public final AuditTap audit;
    public final Aliases aliases = new Aliases();
    public final SealedStorage storage;
    /** What was read, as "N bytes" and for whom. */
    public final List<String> read = new CopyOnWriteArrayList<>();

    /** Makes of keys and audit log what decides whose an arrival is. */
    public interface Rules {
        Optional<Arrivals> of(StorageFixture fixture) throws IOException;
    }

    /**
     * Opens the Home in {@code folder}, which is made if there is none.
     *
     * @param tenants beside the one that there always is
     */
    public StorageFixture(Path folder, Set<String> tenants, Rules rules) throws IOException {
        this(folder, tenants, rules, 1, Duration.ofSeconds(1), home -> {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "no sidecar");
        });
    }

    /**
     * The same with a sidecar.
     *
     * @param coldReads that may wait for it at the same time
     * @param deadline how long each does
     */
    StorageFixture(
            Path folder,
            Set<String> tenants,
            Rules rules,
            int coldReads,
            Duration deadline,
            Function<Home, ControlClient> sidecar)
            throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        orthanc = folder.resolve("orthanc");
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Clock clock = Clock.systemUTC();
        if (!Keyring.exists(home)) {
            Keyring.create(home, source, UUID.randomUUID(), clock).close();
        }
        keyring = Keyring.open(home, source, tenants, clock);
        holds = new Holds(keyring, clock);
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, clock, holds::replay);
        audit = AuditTap.open(home, clock, RunningTime.system());
        storage = new SealedStorage(
                home,
                new StorageLimits(
                        Optional.empty(), coldReads, deadline, Watermark.parse("1 B"), Watermark.parse("85 %")),
                orthanc,
                keyring,
                journal,
                holds,
                aliases,
                () -> sidecar.apply(home),
                audit,
                rules.of(this),
                new PlainReads.Listener() {
                    @Override
                    public void read(Attachment attachment, UUID key, long bytes, String token) {
                        read.add((bytes + " bytes " + token).strip());
                    }

                    @Override
                    public void failed(Attachment attachment, FailureKind why, String token) {
                        read.add((why + " " + token).strip());
                    }
                });
    }

    /** With one tenant. */
    public static StorageFixture open(Path folder) throws IOException {
        return new StorageFixture(folder, Set.of(), fixture -> Optional.empty());
    }

    @Override
    public void close() throws IOException {
        storage.close();
        audit.close();
        journal.close();
        keyring.close();
    }
}
