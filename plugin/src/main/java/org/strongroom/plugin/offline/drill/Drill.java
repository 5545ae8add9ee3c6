package org.strongroom.plugin.offline.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.KnownPacks;
import org.strongroom.plugin.recover.DrillScratch;
import org.strongroom.plugin.recover.HomeRecovery;
import org.strongroom.plugin.recover.SnapshotRecovery;

/**
 * A recovery from one tier into a scratch place, beside the living installation, which goes on. Only reads of the tier: what is recovered
 * never has a sidecar, an Orthanc with our plugin, or the tier's credentials, so it cannot write there, and nothing of the living Home is
 * written. For one thread.
 */
final class Drill {
    private final MeteredContents contents;
    private final String tier;
    private final Home living;
    private final Installation installation;
    private final DrillKeys keys;
    private final DrillScratch scratch;
    private final Clock clock;
    private final RunningTime time;
    private final DrillSample.Progress progress;
    private final List<Fault> faults = new ArrayList<>();

    Drill(
            MeteredContents contents,
            String tier,
            Home living,
            Installation installation,
            DrillKeys keys,
            DrillScratch scratch,
            Clock clock,
            RunningTime time,
            DrillSample.Progress progress) {
        this.contents = contents;
        this.tier = tier;
        this.living = living;
        this.installation = installation;
        this.keys = keys;
        this.scratch = scratch;
        this.clock = clock;
        this.time = time;
        this.progress = progress;
    }

    /** Makes the part that opens the index; it tells of faults in the list that it is given. */
    @FunctionalInterface
    interface IndexMaker {
        DrillIndex make(List<Fault> faults);
    }

    /**
     * How much is read.
     *
     * @param images by chance, at most
     * @param bytes of packs, at most
     * @param snapshot whether there ought to be one
     */
    record Extent(int images, long bytes, boolean snapshot) {}

    /**
     * How it went.
     *
     * @param keyRecords keys of studies and attachments that came back
     * @param entries of the journal that came back
     * @param entriesLacking of the living journal
     * @param keysTook until keys and journal were there
     * @param after packs that came after the snapshot, or all: each image of them has to be read to be listed
     */
    record Outcome(
            String tier,
            String keys,
            Instant begun,
            Lag lag,
            long keyRecords,
            long entries,
            long entriesLacking,
            boolean journalProven,
            Duration keysTook,
            Optional<DrillIndex.Found> index,
            DrillSample.Seen seen,
            After after,
            long bytes,
            List<Fault> faults) {}

    /** Packs that may hold images which the snapshot's index does not list. */
    record After(long packs, long images, long bytes) {}

    /**
     * Runs it.
     *
     * @param oldest when the oldest file arrived that waits for its receipts
     */
    Outcome run(IndexMaker index, Extent extent, Optional<Instant> oldest) throws IOException, InterruptedException {
        Instant begun = clock.instant();
        Lag lag = Lag.of(contents, tier, oldest, begun);
        // The packs, then the journal, then the tier: what is expected was there before it is looked for.
        List<PackLine> packs = new ArrayList<>();
        contents.packs(pack -> {
            if (pack.tiers().contains(tier)) {
                packs.add(pack);
            }
        });
        long journaled = journaled();
        Duration start = time.now();
        progress.show(0, 1, "keys and journal");
        KeySource once = DrillKeys.oneTime();
        SmallTierObjects small = new SmallTierObjects(
                contents, tier, scratch.answers(), () -> progress.show(0, 1, "keys, journal and index"));
        Home home = scratch.home();
        HomeRecovery.Made made = keys.recover(home, small, installation, once, clock);
        long lacking = Math.max(0, journaled - made.journal().entries());
        if (!made.journal().proven() && !packs.isEmpty()) {
            faults.add(new Fault(
                    "journal/", null, FailureKind.STALE, "nothing proves that the journal in the tier is whole"));
        }
        try (Keyring keyring = Keyring.read(home, once, clock)) {
            packs.removeIf(pack -> keyring.isDestroyed(pack.key())); // shredded: what is left waits for its lock to end
            Duration keysTook = time.now().minus(start);
            Optional<DrillIndex.Found> found =
                    index.make(faults).run(new SnapshotRecovery(small, keyring), keyring, begun, extent.snapshot());
            JournalHead beginning = new JournalHead(0, 0, JournalEntry.firstChain(installation.id()));
            DrillSample sample = new DrillSample(
                    contents,
                    tier,
                    keyring,
                    KnownPacks.read(home, keyring.home(), beginning),
                    new SecureRandom(),
                    time,
                    faults,
                    progress);
            DrillSample.Seen seen = sample.run(packs, lacking, extent.images(), extent.bytes());
            if (packs.isEmpty() && lag.files() > 0) {
                faults.add(
                        new Fault("packs/", null, FailureKind.NOT_FOUND, "the tier has no receipt for any image yet"));
            }
            return new Outcome(
                    tier,
                    keys.words(),
                    begun,
                    lag,
                    made.keys(),
                    made.journal().entries(),
                    lacking,
                    made.journal().proven(),
                    keysTook,
                    found,
                    seen,
                    after(home, keyring.home(), packs, found),
                    contents.bytes(),
                    List.copyOf(faults));
        }
    }

    /** How far the living journal goes. */
    private long journaled() throws IOException {
        try {
            byte[] head = Files.readAllBytes(living.journal().resolve("head"));
            return JournalHead.decode(head, installation.journalKey()).sequence();
        } catch (NoSuchFileException e) {
            return 0; // nothing was ever stored
        }
    }

    /** A pack is journaled after its images arrived: those that were before the snapshot hold nothing that it does not list. */
    private static After after(Home home, Installation made, List<PackLine> packs, Optional<DrillIndex.Found> found)
            throws IOException {
        Set<UUID> before = new HashSet<>();
        if (found.isPresent()) {
            Journal.read(home.journal(), made, (entry, chain) -> {
                if (entry.type() == JournalType.PACK
                        && entry.sequence() <= found.get().journal()) {
                    before.add(entry.id());
                }
            });
        }
        List<PackLine> after =
                packs.stream().filter(pack -> !before.contains(pack.pack())).toList();
        return new After(
                after.size(),
                after.stream().mapToLong(PackLine::members).sum(),
                after.stream().mapToLong(PackLine::bytes).sum());
    }
}
