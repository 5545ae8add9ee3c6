package org.strongroom.plugin.offline.place;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.plugin.install.Distribution;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.postgres.PostgresPrograms;
import org.strongroom.plugin.recover.TierAddress;
import org.strongroom.plugin.supervise.SidecarCommand;

/** The installation that a command works on. Immutable. */
public record Place(Settings settings, Home home) {
    /** That of the configuration; REFUSED with all its problems if it cannot be used. */
    public static Place of(Session session) {
        Settings settings = session.configuration().settings();
        return new Place(settings, new Home(settings.home()));
    }

    /** What opens the root key; nothing is asked yet. */
    public KeySource source() {
        return KeySource.of(settings.rootKey());
    }

    /** How a sidecar is started here. */
    public SidecarCommand sidecar() {
        return SidecarCommand.of(Distribution.folder(), settings.sidecar());
    }

    /** @throws StrongroomException NOT_FOUND if Home has no keys */
    public Installation installation() throws IOException {
        return Installation.read(home.installation())
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "Home has no keys")
                        .with("Strongroom.Home", home.root())
                        .cure("Start Orthanc with Strongroom once, or correct Strongroom.Home"));
    }

    /**
     * The name of the tier that somebody means.
     *
     * @param text its name, or its place as a sheet of the kit has it ({@link TierAddress})
     * @throws StrongroomException REFUSED if the settings have no such tier, or several at that place
     */
    public String tier(String text) {
        if (settings.tiers().containsKey(text)) {
            return text;
        }
        List<String> there = settings.tiers().entrySet().stream()
                .filter(tier -> TierAddress.isOf(tier.getValue(), text))
                .map(Map.Entry::getKey)
                .toList();
        if (there.size() != 1) {
            throw StrongroomException.of(FailureKind.REFUSED, "no such tier in the settings, or several at that place")
                    .with("tier", text)
                    .cure("Name one of Strongroom.Tiers: "
                            + String.join(", ", settings.tiers().keySet()));
        }
        return there.get(0);
    }

    /**
     * Takes Orthanc's place in Home: locks it and hands the settings over.
     *
     * @throws StrongroomException REFUSED if an Orthanc uses it, or if it belongs to another user, who could not use any more
     *     what this one would write, or if studies of a former tenant would go where they may not be
     */
    public HomeLock takeOver() throws IOException {
        return takeOver(places -> places.require(settings));
    }

    /**
     * As {@link #takeOver}, for who only reads what tiers hold: a recovery that was interrupted goes on, whose settings do not name the tenants
     * yet. An Orthanc that starts compares.
     */
    public HomeLock takeOverToRecover() throws IOException {
        return takeOver(places -> {});
    }

    private HomeLock takeOver(Consumer<TenantPlaces> check) throws IOException {
        requireOwner();
        HomeLock lock = HomeLock.take(home);
        try {
            TenantPlaces places = TenantPlaces.of(home);
            check.accept(places);
            places.write();
            DurableFiles.replace(home.settings(), settings.toJson().getBytes(StandardCharsets.UTF_8));
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** @throws StrongroomException REFUSED if Home belongs to another user, who could not use what this one would write */
    public void requireOwner() throws IOException {
        if (Files.exists(home.root())) {
            String owner = Files.getOwner(home.root()).getName();
            String user = System.getProperty("user.name");
            if (!owner.equals(user)) {
                throw StrongroomException.of(FailureKind.REFUSED, "Home belongs to another user")
                        .with("Strongroom.Home", home.root())
                        .with("owner", owner)
                        .cure("run this as that user: sudo -u " + owner + " strongroom …");
            }
        }
    }

    /** Orthanc takes a relative folder as one beside its configuration, or in the folder that holds it. */
    public static Path orthancFolder(Session session, String folder) {
        Path config = session.config().toAbsolutePath();
        return Files.isDirectory(config) ? config.resolve(folder) : config.resolveSibling(folder);
    }

    /** Orthanc's SQLite index; empty if a database server has it. */
    public static Optional<Path> indexFile(Session session) {
        Configuration configuration = session.configuration();
        String folder = configuration
                .orthanc()
                .indexDirectory()
                .orElse(configuration.orthanc().storageDirectory());
        return configuration.indexInFile()
                ? Optional.of(orthancFolder(session, folder).resolve("index"))
                : Optional.empty();
    }

    /** What talks to the PostgreSQL server that has Orthanc's index; empty if none has it. */
    public static Optional<PostgresPrograms> postgres(Session session) {
        return session.configuration().postgres().map(index -> PostgresPrograms.of(index, session.environment()));
    }

    /** For a person: where the disk does not give or take what is in Home, or another file if the cause names one. */
    public static StrongroomException unreadable(IOException cause) {
        if (cause instanceof FileSystemException named && named.getFile() != null) {
            return StrongroomException.of(FailureKind.UNAVAILABLE, "a file or folder cannot be read or written")
                    .with("file", named.getFile())
                    .with("reason", cause.getClass().getSimpleName())
                    .cure("run this as the user that runs Orthanc, or look at the disk that holds it")
                    .causedBy(cause);
        }
        return StrongroomException.of(FailureKind.UNAVAILABLE, "Home cannot be read or written")
                .with("reason", cause.getClass().getSimpleName())
                .cure("run this as the user that runs Orthanc, or look at the disk that holds Strongroom.Home")
                .causedBy(cause);
    }
}
