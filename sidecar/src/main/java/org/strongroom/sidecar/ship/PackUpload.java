package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.security.MessageDigest;
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
import org.strongroom.sidecar.tier.Md5;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/** Sends one pack to one tier in parts, from wherever an earlier attempt got to. For one thread. */
final class PackUpload {
    private static final Logger LOG = LoggerFactory.getLogger(PackUpload.class);
    private static final int MOST_PARTS = 10_000;
    private static final int PART = 8 << 20;

    private final CopyTable copies;
    private final Tier tier;
    private final CopyRow copy;
    private final String name;
    private final PackLayout layout;
    private final ByteSource source;

    PackUpload(CopyTable copies, Tier tier, CopyRow copy, String name, PackLayout layout, ByteSource source) {
        this.copies = copies;
        this.tier = tier;
        this.copy = copy;
        this.name = name;
        this.layout = layout;
        this.source = source;
    }

    /** Makes the object; returns at once if it is there already, because a crash came between its making and its recording. */
    void run() throws IOException {
        Optional<Tier.ObjectInfo> there = tier.head(name);
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
        int partSize = partSize(layout.size(), tier.minimumPartSize());
        byte[] buffer = new byte[(int) Math.min(partSize, layout.size())];
        PieceCheck check = new PieceCheck(layout, source);
        List<PartReceipt> receipts = new ArrayList<>();
        int number = 1;
        for (long offset = 0; offset < layout.size(); offset += partSize) {
            int length = (int) Math.min(partSize, layout.size() - offset);
            PartReceipt receipt = sent.get(number);
            if (receipt == null || receipt.size() != length) {
                source.read(offset, buffer, 0, length);
                check.check(buffer, length, offset);
                receipt = tier.part(
                        name, upload, number, offset, ByteSource.of(buffer).slice(0, length), md5(buffer, length));
                copies.part(copy, receipt);
            }
            receipts.add(receipt);
            number++;
        }
        tier.complete(name, upload, receipts);
        LOG.info("{} is in tier {}: {} bytes", name, tier.name(), layout.size());
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

    /** The same for every attempt, or parts of an earlier one would not fit. */
    static int partSize(long size, long minimum) {
        long needed = (size + MOST_PARTS - 1) / MOST_PARTS;
        return Math.toIntExact(Math.max(Math.max(PART, minimum), needed));
    }

    private static byte[] md5(byte[] bytes, int length) {
        MessageDigest md5 = Md5.digest();
        md5.update(bytes, 0, length);
        return md5.digest();
    }
}
