package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
import org.strongroom.sidecar.uplink.Uplink;

/** Sends one pack to one tier in parts, from wherever an earlier attempt got to. For one thread. */
final class PackUpload {
    private static final Logger LOG = LoggerFactory.getLogger(PackUpload.class);
    /** A part that failed so often in a row is too large for this line. */
    private static final int ENOUGH = 3;
    /** So many times as large or small is another size. */
    private static final int OTHER = 2;
    /** Who waits for a cut looks so often whether something more urgent came. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final CopyTable copies;
    private final Tier tier;
    private final CopyRow copy;
    private final String name;
    private final PackLayout layout;
    private final ByteSource source;
    private final LineSpeed line;
    private final EqualParts equal;
    private final Uplink uplink;
    private final BooleanSupplier overtaken;

    /** @param overtaken whether something more urgent waits: asked after every part, and while it waits before one */
    PackUpload(
            CopyTable copies,
            Tier tier,
            CopyRow copy,
            String name,
            PackLayout layout,
            ByteSource source,
            LineSpeed line,
            EqualParts equal,
            Uplink uplink,
            BooleanSupplier overtaken) {
        this.line = line;
        this.equal = equal;
        this.uplink = uplink;
        this.overtaken = overtaken;
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
     *
     * @return whether it is made; else it was overtaken, or its parts were not taken, and it goes on when it is run again; or it is carried
     *     there on a disk
     */
    boolean run() throws IOException {
        Optional<Tier.ObjectInfo> there = copy.upload() == null ? Optional.empty() : tier.head(name);
        if (there.isEmpty()) {
            if (!upload()) {
                return false;
            }
        } else if (there.get().size() != layout.size()) {
            copies.suspect(copy);
            throw StrongroomException.of(FailureKind.CORRUPT, "an object of another size has the pack's name")
                    .with("tier", tier.name())
                    .with("object", name)
                    .with("size", there.get().size())
                    .cure("Find out who wrote it; it is made again if there are other bytes of this pack");
        }
        copies.uploaded(copy);
        return true;
    }

    private boolean upload() throws IOException {
        String upload = copy.upload();
        Map<Integer, PartReceipt> sent = upload == null ? null : alreadySent(upload);
        if (sent != null
                && sent.containsKey(1)
                && areEqual()
                && isTooLarge(sent.get(1).size(), 0, 1)) {
            tier.abort(name, upload);
            sent = null;
        }
        if (sent == null) {
            upload = tier.begin(name, layout.size());
            if (!copies.uploading(copy, upload)) {
                tier.abort(name, upload);
                return false;
            }
            sent = new HashMap<>();
        }
        boolean resumed = !copies.parts(copy).isEmpty();
        PieceCheck check = new PieceCheck(layout, source);
        List<PartReceipt> receipts = new ArrayList<>();
        long partSize = 0;
        for (long offset = 0; offset < layout.size(); ) {
            int number = receipts.size() + 1;
            PartReceipt receipt = sent.remove(number);
            if (receipt == null) {
                if (resumed) {
                    copies.forgetParts(copy, number); // what lies behind a gap may begin elsewhere now
                    sent.clear();
                    resumed = false;
                }
                partSize = next(partSize, offset, number);
                long length = Math.min(partSize, layout.size() - offset);
                if (!letCutPass(length)) {
                    return false;
                }
                Optional<PartReceipt> arrived = send(upload, number, offset, length, check.check(offset, length));
                if (arrived.isEmpty()) {
                    return false; // the limit fell: what is more urgent has its turn, then it goes on in smaller parts
                }
                receipt = arrived.get();
                copies.part(copy, receipt);
                if (offset + length < layout.size() && overtaken.getAsBoolean()) {
                    return false;
                }
            } else if (isCoarse()) {
                partSize = receipt.size();
            }
            receipts.add(receipt);
            offset += receipt.size();
        }
        if (!isCompleted(upload, receipts)) {
            return false;
        }
        LOG.info("{} is in tier {}: {} bytes", name, tier.name(), layout.size());
        return true;
    }

    /** A store that does not take what it took part by part wants parts of one size: it gets them next time. */
    private boolean isCompleted(String upload, List<PartReceipt> receipts) {
        try {
            tier.complete(name, upload, receipts);
            return true;
        } catch (StrongroomException e) {
            long sizes = receipts.stream()
                    .limit(receipts.size() - 1L)
                    .mapToLong(PartReceipt::size)
                    .distinct()
                    .count();
            if (e.kind().retryable() || !isCoarse() || sizes < 2 || !isThere(upload, receipts)) {
                throw e;
            }
            LOG.info("{} is sent anew to tier {}, in parts of one size: {}", name, tier.name(), e.text());
            equal.demand();
            tier.abort(name, upload);
            return false;
        }
    }

    /** Whoever has no rights any more cannot ask, and an upload that is gone is not there: then sizes are not what is wrong. */
    private boolean isThere(String upload, List<PartReceipt> receipts) {
        return tier.parts(name, upload)
                .filter(held -> held.containsAll(receipts))
                .isPresent();
    }

    /**
     * Waits for the cut that would meet so many bytes.
     *
     * @return whether nothing more urgent came meanwhile
     */
    private boolean letCutPass(long length) {
        for (Duration pause = line.pauseBefore(length); !pause.isZero(); pause = line.pauseBefore(length)) {
            uplink.rest(pause.compareTo(LOOK) < 0 ? pause : LOOK);
            if (overtaken.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The bytes are read a second time, and not sent to their end if they are others then.
     *
     * @return empty if it was too large for a limit that fell meanwhile
     */
    private Optional<PartReceipt> send(String upload, int number, long offset, long length, byte[] md5)
            throws IOException {
        boolean mayBeSmaller = !areEqual();
        Outgrown outgrown = new Outgrown();
        boolean[] given = {false};
        ByteSource part = ByteSource.of(length, (position, target, targetOffset, count) -> {
            if (position == 0) {
                line.reads();
            }
            if (mayBeSmaller && outgrown.is(length - position, calmSize(offset, number), line.now())) {
                given[0] = true;
                line.breaksOff();
                throw StrongroomException.of(FailureKind.STALE, "the limit fell while a part was sent")
                        .with("tier", tier.name());
            }
            source.read(offset + position, target, targetOffset, count);
        });
        try {
            return Optional.of(line.send(length, () -> tier.part(name, upload, number, offset, part, md5)));
        } catch (StrongroomException e) {
            if (!given[0]) {
                throw e;
            }
            LOG.info("part {} of {} is too large for a limit that fell: it goes in smaller ones", number, name);
            return Optional.empty();
        }
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

    /** A store that takes no small parts; some of these demand that all but the last have one size. */
    private boolean isCoarse() {
        return tier.minimumPartSize() > PartSize.SMALLEST;
    }

    private boolean areEqual() {
        return tier.wantsEqualParts() || equal.areDemanded();
    }

    /**
     * The size of the next part where the one before had {@code size}, or 0 for the first: what the line, or the timetable, lets through
     * now. Large ones keep theirs unless it is another matter by now, for a store that has not said yet that it wants them equal.
     */
    private long next(long size, long offset, int number) {
        long usual = partSize(offset, number);
        if (size == 0 || !isCoarse()) {
            return usual;
        }
        if (areEqual()) {
            return size;
        }
        long calm = line.breaks() >= ENOUGH ? usual : calmSize(offset, number);
        if (size >= OTHER * calm) {
            return calm;
        }
        return usual >= OTHER * size || size < PartSize.least(layout.size() - offset, number) ? usual : size;
    }

    /** There, what was right for a better line is too large when it fails again and again. */
    private boolean isTooLarge(long size, long offset, int number) {
        return isCoarse() && line.breaks() >= ENOUGH && size >= OTHER * partSize(offset, number);
    }

    private long partSize(long offset, int number) {
        return PartSize.of(layout.size(), layout.size() - offset, number, tier, line, uplink.limit());
    }

    private long calmSize(long offset, int number) {
        return PartSize.calm(layout.size(), layout.size() - offset, number, tier, line, uplink.limit());
    }
}
