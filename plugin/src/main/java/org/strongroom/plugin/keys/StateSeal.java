package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Tag16;

/**
 * What the installation seals for itself, under the first tenant's key: small files of its state, texts in the journal, snapshots.
 * Thread-safe.
 */
public final class StateSeal {
    private final UUID installation;
    private final Tenants tenants;

    StateSeal(UUID installation, Tenants tenants) {
        this.installation = installation;
        this.tenants = tenants;
    }

    /**
     * Seals a small file of this installation's state, so that whoever steals the disk reads nothing in it (format.md §5.5).
     *
     * @param name of the file: it opens under no other one
     */
    public byte[] seal(String name, byte[] plain) {
        return tenants.first().seal(KeyringFiles.stateContext(name, installation), plain);
    }

    /**
     * Opens one, also of before the first tenant's key was changed.
     *
     * @throws StrongroomException CORRUPT if {@link #seal} did not make it, in this installation and under this name
     */
    public byte[] open(String name, byte[] sealed) {
        byte[] context = KeyringFiles.stateContext(name, installation);
        try {
            return tenants.first().open(context, sealed);
        } catch (StrongroomException e) {
            return tenants.former().stream()
                    .filter(former -> former.id().equals(tenants.first().id()))
                    .flatMap(former -> TenantRewrap.opened(former, context, sealed).stream())
                    .findFirst()
                    .orElseThrow(() -> e);
        }
    }

    /** Tells the chunks of snapshots apart (format.md §10). */
    public Tag16 snapshotTag(byte[] chunk) {
        return tenants.first().tags().snapshotChunk(chunk, tenants.first().epoch());
    }

    /** Decides where a dump is cut into chunks (format.md §10): no chunk's own tag, which is in clear. */
    public Tag16 snapshotCutTag(byte[] text) {
        return tenants.first().tags().snapshotCut(text);
    }

    /**
     * Stands in what a certificate of destruction says, always the same of one erasure: whoever has only the digest of that, which is in the
     * audit log, cannot try texts (format.md §9.7).
     */
    public Tag16 certificateTag(UUID erasure) {
        return tenants.first().tags().certificate(erasure.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
