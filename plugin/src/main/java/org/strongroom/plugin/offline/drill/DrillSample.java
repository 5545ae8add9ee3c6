package org.strongroom.plugin.offline.drill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.KnownPacks;
import org.strongroom.plugin.offline.tier.RecentBlocks;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Holds the packs of one tier against what the living installation has receipts for, and opens some images of them, with keys and a
 * journal that came out of the tier: those that chance chooses, and the first of each study. Used by one thread.
 */
final class DrillSample {
    /** A larger sealed file is opened piece by piece, and its digest is not taken: that it opens says as much. */
    private static final int WHOLE = 64 << 20;

    private final MeteredContents contents;
    private final String tier;
    private final Keyring keyring;
    private final KnownPacks known;
    private final Random random;
    private final RunningTime time;
    private final List<Fault> faults;
    private final Progress progress;
    private final Set<UUID> tried = new HashSet<>();
    private Map<String, Long> objects = Map.of();
    private long images;
    private long archived;
    private long tooMuch;

    /** @param faults to which what is found is added */
    DrillSample(
            MeteredContents contents,
            String tier,
            Keyring keyring,
            KnownPacks known,
            Random random,
            RunningTime time,
            List<Fault> faults,
            Progress progress) {
        this.contents = contents;
        this.tier = tier;
        this.keyring = keyring;
        this.known = known;
        this.random = random;
        this.time = time;
        this.faults = faults;
        this.progress = progress;
    }

    /** Told how far it is. */
    @FunctionalInterface
    interface Progress {
        void show(long done, long all, String words);
    }

    /**
     * What was seen.
     *
     * @param packs that the tier should hold
     * @param bytes of them
     * @param members of them
     * @param studies keys of them
     * @param notJournaled packs that the tier's journal does not name yet
     * @param images that were opened
     * @param tried studies of which one was opened
     * @param archived packs that were not read because they are in a store's archive
     * @param tooMuch packs that were not read because that would have been more than is allowed
     * @param read bytes
     * @param took reading and opening them
     */
    record Seen(
            long packs,
            long bytes,
            long members,
            long studies,
            long notJournaled,
            long images,
            long tried,
            long archived,
            long tooMuch,
            long read,
            Duration took) {}

    /**
     * Looks.
     *
     * @param packs with this tier's receipt
     * @param journalLag entries that the journal of the tier lacks: so many packs it need not know
     * @param wanted images by chance
     * @param most bytes to be read
     */
    Seen run(List<PackLine> packs, long journalLag, int wanted, long most) throws IOException, InterruptedException {
        Map<String, Long> listed = new TreeMap<>();
        contents.objects(tier, "packs/", object -> listed.put(object.name(), object.bytes()));
        objects = listed;
        long notJournaled = 0;
        Set<UUID> studies = new HashSet<>();
        for (PackLine pack : packs) {
            lookFor(pack);
            notJournaled += known.knows(pack.pack()) ? 0 : 1;
            studies.add(pack.key());
        }
        if (notJournaled > journalLag) {
            faults.add(new Fault(
                    "journal/", null, FailureKind.STALE, "the journal does not know packs that have receipts"));
        }
        long before = contents.bytes();
        Duration begun = time.now();
        Map<PackLine, SortedSet<Integer>> plan = new LinkedHashMap<>();
        chosen(packs, wanted).forEach((pack, members) -> plan.put(pack, members));
        firsts(packs).forEach(pack -> plan.computeIfAbsent(pack, one -> new TreeSet<>())
                .add(0));
        long done = 0;
        for (Map.Entry<PackLine, SortedSet<Integer>> one : plan.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            progress.show(
                    done++,
                    plan.size(),
                    Amounts.bytes(contents.bytes() - before) + " read, " + images + " images opened");
            pack(one.getKey(), one.getValue(), before + most);
        }
        Duration took = time.now().minus(begun);
        forgetWhatIsPurged();
        if (images == 0 && !packs.isEmpty() && faults.isEmpty()) {
            faults.add(new Fault("packs/", null, FailureKind.ARCHIVED, "not one image could be opened now"));
        }
        return new Seen(
                packs.size(),
                packs.stream().mapToLong(PackLine::bytes).sum(),
                packs.stream().mapToLong(PackLine::members).sum(),
                studies.size(),
                notJournaled,
                images,
                tried.size(),
                archived,
                tooMuch,
                contents.bytes() - before,
                took);
    }

    /** That it is there, as long as it was, and its key came out of the tier. */
    private void lookFor(PackLine pack) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        Long size = objects.get(name);
        if (size == null) {
            fault(name, null, FailureKind.NOT_FOUND, "the pack is not in the tier that gave a receipt for it");
        } else if (size != pack.bytes()) {
            fault(name, null, FailureKind.CORRUPT, "the pack has another size than its receipt says");
        } else if (keyring.owners().tenantOf(pack.key()).isEmpty()) {
            fault(name, null, FailureKind.NOT_FOUND, "no bundle in the tier holds the key of this pack");
        }
    }

    /** Images that chance chooses, each as likely as any other, by their packs, in no order. */
    private Map<PackLine, SortedSet<Integer>> chosen(List<PackLine> packs, int wanted) {
        long[] ends = new long[packs.size()];
        long all = 0;
        for (int i = 0; i < ends.length; i++) {
            all += packs.get(i).members();
            ends[i] = all;
        }
        Set<Long> numbers = new HashSet<>();
        while (numbers.size() < Math.min(wanted, all)) {
            numbers.add(Math.floorMod(random.nextLong(), all));
        }
        Map<PackLine, SortedSet<Integer>> chosen = new LinkedHashMap<>();
        List<Long> shuffled = new ArrayList<>(numbers);
        Collections.shuffle(shuffled, random);
        for (long number : shuffled) {
            int at = 0;
            int end = ends.length;
            while (at < end) {
                int middle = (at + end) >>> 1;
                if (ends[middle] > number) {
                    end = middle;
                } else {
                    at = middle + 1;
                }
            }
            PackLine pack = packs.get(at);
            chosen.computeIfAbsent(pack, one -> new TreeSet<>()).add((int) (number - ends[at] + pack.members()));
        }
        return chosen;
    }

    /** The first pack of each study, in no order: what is not read for want of time is another one each time. */
    private List<PackLine> firsts(List<PackLine> packs) {
        Map<UUID, PackLine> firsts = new LinkedHashMap<>();
        packs.forEach(pack -> firsts.putIfAbsent(pack.key(), pack));
        List<PackLine> shuffled = new ArrayList<>(firsts.values());
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private void pack(PackLine pack, SortedSet<Integer> members, long end) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        Long size = objects.get(name);
        if (size == null || size != pack.bytes()) {
            return; // told already
        }
        if (contents.bytes() >= end) {
            tooMuch++;
            return;
        }
        attempt(name, null, () -> {
            PackReader reader = PackReader.open(contents.object(tier, name, size));
            PackPrologue prologue = reader.layout().prologue();
            if (!prologue.pack().equals(pack.pack())
                    || !prologue.installation().equals(keyring.installation())
                    || !prologue.key().equals(pack.key())
                    || prologue.members() != pack.members()) {
                throw StrongroomException.of(FailureKind.CORRUPT, "the tier holds another pack under this name");
            }
            if (known.knows(pack.pack())) {
                known.require(reader.layout());
            }
            boolean left = false;
            for (int number : members) {
                PackMember member = reader.layout().index().members().get(number);
                if (contents.bytes() + member.size() > end) {
                    left = true;
                    continue;
                }
                attempt(name, member.header().attachment(), () -> open(reader, member));
            }
            tooMuch += left ? 1 : 0;
        });
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(String object, UUID attachment, Step step) throws IOException {
        try {
            step.run();
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            } else if (e.kind() != FailureKind.ARCHIVED) {
                fault(object, attachment, e.kind(), e.text());
            } else if (attachment != null) {
                throw e; // the others of this pack are there as well
            } else {
                archived++;
            }
        }
    }

    /** Opens an image to the last bit; its pieces are those whose digests the journal vouches for. */
    private void open(PackReader pack, PackMember member) throws IOException {
        ByteSource sealed = pack.sealedFile(member);
        if (sealed.size() <= WHOLE) {
            byte[] bytes = sealed.read(0, (int) sealed.size());
            byte[] head = Arrays.copyOf(bytes, member.headLength());
            byte[] body = Arrays.copyOfRange(bytes, member.headLength(), bytes.length);
            if (!Sha256.of(head).equals(member.headDigest()) || !Sha256.of(body).equals(member.bodyDigest())) {
                throw StrongroomException.of(FailureKind.CORRUPT, "an image has another SHA-256 than it was sent with");
            }
            sealed = ByteSource.of(bytes);
        } else {
            sealed = new RecentBlocks(sealed);
        }
        SealedReader reader = SealedReader.open(
                sealed, keyring.installation(), member.header().attachment(), keyring::keyOf);
        if (!reader.header().equals(member.header())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "index and member of a pack disagree");
        }
        reader.verify();
        images++;
        tried.add(member.header().key());
    }

    /** The living installation goes on meanwhile, and may purge: what it does not expect any more need not be there. */
    private void forgetWhatIsPurged() {
        if (faults.stream().noneMatch(fault -> fault.kind() == FailureKind.NOT_FOUND)) {
            return;
        }
        Set<String> expected = new HashSet<>();
        contents.packs(pack -> {
            if (pack.tiers().contains(tier)) {
                expected.add(PackPrologue.objectName(pack.pack()));
            }
        });
        faults.removeIf(fault -> fault.kind() == FailureKind.NOT_FOUND
                && fault.object().startsWith("packs/")
                && !expected.contains(fault.object()));
    }

    private void fault(String object, UUID attachment, FailureKind kind, String text) {
        faults.add(new Fault(object, attachment, kind, text));
    }
}
