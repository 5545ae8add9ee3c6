package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.StoredDigest;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;

/** Writes planned packs to a disk, from this machine, else out of a tier; and knows them again. For one thread. */
public final class DiskCopy {
    private static final int PART = 8 << 20;

    private final Home home;
    private final Replicas replicas;

    public DiskCopy(Home home, Replicas replicas) {
        this.home = home;
        this.replicas = replicas;
    }

    /**
     * Writes a pack; every byte of it is that of the plan when it is read.
     *
     * @return why its bytes cannot be had; empty if it is written
     * @throws StrongroomException what the disk throws
     */
    public Optional<StrongroomException> write(Tier disk, PackRow pack, PackLayout layout) throws IOException {
        StrongroomException reason;
        try {
            send(disk, layout, PackSource.local(home, layout));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            reason = StrongroomException.of(FailureKind.NOT_FOUND, "files of a planned pack are gone from this machine")
                    .with("pack", pack.pack());
        } catch (SourceException e) {
            reason = e.failure();
        }
        Path relay = home.run().resolve("relay-disk");
        for (Replicas.Source source : replicas.sources(pack)) {
            String name = PackPrologue.objectName(pack.pack());
            try (RelayBlocks blocks = new RelayBlocks(source.tier().tier(), name, layout.size(), relay)) {
                Priority.REPLICATION.during(() -> send(disk, layout, PackSource.relayed(blocks, layout)));
                return Optional.empty();
            } catch (SourceException e) {
                reason = replicas.doubt(pack, source, e.failure());
            }
        }
        return Optional.of(reason);
    }

    private static void send(Tier disk, PackLayout layout, ByteSource source) throws IOException {
        String name = PackPrologue.objectName(layout.prologue().pack());
        PieceCheck check = new PieceCheck(layout, source);
        String upload = disk.begin(name, layout.size());
        boolean whole = false;
        try {
            List<Tier.PartReceipt> parts = new ArrayList<>();
            for (long at = 0; at < layout.size(); at += PART) {
                long length = Math.min(PART, layout.size() - at);
                byte[] md5 = check.check(at, length);
                parts.add(disk.part(name, upload, parts.size() + 1, at, source.slice(at, length), md5));
            }
            disk.complete(name, upload, parts);
            whole = true;
        } finally {
            if (!whole) {
                disk.abort(name, upload);
            }
        }
    }

    /** Whether a store's digest is that of this pack; false also if this machine does not have all of it. */
    public boolean isOf(StoredDigest digest, PackLayout layout) throws IOException {
        try {
            return digest.isOf(PackSource.local(home, layout));
        } catch (NoSuchFileException | SourceException e) {
            return false;
        }
    }
}
