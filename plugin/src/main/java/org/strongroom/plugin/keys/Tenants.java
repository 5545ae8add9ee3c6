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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.Settings;

/** All tenants of one keyring, open, each with the keys that it has: the newest one, and those of before that still open something. Immutable. */
final class Tenants {
    /** Of each tenant its newest key. */
    private final Map<UUID, Tenant> byId;
    /** Of each tenant all of them, the newest last. */
    private final Map<UUID, NavigableMap<Integer, Tenant>> epochs;

    private final Tenant first;

    private Tenants(Map<UUID, NavigableMap<Integer, Tenant>> epochs, Map<UUID, Tenant> byId, Tenant first) {
        this.epochs = epochs;
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
        Map<UUID, NavigableMap<Integer, Tenant>> epochs = new LinkedHashMap<>();
        List<Path> foreign = new ArrayList<>();
        for (Path file : records(files)) {
            Optional<Tenant> tenant = Tenant.open(files, file, installation, root);
            if (tenant.isEmpty()) {
                foreign.add(file);
            } else if (!add(tenant.get(), epochs)) {
                throw files.damaged(file);
            }
        }
        if (epochs.isEmpty()) {
            return Optional.empty();
        }
        // The root key opened one of them, so the others are damaged.
        if (!foreign.isEmpty()) {
            throw files.damaged(foreign.get(0));
        }
        return Optional.of(of(files, epochs));
    }

    /** Whether this key goes with those that its tenant has: none of the same epoch, and all of one name and one tag key. */
    private static boolean add(Tenant tenant, Map<UUID, NavigableMap<Integer, Tenant>> epochs) {
        NavigableMap<Integer, Tenant> known = epochs.computeIfAbsent(tenant.id(), id -> new TreeMap<>());
        boolean fits = known.isEmpty() || known.firstEntry().getValue().isSucceededBy(tenant);
        return fits && known.put(tenant.epoch(), tenant) == null;
    }

    private static Tenants of(KeyringFiles files, Map<UUID, NavigableMap<Integer, Tenant>> epochs) {
        Map<UUID, Tenant> byId = new LinkedHashMap<>();
        epochs.forEach((id, keys) -> byId.put(id, keys.lastEntry().getValue()));
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
        return new Tenants(epochs, byId, first);
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
        Map<UUID, NavigableMap<Integer, Tenant>> all = new LinkedHashMap<>(epochs);
        for (String name : new LinkedHashSet<>(names)) {
            if (find(name).isEmpty()) {
                Tenant made =
                        Tenant.create(files, installation.id(), name, root, installation.recoveryKey(), now, random);
                all.put(made.id(), new TreeMap<>(Map.of(made.epoch(), made)));
            }
        }
        return of(files, all);
    }

    /** These, and a newer key of one of them. */
    Tenants with(Tenant newer, KeyringFiles files) {
        Map<UUID, NavigableMap<Integer, Tenant>> all = new LinkedHashMap<>(epochs);
        NavigableMap<Integer, Tenant> keys = new TreeMap<>(epochs.get(newer.id()));
        keys.put(newer.epoch(), newer);
        all.put(newer.id(), keys);
        return of(files, all);
    }

    /** These, but for former keys that are gone. */
    Tenants without(Predicate<Tenant> isGone, KeyringFiles files) {
        Map<UUID, NavigableMap<Integer, Tenant>> left = new LinkedHashMap<>();
        List<Tenant> former = former();
        for (Tenant tenant : every()) {
            if (!former.contains(tenant) || !isGone.test(tenant)) {
                left.computeIfAbsent(tenant.id(), id -> new TreeMap<>()).put(tenant.epoch(), tenant);
            }
        }
        return of(files, left);
    }

    /** Whose is what nobody else claims, and what belongs to the installation. */
    Tenant first() {
        return first;
    }

    /** Whether these are the same tenants with the same keys, whatever wraps them. */
    boolean isSame(Tenants other) {
        return every().size() == other.every().size()
                && every().stream().allMatch(tenant -> other.find(tenant.id(), tenant.epoch())
                        .filter(tenant::hasKeysOf)
                        .isPresent());
    }

    /** Which is which, for who has no keys. */
    TenantIds ids() {
        return new TenantIds(byId.values().stream().collect(Collectors.toMap(Tenant::id, Tenant::name)));
    }

    int size() {
        return byId.size();
    }

    /** Each with its newest key. */
    Collection<Tenant> all() {
        return byId.values();
    }

    /** Each with each of its keys, the older ones first. */
    List<Tenant> every() {
        return epochs.values().stream().flatMap(keys -> keys.values().stream()).toList();
    }

    /** Those of {@link #every} in whose place a newer one is. */
    List<Tenant> former() {
        return every().stream()
                .filter(tenant -> tenant.epoch() < byId.get(tenant.id()).epoch())
                .toList();
    }

    Optional<Tenant> find(UUID id, int epoch) {
        return Optional.ofNullable(epochs.get(id)).map(keys -> keys.get(epoch));
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
     * Whose record this is, with the key that wraps it.
     *
     * @throws StrongroomException CORRUPT if it is no tenant's here, or of a key that it does not have; UNAVAILABLE if the tenant's key was changed after these
     *     were opened
     */
    Tenant of(KeyRecord record) {
        UUID id = record.label().tenant();
        int epoch = record.label().epoch();
        return find(id, epoch).orElseThrow(() -> (find(id).filter(one -> one.epoch() < epoch)
                                .isPresent()
                        ? StrongroomException.of(
                                        FailureKind.UNAVAILABLE,
                                        "a key record of a tenant's key that is newer than these")
                                .cure(
                                        "If strongroom key rotate ran meanwhile, do it again; else restore the tenant's newest"
                                                + " record in keyring/tenants from a backup of Home, or from a tier's bundles")
                        : StrongroomException.of(FailureKind.CORRUPT, "a key record of a tenant that nobody knows"))
                .with("key", record.label().id())
                .with("tenant", id)
                .with("epoch", epoch));
    }
}
