package org.strongroom.plugin.keys;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.Rewrapped;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/**
 * Puts another key in the place of a tenant's (format.md §5.7). Its record, written beside the former one's, decides; from then on whoever opens the keyring
 * brings everything under the new one and goes on where it was interrupted. Used by one thread, by whoever holds Home's lock.
 */
public final class TenantChange {
    private static final Logger LOG = System.getLogger(TenantChange.class.getName());

    private final Home home;
    private final KeyringFiles files;
    private final Installation installation;
    private final RootChange.Steps steps;
    private final SecureRandom random = new SecureRandom();

    public TenantChange(Home home, Installation installation) {
        this(home, installation, RootChange.Steps.UNSEEN);
    }

    TenantChange(Home home, Installation installation, RootChange.Steps steps) {
        this.home = home;
        this.files = new KeyringFiles(home);
        this.installation = installation;
        this.steps = steps;
    }

    /**
     * What a change is about.
     *
     * @param from the key that there is: how many the tenant had, this one counted
     * @param records of studies and attachments, destroyed ones counted
     */
    public record Plan(UUID tenant, int from, long records) {}

    /**
     * Opens everything that would be wrapped anew, and changes nothing.
     *
     * @throws StrongroomException NOT_FOUND if there is no such tenant; REFUSED if {@code source} does not open the keyring; CORRUPT, with the place, if a
     *     record does not open
     */
    public Plan rehearse(KeySource source, String tenant) throws IOException {
        Key32 root = root(source);
        try {
            Tenants tenants = KeyringOpening.tenants(installation, files, root);
            Tenant before = named(tenants, tenant);
            successor(before, root, 0);
            return plan(tenants, before);
        } finally {
            root.destroy();
        }
    }

    /** Whether a change was begun, and its end was not told. */
    public boolean isBegun() {
        return Files.exists(files.tenantChange());
    }

    private Key32 root(KeySource source) throws IOException {
        RootChange.finish(files, RootChange.Steps.UNSEEN);
        return source.rootKey(RootParameters.read(files.root()));
    }

    private Plan plan(Tenants tenants, Tenant before) throws IOException {
        return new Plan(before.id(), before.epoch(), TenantRewrap.prove(files, tenants, before.id()));
    }

    private static Tenant named(Tenants tenants, String name) {
        return tenants.find(name)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "the keyring has no such tenant")
                        .with("tenant", name)
                        .cure("strongroom key status names them"));
    }

    /** A new key; while the recovery key is here, it must open it. */
    private Tenant successor(Tenant before, Key32 root, long now) throws IOException {
        Tenant next = before.successor(root, installation.recoveryKey(), now, random);
        boolean opens = Tenant.open(next.record(), root).filter(next::hasKeysOf).isPresent();
        if (opens && Files.exists(files.recoveryPending())) {
            byte[] plain = Cobblestone.open(
                    root, KeyringFiles.recoveryContext(installation.id()), files.read(files.recoveryPending()));
            Key32 recoveryKey = Key32.of(plain);
            try {
                opens = Tenant.recover(next.record(), recoveryKey).hasKeysOf(next);
            } finally {
                Arrays.fill(plain, (byte) 0);
                recoveryKey.destroy();
            }
        }
        if (!opens) {
            throw new IllegalStateException("what was wrapped does not open");
        }
        return next;
    }

    /**
     * Makes the new key, records that it begins, and brings everything under it. Then it is to be {@linkplain #tell told}.
     *
     * @param by who does it
     * @param progress told of how many records are done
     * @throws StrongroomException as {@link #rehearse}; then nothing has changed
     */
    public Plan change(
            KeySource source, String tenant, Clock clock, Consumer<AuditEvent> audit, String by, LongConsumer progress)
            throws IOException {
        Key32 root = root(source);
        try {
            Tenants tenants = new TenantRewrap(
                            home, KeyringOpening.tenants(installation, files, root), steps, records -> {})
                    .finish();
            Tenant before = named(tenants, tenant);
            Plan plan = plan(tenants, before);
            Tenant next = successor(before, root, clock.millis());
            decide(before, next, clock, audit, by);
            proveWritten(next, source);
            new TenantRewrap(home, tenants.with(next, files), steps, progress).finish();
            return plan;
        } finally {
            root.destroy();
        }
    }

    private void decide(Tenant before, Tenant next, Clock clock, Consumer<AuditEvent> audit, String by)
            throws IOException {
        Marker marker = new Marker(next.id(), next.epoch());
        marker.write(files.tenantChange());
        steps.done();
        try {
            audit.accept(event("begin", next.name(), marker).by(by));
        } catch (RuntimeException e) {
            Files.delete(files.tenantChange());
            throw e;
        }
        new FormerKeys(clock.instant()).write(home.formerTenantKeys()); // first: no tier may be forgotten
        steps.done();
        // Also where the former one stays: a bundle of before goes only if the wrap to the recovery key is the one that
        // was made here.
        Rewrapped.addTenant(files.folder(), before.record(), next.record());
        steps.done();
        next.write(files);
        steps.done();
    }

    /** Before anything is under it: what the disk gives back, with what the source gives when it is asked again. */
    private void proveWritten(Tenant next, KeySource source) throws IOException {
        try {
            Key32 again = root(source);
            try {
                boolean same = KeyringOpening.tenants(installation, files, again)
                        .find(next.id(), next.epoch())
                        .filter(next::hasKeysOf)
                        .isPresent();
                if (!same) {
                    throw files.damaged(files.tenant(next.id(), next.epoch()));
                }
            } finally {
                again.destroy();
            }
        } catch (StrongroomException e) {
            Files.delete(files.tenant(next.id(), next.epoch()));
            DurableFiles.fsyncDirectory(files.tenants());
            throw e.cure("Nothing has changed. Look at the disk and at the key's source, and try again");
        }
    }

    private static AuditEvent event(String step, String tenant, Marker marker) {
        return AuditEvent.of(AuditType.KEY)
                .ofTenant(tenant)
                .with("tenantKey", marker.tenant)
                .with("epoch", marker.epoch)
                .with("step", step);
    }

    /** Who changes what, until the end is in the audit log. */
    private record Marker(UUID tenant, int epoch) {
        void write(Path file) throws IOException {
            DurableFiles.replace(file, (tenant + " " + epoch + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        /** Empty if there is none. */
        static Optional<Marker> read(KeyringFiles files) throws IOException {
            Path file = files.tenantChange();
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words =
                    Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ", -1);
            try {
                return Optional.of(new Marker(UUID.fromString(words[0]), Integer.parseInt(words[1])));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw files.damaged(file).causedBy(e);
            }
        }
    }

    /**
     * Records that a change is done, unless there was none, or it was recorded; a kill at the wrong moment makes it two records, never none.
     *
     * @param keyring opened to write, so that what was interrupted is finished
     * @param by who did it
     * @return the tenant whose key was changed; empty if there is nothing to tell
     */
    public static Optional<TenantKey> tell(Home home, Keyring keyring, Consumer<AuditEvent> audit, String by)
            throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Optional<Marker> marker;
        try {
            marker = Marker.read(files);
        } catch (StrongroomException e) {
            LOG.log(Level.WARNING, "A change of a tenant's key is finished, and nobody can tell of which", e);
            Files.delete(files.tenantChange()); // it is for the audit log only, and no start may fail for it
            return Optional.empty();
        }
        if (marker.isEmpty()) {
            return Optional.empty();
        }
        // If its key is not there, it never happened.
        Optional<TenantKey> changed = keyring.tenantKeys().stream()
                .filter(key -> key.tenant().equals(marker.get().tenant())
                        && key.epoch() >= marker.get().epoch())
                .findFirst();
        if (changed.isPresent()) {
            AuditEvent done = event("done", changed.get().name(), marker.get()).by(by);
            long left = keyring.formerTenantKeys().stream()
                    .filter(former -> former.key().tenant().equals(marker.get().tenant()))
                    .mapToLong(FormerTenantKey::records)
                    .sum();
            audit.accept(left == 0 ? done : done.with("left", left));
        }
        Files.delete(files.tenantChange());
        DurableFiles.fsyncDirectory(files.folder());
        return changed;
    }
}
