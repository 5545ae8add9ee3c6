package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;

/**
 * The folder that holds everything durable of one installation, as typed paths. Immutable; touches the disk only in {@link
 * #createFolders}.
 *
 * @param root the folder itself; made absolute
 */
public record Home(Path root) {

    public Home {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes the folders, durably and readable by their owner only; those that exist are left alone. */
    public void createFolders() throws IOException {
        for (Path folder : List.of(spool(), cache(), journal(), run(), audit(), login())) {
            DurableFiles.createDirectories(folder);
        }
    }

    /** {@code installation.json}: see {@link Installation}. */
    public Path installation() {
        return root.resolve("installation.json");
    }

    /** {@code kit.json}: see {@link KitFile}; absent if no recovery kit was ever made. */
    public Path kit() {
        return root.resolve("kit.json");
    }

    /** {@code drills.json}: how the last trial recovery from each tier went; absent if there never was one. */
    public Path drills() {
        return root.resolve("drills.json");
    }

    /** Sealed files that have not been received everywhere yet: the data itself. */
    public Path spool() {
        return root.resolve("spool");
    }

    /** Sealed files, or their heads, with receipts: can be fetched again. */
    public Path cache() {
        return root.resolve("cache");
    }

    /** Wrapped keys (format.md §5.2). Not made by {@link #createFolders}: its absence means that there are no keys yet. */
    public Path keyring() {
        return root.resolve("keyring");
    }

    /** How the root key is made, in the keyring; nothing secret. */
    public Path rootParameters() {
        return keyring().resolve("root.json");
    }

    /** When the root key was changed, in the keyring ({@link FormerKeys}); absent if it never was. */
    public Path formerKeys() {
        return keyring().resolve("former.json");
    }

    /** When a tenant's key was changed last, in the keyring ({@link FormerKeys}); absent if none ever was. */
    public Path formerTenantKeys() {
        return keyring().resolve("former-tenants.json");
    }

    /** The recovery private key, until a kit of it is proven. */
    public Path pendingRecoveryKey() {
        return keyring().resolve("recovery-pending.strk");
    }

    /** The key that signs the journal, in the keyring, sealed under the root key. */
    public Path journalKey() {
        return keyring().resolve("journal-key.strk");
    }

    /** The same key, wrapped to the recovery key. */
    public Path journalRecoveryKey() {
        return keyring().resolve("journal-recovery.strk");
    }

    /** {@code recovery.json}: how this Home was made of a tier, and how far that is; absent if it never was. */
    public Path recovery() {
        return root.resolve("recovery.json");
    }

    /** The settings in a snapshot that this Home was recovered with: for a person, and for who completes the configuration. */
    public Path recoveredSettings() {
        return root.resolve("recovered-settings.json");
    }

    /** Journal segments and head (format.md §6). */
    public Path journal() {
        return root.resolve("journal");
    }

    /** The sidecar's notes of packs that are carried to tiers on disks; absent if none ever was. */
    public Path seeds() {
        return root.resolve("seeds");
    }

    /** The sidecar's ledger; nobody else opens it. */
    public Path ledger() {
        return root.resolve("ledger.db");
    }

    /** Sealed files that no longer open: kept for a person to look at, never read again. */
    public Path quarantine() {
        return root.resolve("quarantine");
    }

    /** Names the folder on the second disk that was marked as this installation's; absent if there never was one. */
    public Path spoolMirror() {
        return root.resolve("spool-mirror");
    }

    /** Clear files of the time before that stay until somebody does something; if it is lost they are tried once more. */
    public Path keptInClear() {
        return root.resolve("kept-in-clear.json");
    }

    /** Where studies of tenants may be, of those that the settings do not name any more, too; absent if none ever said. */
    public Path tenantPlaces() {
        return root.resolve("tenant-places.json");
    }

    /** Locks, {@link #control} and {@link #settings}: made again at every start. */
    public Path run() {
        return root.resolve("run");
    }

    /** The audit log (format.md §9): tiles, checkpoint, verifier key, and what waits to get into it. */
    public Path audit() {
        return root.resolve("audit");
    }

    /** Audit events of the plugin and its commands that wait for the sidecar (format.md §9.2). */
    public Path pendingAudit() {
        return audit().resolve("pending");
    }

    /** The same of commands that need not wait for Orthanc to stop: of one at a time, which holds {@link #retentionLock}. */
    public Path pendingAuditOfCommands() {
        return audit().resolve("pending-commands");
    }

    /** The same of the sidecar itself. */
    public Path pendingAuditOfSidecar() {
        return audit().resolve("pending-sidecar");
    }

    /** Sessions, second factors and app tokens, sealed (format.md §5.5). */
    public Path login() {
        return root.resolve("login");
    }

    /** Sealed snapshots, the newest ones, and their chunks (format.md §10), as they are in the tiers. */
    public Path snapshots() {
        return root.resolve("snapshots");
    }

    /** Why the last snapshot could not be made; absent if it could. */
    public Path snapshotTrouble() {
        return snapshots().resolve("trouble.json");
    }

    /** After how many attempts to copy Orthanc's index intake may wait for one again: it did before, in vain. */
    public Path pausedInVain() {
        return run().resolve("paused-in-vain");
    }

    /** Made for as long as intake waits for a copy of the index: see {@link IntakePause}. */
    public Path intakePause() {
        return run().resolve("intake-pause");
    }

    /** That intake had to wait for the last snapshot, and how long; absent if it had not. */
    public Path snapshotPause() {
        return run().resolve("snapshot-pause.json");
    }

    /** That the last snapshot is without the users of {@code Access.UsersFile}, and why; absent if it has them. */
    public Path snapshotUsers() {
        return run().resolve("snapshot-users.json");
    }

    /** The version of the Orthanc that runs with this Home, or ran last. */
    public Path orthancVersion() {
        return run().resolve("orthanc-version");
    }

    /** Held by the one command that makes a trial recovery; names the folder that it makes it in. */
    public Path drillLock() {
        return run().resolve("drill.lock");
    }

    /** What retention plans have told, sealed (format.md §5.5). */
    public Path retention() {
        return root.resolve("retention");
    }

    /** Held by the one command that may change {@link #retention}. */
    public Path retentionLock() {
        return run().resolve("retention.lock");
    }

    /** Port and token of the running sidecar (control.md). */
    public Path control() {
        return run().resolve("control.json");
    }

    /** The settings the plugin hands to the sidecar; without secrets. */
    public Path settings() {
        return run().resolve("settings.json");
    }

    /**
     * The settings that the audit log has, as {@link org.strongroom.core.settings.RecordedSettings} writes them: those of {@link #settings},
     * but for a start that was killed before it recorded what is new, and what is Orthanc's.
     */
    public Path recordedSettings() {
        return run().resolve("settings-recorded.json");
    }

    /** Id of the tenant that what is nobody's is kept for; absent where there is one tenant only. */
    public Path quarantineTenant() {
        return run().resolve("quarantine-tenant");
    }

    /** Jobs of Orthanc's that have begun, and whose end the audit log does not have yet. */
    public Path openJobs() {
        return root.resolve("open-jobs");
    }

    /** Ids of tenants by their names ({@link TenantIds}); written by whoever may write the keyring when opening it. */
    public Path tenantIds() {
        return run().resolve("tenants.json");
    }

    /** Tenants' keys that the audit log has, one a line; without it they are recorded once more. */
    public Path toldKeys() {
        return run().resolve("told-keys");
    }

    /** Ids of emergencies (docs/access.md) that nobody has reviewed, one a line; absent where nobody logs in. */
    public Path unreviewed() {
        return run().resolve("unreviewed-emergencies");
    }

    /** Why no server of the users' directory (docs/access.md) answers, in one line; absent while one does. */
    public Path silentDirectory() {
        return run().resolve("silent-directory");
    }

    /** Why the OpenID Connect provider (docs/access.md) is of no use, in one line; absent while it is. */
    public Path silentProvider() {
        return run().resolve("silent-provider");
    }

    /** The whole sealed file of an attachment in the spool. */
    public Path spooled(UUID attachment) {
        return sharded(spool(), attachment);
    }

    /** The whole sealed file of an attachment in the cache. */
    public Path cached(UUID attachment) {
        return sharded(cache(), attachment);
    }

    /** The head piece of an evicted attachment in the cache. */
    public Path cachedHead(UUID attachment) {
        Path whole = cached(attachment);
        return whole.resolveSibling(whole.getFileName() + ".head");
    }

    /** {@code folder/ab/<uuid>}: 256 subfolders keep each one small with millions of files. */
    public static Path sharded(Path folder, UUID attachment) {
        String name = attachment.toString();
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }
}
