package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/** Sends one pack to one tier in parts, from wherever an earlier attempt got to. For one thread. */
final class PackUpload {
    private static final Logger LOG = LoggerFactory.getLogger(PackUpload.class);
    private static final int MOST_PARTS = 10_000;
    /** A part that is lost with its line costs about a minute of it … */
    private static final long SMALLEST_PART = 8L << 20;
    /** … but stores are paid by the request: on a good line a pack is a few parts. */
    private static final long LARGEST_PART = 64L << 20;

    private static final int FEW = 4;

    private final CopyTable copies;
    private final Tier tier;
    private final CopyRow copy;
    private final String name;
    private final PackLayout layout;
    private final ByteSource source;
    private final LineSpeed line;

    PackUpload(
            CopyTable copies,
            Tier tier,
            CopyRow copy,
            String name,
            PackLayout layout,
            ByteSource source,
            LineSpeed line) {
        this.line = line;
        this.copies = copies;
        this.tier = tier;
        this.copy = copy;
        this.name = name;
        this.layout = layout;
        this.source = source;
    }

    /**
     * Makes the object; returns at once if it is there already, because a crash came between its making and its recording. What a
     * lost ledger knew of was found before: without an upload there is nothing that could have made it.
     */
    void run() throws IOException {
        Optional<Tier.ObjectInfo> there = copy.upload() == null ? Optional.empty() : tier.head(name);
        if (there.isEmpty()) {
            upload();
        } else if (there.get().size() != layout.size()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "an object of another size has the pack's name")
                    .with("tier", tier.name())
                    .with("object", name)
                    .with("size", there.get().size())
                    .cure("Find out who wrote it, and delete it");
        }
        copies.uploaded(copy);
    }

    private void upload() throws IOException {
        String upload = copy.upload();
        Map<Integer, PartReceipt> sent = upload == null ? null : alreadySent(upload);
        if (sent == null) {
            upload = tier.begin(name, layout.size());
            copies.uploading(copy, upload);
            sent = new HashMap<>();
        }
        long partSize = sent.containsKey(1) ? sent.get(1).size() : partSize(layout.size());
        PieceCheck check = new PieceCheck(layout, source);
        List<PartReceipt> receipts = new ArrayList<>();
        int number = 1;
        for (long offset = 0; offset < layout.size(); offset += partSize) {
            long length = Math.min(partSize, layout.size() - offset);
            PartReceipt receipt = sent.get(number);
            if (receipt == null || receipt.size() != length) {
                receipt = send(upload, number, offset, length, check.check(offset, length));
                copies.part(copy, receipt);
            }
            receipts.add(receipt);
            number++;
        }
        tier.complete(name, upload, receipts);
        LOG.info("{} is in tier {}: {} bytes", name, tier.name(), layout.size());
    }

    /** The bytes are read a second time, and not sent to their end if they are others then. */
    private PartReceipt send(String upload, int number, long offset, long length, byte[] md5) throws IOException {
        return line.send(length, () -> tier.part(name, upload, number, offset, source.slice(offset, length), md5));
    }

    /** Parts that both the store and the ledger know to be sent; null if the store does not know the upload any more. */
    private Map<Integer, PartReceipt> alreadySent(String upload) {
        Optional<List<PartReceipt>> held = tier.parts(name, upload);
        if (held.isEmpty()) {
            return null;
        }
        List<PartReceipt> recorded = copies.parts(copy);
        Map<Integer, PartReceipt> sent = new HashMap<>();
        for (PartReceipt part : held.get()) {
            if (recorded.contains(part)) {
                sent.put(part.number(), part);
            }
        }
        LOG.info("going on with {} in tier {} after {} parts", name, tier.name(), sent.size());
        return sent;
    }

    /** Of a new upload; an attempt that goes on with another one's takes that one's. */
    private long partSize(long size) {
        long mostParts = (size + MOST_PARTS - 1) / MOST_PARTS;
        long fewParts = Math.min(LARGEST_PART, (size + FEW - 1) / FEW);
        long usual = Math.max(SMALLEST_PART, Math.min(line.perMinute(), fewParts));
        return Math.max(Math.max(usual, mostParts), tier.minimumPartSize());
    }
}
