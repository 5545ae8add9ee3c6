package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.Settings;

/** All tenants of one keyring, open. Immutable. */
final class Tenants {
    private final Map<UUID, Tenant> byId;
    private final Tenant first;

    private Tenants(Map<UUID, Tenant> byId, Tenant first) {
        this.byId = byId;
        this.first = first;
    }

    /**
     * Opens the tenants in the keyring.
     *
     * @return empty if the root key opens none of them: it is another passphrase's or key's
     * @throws StrongroomException CORRUPT if a record is damaged, or the first tenant's is missing
     */
    static Optional<Tenants> open(KeyringFiles files, UUID installation, Key32 root) throws IOException {
        Map<UUID, Tenant> byId = new LinkedHashMap<>();
        List<Path> foreign = new ArrayList<>();
        for (Path file : records(files)) {
            Optional<Tenant> tenant = Tenant.open(files, file, installation, root);
            if (tenant.isEmpty()) {
                foreign.add(file);
            } else if (byId.put(tenant.get().id(), tenant.get()) != null) {
                throw files.damaged(file);
            }
        }
        if (byId.isEmpty()) {
            return Optional.empty();
        }
        // The root key opened one of them, so the others are damaged.
        if (!foreign.isEmpty()) {
            throw files.damaged(foreign.get(0));
        }
        return Optional.of(of(files, byId));
    }

    private static Tenants of(KeyringFiles files, Map<UUID, Tenant> byId) {
        Map<String, Tenant> byName = new LinkedHashMap<>();
        for (Tenant tenant : byId.values()) {
            if (byName.put(tenant.name(), tenant) != null) {
                throw files.damaged(files.tenants()).with("tenant", tenant.name());
            }
        }
        Tenant first = byName.get(Settings.FIRST_TENANT);
        if (first == null) {
            throw files.damaged(files.tenants()).with("tenant", Settings.FIRST_TENANT);
        }
        return new Tenants(byId, first);
    }

    private static List<Path> records(KeyringFiles files) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> records = Files.newDirectoryStream(files.tenants(), "*.strk")) {
            records.forEach(found::add);
        } catch (NoSuchFileException e) {
            throw files.damaged(files.tenants()).causedBy(e);
        }
        if (found.isEmpty()) {
            throw files.damaged(files.tenants());
        }
        found.sort(null);
        return found;
    }

    /** These, and a new tenant for each name that has none; its record is on disk when this returns. */
    Tenants with(
            Collection<String> names,
            KeyringFiles files,
            Installation installation,
            Key32 root,
            long now,
            SecureRandom random)
            throws IOException {
        Map<UUID, Tenant> all = new LinkedHashMap<>(byId);
        for (String name : names) {
            if (all.values().stream().noneMatch(tenant -> tenant.name().equals(name))) {
                Tenant made =
                        Tenant.create(files, installation.id(), name, root, installation.recoveryKey(), now, random);
                all.put(made.id(), made);
            }
        }
        return of(files, all);
    }

    /** Whose is what nobody else claims, and what belongs to the installation. */
    Tenant first() {
        return first;
    }

    /** Whether these are the same tenants with the same keys, whatever wraps them. */
    boolean isSame(Tenants other) {
        return byId.keySet().equals(other.byId.keySet())
                && byId.values().stream().allMatch(tenant -> tenant.hasKeysOf(other.byId.get(tenant.id())));
    }

    int size() {
        return byId.size();
    }

    Iterable<Tenant> all() {
        return byId.values();
    }

    Optional<Tenant> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Tenant> find(String name) {
        return byId.values().stream()
                .filter(tenant -> tenant.name().equals(name))
                .findFirst();
    }

    /** @throws IllegalArgumentException if there is none with this name */
    Tenant named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("the keyring has no such tenant: " + name));
    }

    /**
     * Whose record this is.
     *
     * @throws StrongroomException CORRUPT if it is no tenant's here
     */
    Tenant of(KeyRecord record) {
        return find(record.label().tenant()).orElseThrow(() -> StrongroomException.of(
                        FailureKind.CORRUPT, "a key record of a tenant that nobody knows")
                .with("tenant", record.label().tenant()));
    }
}
