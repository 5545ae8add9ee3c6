package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.StudySecret;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.format.v1.TenantSecret;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/** One tenant with its opened key: wraps and unwraps the records of its studies. Thread-safe. */
final class Tenant {
    private final KeyRecord record;
    private final TenantSecret secret;
    private final Tags tags;

    private Tenant(KeyRecord record, TenantSecret secret) {
        this.record = record;
        this.secret = secret;
        this.tags = new Tags(secret.tagKey());
    }

    /** Makes a tenant with new keys, wrapped to both, and writes its record. */
    static Tenant create(
            KeyringFiles files,
            UUID installation,
            String name,
            Key32 root,
            byte[] recoveryKey,
            long now,
            SecureRandom random)
            throws IOException {
        TenantSecret secret = new TenantSecret(Key32.random(random), Key32.random(random), name);
        Tenant made = of(secret, installation, UUID.randomUUID(), 1, root, recoveryKey, now);
        DurableFiles.createDirectories(files.tenants());
        made.write(files);
        return made;
    }

    private static Tenant of(
            TenantSecret secret, UUID installation, UUID id, int epoch, Key32 root, byte[] recoveryKey, long now) {
        byte[] plain = secret.encode();
        try {
            KeyLabel label = new KeyLabel(
                    KeyKind.TENANT,
                    installation,
                    id,
                    id,
                    epoch,
                    Tag16.NONE,
                    now,
                    TenantWraps.payloadSize(plain.length));
            byte[] context = label.wrapContext();
            TenantWraps wraps = new TenantWraps(
                    Cobblestone.seal(root, context, plain), RecoveryKey.wrap(recoveryKey, context, plain));
            return new Tenant(new KeyRecord(label, wraps.encode()), secret);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * The same tenant with a new key, wrapped to both, in memory. Its tag key stays: tags are in files that nobody writes anew (headers of sealed files,
     * labels of records), and find a study again.
     */
    Tenant successor(Key32 root, byte[] recoveryKey, long now, SecureRandom random) {
        TenantSecret next = new TenantSecret(Key32.random(random), secret.tagKey(), secret.name());
        return of(next, record.label().installation(), id(), epoch() + 1, root, recoveryKey, now);
    }

    /** Puts its record into the keyring, durably. */
    void write(KeyringFiles files) throws IOException {
        DurableFiles.replace(files.tenant(id(), epoch()), record.encode());
    }

    /**
     * Opens one tenant of the keyring.
     *
     * @return empty if the root key does not open it: it is another passphrase's or key's, or the wrap is damaged
     * @throws StrongroomException CORRUPT if the file is no tenant's record
     */
    static Optional<Tenant> open(KeyringFiles files, Path file, UUID installation, Key32 root) throws IOException {
        KeyRecord record;
        try {
            record = KeyRecord.decode(files.read(file));
        } catch (StrongroomException e) {
            throw files.damaged(file).causedBy(e);
        }
        if (!record.label().installation().equals(installation)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the keyring belongs to another installation")
                    .with("keyring", files.folder())
                    .cure("Bring keyring and installation.json of the same Home together");
        }
        return open(record, root);
    }

    /** Opens a tenant's record; empty if the root key does not open it. */
    static Optional<Tenant> open(KeyRecord record, Key32 root) {
        byte[] plain;
        try {
            byte[] wrapped = TenantWraps.decode(record.payload()).bySource();
            plain = Cobblestone.open(root, record.label().wrapContext(), wrapped);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.CORRUPT) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            return Optional.of(new Tenant(record, TenantSecret.decode(plain)));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * Opens a tenant without the root key.
     *
     * @throws StrongroomException CORRUPT if it is no tenant's record, or was wrapped to another recovery key
     */
    static Tenant recover(KeyRecord record, Key32 recoveryKey) {
        byte[] secret = recoveryKey.toBytes();
        byte[] plain = new byte[0];
        try {
            byte[] wrapped = TenantWraps.decode(record.payload()).toRecovery();
            plain = RecoveryKey.unwrap(secret, record.label().wrapContext(), wrapped);
            return new Tenant(record, TenantSecret.decode(plain));
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Its record, wrapped to another root key; the wrap to the recovery key is what it was. */
    KeyRecord wrappedTo(Key32 root) {
        byte[] plain = secret.encode();
        try {
            byte[] bySource = Cobblestone.seal(root, record.label().wrapContext(), plain);
            byte[] toRecovery = TenantWraps.decode(record.payload()).toRecovery();
            return new KeyRecord(record.label(), new TenantWraps(bySource, toRecovery).encode());
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Whether a record in a bundle is this tenant's, of now or from before the root key was changed: the recovery key opens both. */
    boolean isSame(KeyRecord other) {
        return TenantWraps.areOfOneTenant(record, other);
    }

    boolean hasKeysOf(Tenant other) {
        return secret.equals(other.secret);
    }

    /** Whether the other one is this tenant with another key. */
    boolean isSucceededBy(Tenant other) {
        return id().equals(other.id()) && secret.tagKey().equals(other.secret.tagKey()) && name().equals(other.name());
    }

    /** How many keys the tenant had, this one counted. */
    int epoch() {
        return record.label().epoch();
    }

    UUID id() {
        return record.label().tenant();
    }

    String name() {
        return secret.name();
    }

    KeyRecord record() {
        return record;
    }

    Tags tags() {
        return tags;
    }

    /** A message of {@code plain} under the tenant key. */
    byte[] seal(byte[] context, byte[] plain) {
        return Cobblestone.seal(secret.key(), context, plain);
    }

    /** @throws StrongroomException CORRUPT if {@link #seal} did not make this message with this context */
    byte[] open(byte[] context, byte[] message) {
        return Cobblestone.open(secret.key(), context, message);
    }

    /** A record of a new key. */
    KeyRecord wrap(KeyKind kind, Tag16 owner, StudySecret study, UUID id, long now) {
        byte[] plain = study.encode();
        try {
            KeyLabel label = new KeyLabel(
                    kind,
                    record.label().installation(),
                    id(),
                    id,
                    epoch(),
                    owner,
                    now,
                    Math.toIntExact(Cobblestone.messageSize(plain.length)));
            return new KeyRecord(label, Cobblestone.seal(secret.key(), label.wrapContext(), plain));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** What takes the place of the record of a key that is destroyed: as long, and without the key and whose it was. */
    KeyRecord destroyed(KeyLabel key, long now) {
        KeyLabel label = new KeyLabel(
                KeyKind.DESTROYED,
                key.installation(),
                key.tenant(),
                key.id(),
                epoch(),
                Tag16.NONE,
                now,
                key.payloadSize());
        byte[] nothing = new byte[Math.toIntExact(Cobblestone.plainSize(key.payloadSize()))];
        return new KeyRecord(label, Cobblestone.seal(secret.key(), label.wrapContext(), nothing));
    }

    /**
     * The record of the same key, or of the same destroyed one, under this tenant's key: as long as it was.
     *
     * @param wrapper the tenant with the key that wraps it now
     * @throws StrongroomException CORRUPT if that one did not wrap it
     */
    KeyRecord rewrapped(KeyRecord before, Tenant wrapper) {
        KeyLabel label = before.label();
        KeyLabel now = new KeyLabel(
                label.kind(),
                label.installation(),
                label.tenant(),
                label.id(),
                epoch(),
                label.ownerTag(),
                label.created(),
                label.payloadSize());
        byte[] plain = Cobblestone.open(wrapper.secret.key(), label.wrapContext(), before.payload());
        try {
            KeyRecord after = new KeyRecord(now, Cobblestone.seal(secret.key(), now.wrapContext(), plain));
            byte[] again = Cobblestone.open(secret.key(), now.wrapContext(), after.payload());
            boolean same = Arrays.equals(again, plain);
            Arrays.fill(again, (byte) 0);
            if (!same) {
                throw new IllegalStateException("what was wrapped opens as something else");
            }
            return after;
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** @throws StrongroomException CORRUPT if {@link #destroyed} did not make it */
    void requireDestroyed(KeyRecord record) {
        Cobblestone.open(secret.key(), record.label().wrapContext(), record.payload());
    }

    /** @throws StrongroomException CORRUPT if it is not a record that this tenant's key wrapped; NOT_FOUND if its key is destroyed */
    StudySecret unwrap(KeyRecord study) {
        if (study.label().kind() == KeyKind.DESTROYED) {
            throw Keyring.destroyed(study.label().id());
        }
        byte[] plain = Cobblestone.open(secret.key(), study.label().wrapContext(), study.payload());
        try {
            return StudySecret.decode(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }
}
