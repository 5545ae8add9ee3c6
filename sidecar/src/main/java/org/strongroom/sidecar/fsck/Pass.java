package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.FsckLine.Repair;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.ledger.Inventory.Item;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.Tier;

/** The first look at everything, and the second one at what seemed wrong. Used by one thread. */
final class Pass {
    private static final String COMPARING = "comparing";

    private final Home home;
    private final Inventory inventory;
    private final Tiers tiers;
    private final Comparison comparison;
    private final IndexSource source;
    private final Attachments known;
    private final Fsck.Refresh refresh;
    private final Fsck.Lines out;
    private final CopyTable copies;
    private final Map<String, TierObjects> objects = new TreeMap<>();
    private final Set<String> notAsked = new LinkedHashSet<>();
    private Set<Path> strangers = new HashSet<>();
    private boolean asked;
    private long suspected;
    private long unknown;
    private long back;
    private long clear;
    private long sealed;
    private long forgotten;
    private long local;

    Pass(
            Home home,
            Inventory inventory,
            CopyTable copies,
            Tiers tiers,
            Comparison comparison,
            IndexSource source,
            Attachments known,
            Fsck.Refresh refresh,
            Fsck.Lines out) {
        this.home = home;
        this.inventory = inventory;
        this.copies = copies;
        this.tiers = tiers;
        this.comparison = comparison;
        this.source = source;
        this.known = known;
        this.refresh = refresh;
        this.out = out;
    }

    /** Looks at everything, and notes in {@code suspects} what seems wrong. */
    void first(Attachments suspects) throws IOException, InterruptedException {
        askIndex();
        for (MarkedTier tier : tiers.all()) {
            out.add(new FsckLine.Progress("listing tier " + tier.name(), 0, 0));
            TierObjects found = new TierObjects(tier, inventory, copies);
            if (reached(tier, found::list)) {
                objects.put(tier.name(), found);
            }
        }
        refresh.run();
        for (int shard = 0; shard < Attachments.SHARDS; shard++) {
            Facts facts = facts(shard);
            strangers.addAll(facts.local().strangers());
            count(facts);
            for (UUID uuid : facts.all()) {
                List<Finding> findings = new ArrayList<>();
                comparison.judge(uuid, facts, findings::add);
                if (asked && isImage(uuid, facts) && facts.isLiving(uuid) == facts.isForgotten(uuid)) {
                    if (facts.isLiving(uuid)) {
                        back++;
                    } else {
                        unknown++;
                    }
                }
                if (!findings.isEmpty()) {
                    suspects.add(uuid, false);
                    suspected++;
                }
            }
            out.add(new FsckLine.Progress(COMPARING, shard + 1, Attachments.SHARDS));
        }
    }

    /** What Orthanc made of images it makes again: an index that was written anew does not know the old ones. */
    private static boolean isImage(UUID uuid, Facts facts) {
        Item item = facts.ledger().get(uuid);
        return item == null || item.file().header().isDicom();
    }

    /** Whether Orthanc's index could be asked. */
    boolean hasIndex() {
        return asked;
    }

    /** Tells whether it seems to be an older one than it was. */
    void compared(Deletions deletions) {
        deletions.compared(unknown, back, sealed + forgotten);
    }

    boolean somethingSeemsWrong() {
        return suspected > 0
                || !strangers.isEmpty()
                || !objects.values().stream().allMatch(TierObjects::isSound);
    }

    /**
     * Looks at the suspects only, and tells what is still wrong with them.
     *
     * @param deletions whether a plan may forget what the index does not know
     * @param indexLost whether it may give that back in any case
     */
    void second(Attachments suspects, Deletions deletions, boolean indexLost) throws IOException, InterruptedException {
        askIndex();
        for (MarkedTier tier : tiers.all()) {
            TierObjects found = objects.get(tier.name());
            if (found != null && !reached(tier, found::lookAgain)) {
                objects.remove(tier.name());
            }
        }
        refresh.run();
        Set<Path> still = new HashSet<>();
        for (int shard = 0; shard < Attachments.SHARDS; shard++) {
            if (suspects.isEmpty(shard) && strangers.isEmpty()) {
                continue;
            }
            Facts facts = facts(shard);
            still.addAll(facts.local().strangers());
            List<Finding> findings = new ArrayList<>();
            for (UUID uuid : suspects.shard(shard).sealed()) {
                comparison.judge(uuid, facts, findings::add);
            }
            for (Finding finding : findings) {
                out.add(may(finding.repair(), deletions, indexLost) ? finding : withheld(finding));
            }
            out.add(new FsckLine.Progress(COMPARING, shard + 1, Attachments.SHARDS));
        }
        still.retainAll(strangers);
        strangers = still;
        tellStrangers();
    }

    private static boolean may(Repair repair, Deletions deletions, boolean indexLost) {
        if (repair == Repair.giveBack) {
            return deletions.mayGiveBack(indexLost);
        }
        if (repair == Repair.removeAgain) {
            return indexLost && deletions.mayGiveBack(true);
        }
        return repair != Repair.forget || deletions.mayForget();
    }

    private static Finding withheld(Finding finding) {
        return new Finding(
                finding.kind(),
                finding.what(),
                finding.attachment(),
                finding.tier(),
                finding.object(),
                finding.file(),
                null,
                finding.repair() == Repair.removeAgain
                        ? finding.cure()
                        : "Look at the problem in strongroom status first: nothing is forgotten while the index or the"
                                + " journal is older than it was");
    }

    private void tellStrangers() throws IOException {
        for (Path file : strangers) {
            out.add(new Finding(
                    Kind.orphan,
                    "this is no sealed file",
                    null,
                    null,
                    null,
                    file.toString(),
                    Repair.setAside,
                    "Find out who put it there"));
        }
        for (Map.Entry<String, TierObjects> tier : objects.entrySet()) {
            for (String name : tier.getValue().strangers()) {
                out.add(inTier(
                        tier.getKey(),
                        name,
                        "an object that no pack in the ledger has",
                        null,
                        "Find out who wrote it; it is left alone"));
            }
            for (Tier.Upload upload : tier.getValue().uploads()) {
                out.add(inTier(
                        tier.getKey(),
                        upload.name() + " " + upload.id(),
                        "an upload that nobody goes on with",
                        Repair.abort,
                        "Give it up: the store may charge for it"));
            }
        }
    }

    private static Finding inTier(String tier, String object, String what, Repair repair, String cure) {
        return new Finding(Kind.orphan, what, null, tier, object, null, repair, cure);
    }

    private void askIndex() throws IOException, InterruptedException {
        refresh.run();
        out.add(new FsckLine.Progress("asking the index", 0, 0));
        try {
            source.list(known, this::tellCount);
            asked = true;
        } catch (StrongroomException e) {
            asked = false;
            known.clear();
            notAsked.add("Orthanc's index: " + e.text());
        }
    }

    private void tellCount(long count) {
        try {
            out.add(new FsckLine.Progress("asking the index", count, 0));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whether it could be asked; what one tier cannot tell is not held against the others. */
    private boolean reached(MarkedTier tier, Runnable question) {
        try {
            question.run();
            return true;
        } catch (StrongroomException e) {
            notAsked.add("tier " + tier.name() + ": " + e.text());
            return false;
        }
    }

    private Facts facts(int shard) throws IOException {
        Map<String, Map<UUID, TierObjects.Bad>> bad = new HashMap<>();
        objects.forEach((tier, found) -> bad.put(tier, found.bad()));
        // Disks before ledger and journal: what moves to a tier or is removed meanwhile is known there.
        LocalShard here = LocalShard.list(home, shard);
        return new Facts(known.shard(shard), asked, here, inventory.files(shard), inventory.tombstones(shard), bad);
    }

    private void count(Facts facts) {
        clear += facts.index().clear().size();
        local += facts.local().spool().size()
                + facts.local().cache().size()
                + facts.local().heads().size();
        for (Item item : facts.ledger().values()) {
            if (item.file().removed() == null) {
                sealed++;
            } else {
                forgotten++;
            }
        }
    }

    FsckLine.Result result(long quarantined) {
        return new FsckLine.Result(
                asked ? source.name() : "none",
                List.copyOf(notAsked),
                known.count(),
                clear,
                sealed,
                forgotten,
                local,
                objects.values().stream().mapToLong(TierObjects::count).sum(),
                quarantined);
    }
}
