package org.strongroom.sidecar.receipt;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.Tiers;

/** What has its receipts: from as many of its tenant's tiers as {@code Copies} asks for, and no copy among them that is in doubt. Thread-safe. */
public final class Receipts {
    private final FileTable files;
    private final PackTable packs;
    private final CopyTable copies;
    private final Tiers tiers;

    public Receipts(FileTable files, PackTable packs, CopyTable copies, Tiers tiers) {
        this.files = files;
        this.packs = packs;
        this.copies = copies;
        this.tiers = tiers;
    }

    /** Those of these attachments, by names that Orthanc knows, that have their receipts and were not removed: what was is going to be purged. */
    public List<UUID> of(List<UUID> attachments) {
        return attachments.stream().filter(this::isReceived).toList();
    }

    /**
     * How many files that took the place of a study's under another key have not their receipts; none without tiers: nothing is sent anywhere.
     */
    public long waiting(long study) {
        return files.succeeded(study).stream().filter(this::isNeeded).count();
    }

    /** Whether the copies of a file in the tiers are still needed although Orthanc does not have it: what took its place has no receipts yet. */
    public boolean isNeeded(UUID removed) {
        return !tiers.names().isEmpty() && files.successors(removed).stream().anyMatch(file -> !isReceived(file));
    }

    private boolean isReceived(UUID attachment) {
        return files.find(files.sealed(attachment))
                .filter(file -> file.removed() == null)
                .filter(this::isReceived)
                .isPresent();
    }

    /** Whether one of the packs that a file is in has its receipts. */
    boolean isReceived(FileRow file) {
        return packs.holding(file.id()).stream().anyMatch(member -> isReceived(member.pack()));
    }

    /** Whether the ledger's pack of this number has its receipts. */
    boolean isReceived(long pack) {
        Set<String> received = copies.of(pack).stream()
                .filter(copy -> copy.state() == CopyState.RECEIVED)
                .map(CopyRow::tier)
                .collect(Collectors.toSet());
        return !received.isEmpty()
                && packs.find(pack)
                        .filter(row -> tiers.suffice(row.owner(), received))
                        .isPresent();
    }
}
