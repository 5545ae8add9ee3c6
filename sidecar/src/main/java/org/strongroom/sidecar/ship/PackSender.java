package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Sends packs to one tier: from this machine, if all of one is here as it was planned; else out of another tier. For one thread.
 */
final class PackSender {
    private static final Logger LOG = LoggerFactory.getLogger(PackSender.class);

    private final Home home;
    private final Tier tier;
    private final PackTable packs;
    private final CopyTable copies;
    private final Replicas replicas;
    private final Recalls recalls;
    private final CopyQueue queue;
    private final LineSpeed line;
    private final EqualParts equal;
    private final Uplink uplink;
    private final BooleanSupplier isTight;
    /** Packs of which the disk did not give a file when they were to be sent. */
    private final Set<Long> unreadable = new HashSet<>();

    /** @param isTight whether Home's disk has no room for what can wait */
    PackSender(
            Home home,
            Tier tier,
            PackTable packs,
            CopyTable copies,
            Replicas replicas,
            Recalls recalls,
            CopyQueue queue,
            LineSpeed line,
            EqualParts equal,
            Uplink uplink,
            BooleanSupplier isTight) {
        this.home = home;
        this.tier = tier;
        this.packs = packs;
        this.copies = copies;
        this.replicas = replicas;
        this.recalls = recalls;
        this.queue = queue;
        this.line = line;
        this.equal = equal;
        this.uplink = uplink;
        this.isTight = isTight;
    }

    /**
     * Sends it, or as much of it as goes before something more urgent. A plan that no tier has begun to hold, and of which something is lost,
     * is made anew without that.
     *
     * @throws SourceException if it is whole neither here nor in another tier
     */
    void send(CopyRow copy, PackRow pack, PackLayout layout) throws IOException {
        try {
            send(copy, pack, layout, PackSource.local(home, layout));
        } catch (NoSuchFileException e) {
            if (!cancel(copy, pack)) {
                relay(
                        copy,
                        pack,
                        layout,
                        new SourceException(StrongroomException.of(
                                        FailureKind.NOT_FOUND, "files of a planned pack are gone from this machine")
                                .with("pack", pack.pack())
                                .cure("Restore the spool from a backup")));
            }
        } catch (SourceException e) {
            if (!isUnreadableAgain(pack, e) || !cancel(copy, pack)) {
                relay(copy, pack, layout, e);
            }
        }
        unreadable.remove(pack.id());
    }

    /** The first time it may be the whole disk, for a while: what was sent of the pack is still good then. */
    private boolean isUnreadableAgain(PackRow pack, SourceException e) {
        Throwable cause = e.failure().getCause();
        return (cause instanceof UnreadableFileException || cause instanceof EOFException)
                && !unreadable.add(pack.id());
    }

    /** @param here why it does not go from this machine */
    private void relay(CopyRow copy, PackRow pack, PackLayout layout, SourceException here) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        SourceException reason = here;
        for (Replicas.Source source : replicas.sources(pack)) {
            if (isTight.getAsBoolean()) {
                // Another copy can wait; what this machine alone has goes on meanwhile, and makes room.
                throw new SourceException(
                        StrongroomException.of(FailureKind.FULL, "no room to pass a pack on from one tier to another")
                                .with("pack", pack.pack())
                                .cure("Make room on Home's disk"));
            }
            Path relay = home.run().resolve("relay-" + tier.name());
            try (RelayBlocks blocks = new RelayBlocks(source.tier().tier(), name, layout.size(), relay)) {
                CopyRow now = copies.find(pack.id(), tier.name()).orElse(copy);
                LOG.info("{} goes from tier {} to tier {}", name, source.tier().name(), tier.name());
                (queue.priority(pack) == Priority.STAT ? Priority.STAT : Priority.REPLICATION)
                        .during(() -> send(now, pack, layout, PackSource.relayed(blocks, layout)));
                return;
            } catch (SourceException e) {
                reason = new SourceException(replicas.doubt(pack, source, e.failure()));
            }
        }
        if (reason.failure().kind() == FailureKind.ARCHIVED) {
            reason = new SourceException(recalls.ask(pack, Urgency.BULK, reason.failure()));
        }
        throw reason;
    }

    private void send(CopyRow copy, PackRow pack, PackLayout layout, ByteSource source) throws IOException {
        new PackUpload(
                        copies,
                        tier,
                        copy,
                        PackPrologue.objectName(pack.pack()),
                        layout,
                        source,
                        line,
                        equal,
                        uplink,
                        () -> queue.isOvertaken(pack))
                .run();
    }

    /** Whether it could be: no tier has begun to hold it. */
    private boolean cancel(CopyRow copy, PackRow pack) {
        List<CopyRow> all = copies.of(pack.id());
        if (pack.settled()
                || !all.stream()
                        .allMatch(one -> one.state() == CopyState.QUEUED || one.state() == CopyState.UPLOADING)) {
            return false;
        }
        String upload = copies.find(pack.id(), tier.name()).map(CopyRow::upload).orElse(copy.upload());
        if (upload != null) {
            tier.abort(PackPrologue.objectName(pack.pack()), upload);
        }
        packs.cancel(pack.id());
        return true;
    }

    /** Forgets packs that are not there any more. */
    void forgetPurged() {
        unreadable.removeIf(pack -> packs.find(pack).isEmpty());
    }
}
