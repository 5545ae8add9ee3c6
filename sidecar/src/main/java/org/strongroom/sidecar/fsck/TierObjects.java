package org.strongroom.sidecar.fsck;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.ledger.Inventory.Copy;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.tier.Tier;

/**
 * The packs in one tier against the copies in the ledger: both come in the order of their names, so neither is held in memory,
 * only what differs. Used by one thread.
 */
final class TierObjects {
    private static final String PACKS = "packs/";

    private final MarkedTier marked;
    private final Inventory inventory;
    private final CopyTable copies;
    private final Map<UUID, Bad> bad = new HashMap<>();
    private final Set<String> strangers = new TreeSet<>();
    private final Set<Tier.Upload> uploads = new HashSet<>();
    private long count;

    TierObjects(MarkedTier marked, Inventory inventory, CopyTable copies) {
        this.marked = marked;
        this.inventory = inventory;
        this.copies = copies;
    }

    /** What is wrong with a copy that the tier should have. */
    enum Bad {
        UNCHECKED_GONE(Kind.missing, "the tier had it before it was checked, and does not hold all of it any more"),
        GONE(Kind.missing, "the tier gave a receipt for it and does not hold it any more"),
        OTHER_SIZE(Kind.corrupt, "the pack in the tier has another size than its receipt says"),
        SUSPECT(Kind.corrupt, "the tier gave bytes that are not those it was sent");

        final Kind kind;
        final String text;

        Bad(Kind kind, String text) {
            this.kind = kind;
            this.text = text;
        }
    }

    /**
     * Compares.
     *
     * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE if the tier is away or not ours
     */
    void list() {
        marked.requireOurs();
        Iterator<Copy> expected = inventory.copies(marked.name());
        Copy[] next = {next(expected)};
        marked.tier().list(PACKS, object -> {
            count++;
            while (next[0] != null && name(next[0]).compareTo(object.name()) < 0) {
                judge(next[0], Optional.empty());
                next[0] = next(expected);
            }
            if (next[0] != null && name(next[0]).equals(object.name())) {
                judge(next[0], Optional.of(object));
                next[0] = next(expected);
            } else {
                strangers.add(object.name());
            }
        });
        for (; next[0] != null; next[0] = next(expected)) {
            judge(next[0], Optional.empty());
        }
        Set<String> ours = copies.uploads(marked.name());
        for (Tier.Upload upload : marked.tier().uploads()) {
            if (upload.name().startsWith(PACKS) && !ours.contains(upload.id())) {
                uploads.add(upload);
            }
        }
        marked.requireOurs(); // a disk that was unmounted meanwhile proves nothing
    }

    /** Looks again at what seemed wrong, and keeps of it what still does. */
    void lookAgain() {
        marked.requireOurs();
        Set<UUID> packs = Set.copyOf(bad.keySet());
        bad.clear();
        for (UUID pack : packs) {
            inventory
                    .copy(marked.name(), pack)
                    .ifPresent(copy -> judge(copy, marked.tier().head(PackPrologue.objectName(pack))));
        }
        strangers.removeIf(name -> marked.tier().head(name).isEmpty() || isKnown(name));
        if (!uploads.isEmpty()) {
            Set<String> ours = copies.uploads(marked.name());
            uploads.removeIf(upload -> ours.contains(upload.id()));
            uploads.retainAll(Set.copyOf(marked.tier().uploads()));
        }
        marked.requireOurs();
    }

    private void judge(Copy copy, Optional<Tier.ObjectInfo> object) {
        boolean receipt = copy.state() == CopyState.RECEIVED || copy.state() == CopyState.SUSPECT;
        boolean unchecked = copy.state() == CopyState.UPLOADED || copy.state() == CopyState.CHECKED;
        if (unchecked && object.filter(one -> one.size() == copy.bytes()).isEmpty()) {
            bad.put(copy.pack(), Bad.UNCHECKED_GONE);
        } else if (receipt && object.isEmpty()) {
            bad.put(copy.pack(), Bad.GONE);
        } else if (receipt && object.get().size() != copy.bytes()) {
            bad.put(copy.pack(), Bad.OTHER_SIZE);
        } else if (copy.state() == CopyState.SUSPECT) {
            bad.put(copy.pack(), Bad.SUSPECT);
        } else if (copy.state() == CopyState.PURGED && object.isPresent()) {
            strangers.add(object.get().name());
        }
    }

    private boolean isKnown(String name) {
        return packOf(name)
                .flatMap(pack -> inventory.copy(marked.name(), pack))
                .filter(copy -> copy.state() != CopyState.PURGED)
                .isPresent();
    }

    /** The pack whose object has this name; empty if no pack's has. */
    static Optional<UUID> packOf(String name) {
        String hex = name.substring(Math.min(PACKS.length(), name.length()));
        if (!hex.matches("[0-9a-f]{32}")) {
            return Optional.empty();
        }
        return Optional.of(new UUID(
                Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16)));
    }

    private static Copy next(Iterator<Copy> copies) {
        return copies.hasNext() ? copies.next() : null;
    }

    private static String name(Copy copy) {
        return PackPrologue.objectName(copy.pack());
    }

    Map<UUID, Bad> bad() {
        return bad;
    }

    /** Objects that no pack in the ledger has. */
    Set<String> strangers() {
        return strangers;
    }

    /** Uploads that nobody goes on with. */
    Set<Tier.Upload> uploads() {
        return uploads;
    }

    long count() {
        return count;
    }

    boolean isSound() {
        return bad.isEmpty() && strangers.isEmpty() && uploads.isEmpty();
    }
}
