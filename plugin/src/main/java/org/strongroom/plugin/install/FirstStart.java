package org.strongroom.plugin.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.supervise.SidecarCommand;

/**
 * Makes sure that new keys are only ever made in a new place: Home empty, every tier reachable and unmarked. Otherwise an
 * unmounted disk or a mistyped path would quietly begin a second installation beside the clinic's real one.
 */
public final class FirstStart {
    private final Home home;
    private final SidecarCommand sidecar;

    private FirstStart(Home home, SidecarCommand sidecar) {
        this.home = home;
        this.sidecar = sidecar;
    }

    /**
     * Opens the keys of Home, or makes them if it has none. The caller holds the {@link HomeLock} and has handed the settings over
     * to the sidecar.
     *
     * @param tenants by name; who has no keys gets some
     * @throws StrongroomException REFUSED if the root key cannot be read or is another one, or as described above
     */
    public static Keyring keyring(Home home, KeySource source, Set<String> tenants, SidecarCommand sidecar, Clock clock)
            throws IOException, InterruptedException {
        if (!Keyring.exists(home)) {
            Keyring.create(home, source, new FirstStart(home, sidecar).prepare(), clock)
                    .close();
        }
        return Keyring.open(home, source, tenants, clock);
    }

    /**
     * The id of the installation to be made; the tiers are marked with it.
     *
     * @throws StrongroomException REFUSED if Home holds sealed files without keys, or if a tier does not answer or
     *     belongs to another installation
     */
    private UUID prepare() throws IOException, InterruptedException {
        requireNoSealedFiles(home.spool());
        requireNoSealedFiles(home.cache());
        UUID installation = remembered();
        String refusal = sidecar.firstStart(home, installation.toString());
        if (!refusal.isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "the first start needs every tier: " + refusal)
                    .with("Strongroom.Home", home.root())
                    .cure("Make every tier reachable. If they hold an older installation, Strongroom.Home is wrong,"
                            + " empty or not mounted: bring the old Home back");
        }
        return installation;
    }

    /** The id is kept before a tier is marked with it, so that an interrupted first start can go on. */
    private UUID remembered() throws IOException {
        Path file = home.run().resolve("first-start");
        try {
            return UUID.fromString(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            UUID installation = UUID.randomUUID();
            DurableFiles.replace(file, installation.toString().getBytes(StandardCharsets.UTF_8));
            return installation;
        }
    }

    private void requireNoSealedFiles(Path folder) throws IOException {
        try (var shards = Files.list(folder)) {
            if (shards.findAny().isPresent()) {
                throw StrongroomException.of(FailureKind.REFUSED, "Home holds sealed files but no keys")
                        .with("Strongroom.Home", home.root())
                        .cure(
                                "Bring keyring and installation.json back from a backup of Home, or name an empty folder");
            }
        }
    }
}
