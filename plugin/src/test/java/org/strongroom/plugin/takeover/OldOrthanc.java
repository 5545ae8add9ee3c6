package org.strongroom.plugin.takeover;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.Notices;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.storage.Aliases;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.storage.StorageLimits;

/** A storage area over the clear files of an Orthanc, with keys, a journal, and a sidecar that has in its tiers what it is given. */
final class OldOrthanc implements AutoCloseable {
    static final Instant YEARS_AGO = Instant.parse("2019-05-01T08:00:00Z");

    final Path storageDirectory;
    final Home home;
    final Keyring keyring;
    final Journal journal;
    private final AuditTap audit;
    final List<ClearProgress> told = new CopyOnWriteArrayList<>();
    final AtomicInteger given = new AtomicInteger();
    private final Map<String, byte[]> inTier = new ConcurrentHashMap<>();
    private final StandInSidecar sidecar;
    private final List<SealedStorage> storages = new ArrayList<>();

    OldOrthanc(Path folder) throws IOException {
        storageDirectory = Files.createDirectory(folder.resolve("orthanc"));
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system());
        sidecar = new StandInSidecar().on("/v1/", this::answer);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        byte[] sealed = inTier.get(path);
        if (sealed != null) {
            given.incrementAndGet();
            StandInSidecar.giveRange(exchange, sealed);
        } else if (path.equals("/v1/notices")) {
            told.add(ControlJson.readRequest(body, Notices.class).clear());
            StandInSidecar.give(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
        } else {
            ErrorBody none = ErrorBody.of(StrongroomException.of(FailureKind.NOT_FOUND, "no such sealed file"));
            StandInSidecar.give(exchange, 404, ControlJson.write(none));
        }
    }

    void putInTier(UUID uuid, byte[] sealed) {
        inTier.put("/v1/sealed/" + uuid, sealed);
    }

    OldOrthanc withSidecar() throws IOException {
        sidecar.begin(home, keyring.installation());
        return this;
    }

    ControlClient sidecar() {
        return ControlClient.connect(home);
    }

    SealedStorage storage() {
        return storage(Watermark.parse("1 B"));
    }

    SealedStorage storage(Watermark reserve) {
        return storage(reserve, Optional.empty());
    }

    SealedStorage storage(Watermark reserve, Optional<Path> mirror) {
        SealedStorage storage = new SealedStorage(
                home,
                new StorageLimits(mirror, 1, Duration.ofSeconds(1), reserve, Watermark.parse("85 %")),
                storageDirectory,
                keyring,
                journal,
                new Holds(keyring, InstantSource.system()),
                new Aliases(),
                this::sidecar,
                audit,
                Optional.empty(),
                (attachment, key, bytes, token) -> {});
        storages.add(storage);
        return storage;
    }

    static byte[] image(int number) {
        return SyntheticDicom.ct().instance(number).toBytes();
    }

    /** As Orthanc stored it years ago. */
    UUID stored(byte[] content) throws IOException {
        UUID uuid = UUID.randomUUID();
        Path file = clear(uuid);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(YEARS_AGO));
        return uuid;
    }

    Path clear(UUID uuid) {
        String name = uuid.toString();
        return storageDirectory
                .resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
    }

    static byte[] read(SealedStorage storage, UUID uuid) throws IOException {
        ByteSource plain = storage.plainReads().plain(uuid, 100_000_000);
        return plain.read(0, (int) plain.size());
    }

    @Override
    public void close() throws IOException {
        storages.forEach(SealedStorage::close);
        sidecar.close();
        audit.close();
        journal.close();
        keyring.close();
    }
}
