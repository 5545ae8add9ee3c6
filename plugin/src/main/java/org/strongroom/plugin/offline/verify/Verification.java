package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.KnownPacks;
import org.strongroom.plugin.offline.tier.RecentBlocks;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.offline.tier.TierListing;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Opens everything that one tier should hold: every key bundle, and every member of every pack it has a receipt for, to the last
 * bit; and holds what is there against the newest journal (format.md §6.1). What does not open or is stale is a fault and the
 * rest goes on; a tier that does not answer ends it. Used by one thread.
 */
final class Verification {
    /** 256 records of at most a few hundred bytes; a larger object is not a bundle of ours. */
    private static final int MAX_BUNDLE = 4 << 20;

    private static final int MAX_HOME_COPY = 64 << 10;

    private final TierContents contents;
    private final Keyring keyring;
    private final Home home;
    private final String tier;
    private final LongConsumer progress;
    private final Set<UUID> keys = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private long packs;
    private long archived;
    private long instances;
    private long plainBytes;
    private long bundles;

    /**
     * @param home whose journal is the newest there is, unless the tier has seen a newer one
     * @param progress is told of the bytes of packs that are done with
     */
    Verification(TierContents contents, Keyring keyring, Home home, String tier, LongConsumer progress) {
        this.contents = contents;
        this.keyring = keyring;
        this.home = home;
        this.tier = tier;
        this.progress = progress;
    }

    /**
     * Opens them.
     *
     * @param expected all that the sidecar knows; those without this tier's receipt are not looked at
     * @throws StrongroomException UNAVAILABLE if the tier cannot be asked
     */
    TierResult run(List<PackLine> expected) throws IOException {
        TierListing listing = TierListing.of(contents, tier);
        for (ObjectLine object : listing.bundles()) {
            attempt(object.name(), null, () -> bundle(object));
        }
        homeCopies(listing.homeCopies(), expected);
        Optional<KnownPacks> known = journal(newestHead(listing.heads()), expected);
        Map<String, Long> others = new HashMap<>(listing.packs());
        long done = 0;
        for (PackLine pack : expected) {
            String name = PackPrologue.objectName(pack.pack());
            if (pack.tiers().contains(tier)) {
                attempt(name, null, () -> pack(pack, name, listing.packs().get(name), known));
                done += pack.bytes();
                progress.accept(done);
            }
            others.remove(name);
        }
        if (!others.isEmpty()) {
            // Planned and sent since the sidecar was asked first.
            contents.packs(pack -> others.remove(PackPrologue.objectName(pack.pack())));
        }
        for (Map.Entry<String, Long> other : others.entrySet()) {
            attempt(other.getKey(), null, () -> other(other.getKey(), other.getValue(), known));
        }
        return new TierResult(tier, packs, archived, instances, plainBytes, bundles, others.size(), faults);
    }

    private interface Step {
        void run() throws IOException;
    }

    private boolean attempt(String object, UUID attachment, Step step) throws IOException {
        try {
            step.run();
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            if (e.kind() == FailureKind.ARCHIVED && attachment != null) {
                throw new ArchivedException(e);
            }
            faults.add(new Fault(object, attachment, e.kind(), e.text()));
            return false;
        }
    }

    private void bundle(ObjectLine object) throws IOException {
        if (object.bytes() > MAX_BUNDLE) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the object is longer than any bundle");
        }
        ByteSource source = contents.object(tier, object.name(), object.bytes());
        KeyBundle bundle = KeyBundle.decode(source.read(0, Math.toIntExact(object.bytes())));
        keyring.bundles().checkOfAnyRoot(bundle);
        bundle.records().forEach(record -> keys.add(record.label().id()));
        long records = bundle.records().stream()
                .filter(record -> record.label().kind() != KeyKind.TENANT)
                .count();
        if (TierListing.records(object.name()).filter(named -> named != records).isPresent()) {
            throw StrongroomException.of(FailureKind.STALE, "an older key bundle stands under this name");
        }
        bundles++;
    }

    /** Without the newest of each, the tier's packs could not be opened once Home is lost. */
    private void homeCopies(List<ObjectLine> found, List<PackLine> expected) throws IOException {
        Set<String> names = new HashSet<>();
        for (ObjectLine object : found) {
            names.add(object.name());
            attempt(object.name(), null, () -> homeCopy(object));
        }
        if (expected.stream().noneMatch(pack -> pack.tiers().contains(tier))) {
            return; // they come with the first receipt
        }
        for (HomeCopy copy : HomeCopy.values()) {
            String name = copy.objectName(Files.readAllBytes(copy.in(home)));
            if (!names.contains(name)) {
                attempt(name, null, () -> {
                    throw StrongroomException.of(
                            FailureKind.NOT_FOUND, "without it the tier could not be opened if Home were lost");
                });
            }
        }
    }

    private void homeCopy(ObjectLine object) throws IOException {
        Optional<HomeCopy> copy = Stream.of(HomeCopy.values())
                .filter(one -> one.names(object.name()))
                .findAny();
        if (copy.isPresent()) {
            int length = (int) Math.min(object.bytes(), MAX_HOME_COPY);
            byte[] content =
                    contents.object(tier, object.name(), object.bytes()).read(0, length);
            if (!copy.get().objectName(content).equals(object.name())) {
                throw StrongroomException.of(
                        FailureKind.CORRUPT, "the copy of a file of Home is not what its name says");
            }
        }
    }

    /** The newest head that is what its name says; the journal's beginning if the tier has none yet. */
    private JournalHead newestHead(List<ObjectLine> heads) throws IOException {
        List<JournalHead> found = new ArrayList<>();
        for (ObjectLine object : heads) {
            if (attempt(object.name(), null, () -> found.add(newest(object)))) {
                return found.get(0);
            }
        }
        return new JournalHead(0, 0, JournalEntry.firstChain(keyring.installation()));
    }

    /** The head; or one that has taken its place since it was listed. */
    private JournalHead newest(ObjectLine object) throws IOException {
        try {
            return head(object);
        } catch (StrongroomException e) {
            Optional<ObjectLine> newer = e.kind() == FailureKind.NOT_FOUND
                    ? TierListing.heads(contents, tier).stream().findFirst()
                    : Optional.empty();
            if (newer.filter(one -> TierListing.sequence(one) > TierListing.sequence(object))
                    .isEmpty()) {
                throw e;
            }
            return newest(newer.get());
        }
    }

    private JournalHead head(ObjectLine object) throws IOException {
        if (object.bytes() != JournalHead.SIZE) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the object is not as long as a journal head");
        }
        byte[] bytes = contents.object(tier, object.name(), object.bytes()).read(0, JournalHead.SIZE);
        JournalHead head = JournalHead.decode(bytes, keyring.home().journalKey());
        if (head.sequence() != TierListing.sequence(object)) {
            throw StrongroomException.of(FailureKind.STALE, "another journal head stands under this name");
        }
        return head;
    }

    /** What the journal knows; empty if it is not the newest, so that what it does not know proves nothing. */
    private Optional<KnownPacks> journal(JournalHead head, List<PackLine> expected) throws IOException {
        List<KnownPacks> known = new ArrayList<>();
        if (expected.isEmpty() && head.sequence() == 0) {
            return Optional.empty(); // nothing was ever stored, so Orthanc may never have run
        }
        attempt("journal/", null, () -> known.add(KnownPacks.read(home, keyring.home(), head)));
        return known.stream().findFirst();
    }

    private void pack(PackLine pack, String name, Long size, Optional<KnownPacks> known) throws IOException {
        if (size == null) {
            throw StrongroomException.of(
                    FailureKind.NOT_FOUND, "the pack is not in the tier that gave a receipt for it");
        } else if (size != pack.bytes()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the pack has another size than its receipt says");
        }
        ByteSource object = contents.object(tier, name, size);
        PackReader reader = open(object);
        PackPrologue prologue = reader.layout().prologue();
        if (!prologue.pack().equals(pack.pack())
                || !prologue.installation().equals(keyring.installation())
                || !prologue.key().equals(pack.key())
                || prologue.members() != pack.members()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the tier holds another pack under this name");
        }
        if (!keys.contains(prologue.key())) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no bundle in the tier holds the key of this pack");
        }
        boolean whole = members(reader, object, name);
        known.ifPresent(journal -> journal.require(reader.layout()));
        packs += whole ? 1 : 0;
    }

    /** Whether every member opened; of an archived pack only the heads are tried. */
    private boolean members(PackReader pack, ByteSource object, String name) throws IOException {
        boolean whole = true;
        for (PackMember member : pack.layout().index().members()) {
            try {
                whole &= attempt(name, member.header().attachment(), () -> member(pack, member));
            } catch (ArchivedException e) {
                archivedHeads(PackReader.open(object), name);
                return false;
            }
        }
        return whole;
    }

    /** Of an archived pack a block may reach into what is away. */
    private static PackReader open(ByteSource object) throws IOException {
        try {
            return PackReader.open(new RecentBlocks(object));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.ARCHIVED) {
                throw e;
            }
            return PackReader.open(object);
        }
    }

    /** What can be read of an archived pack without having it brought back. */
    private void archivedHeads(PackReader pack, String name) throws IOException {
        for (PackMember member : pack.layout().index().members()) {
            attempt(name, member.header().attachment(), () -> open(pack, member).head());
        }
        archived++;
    }

    /** A pack is in a store's archive: no fault, and nothing that could be tried again now. */
    private static final class ArchivedException extends IOException {
        private static final long serialVersionUID = 1L;

        private ArchivedException(StrongroomException cause) {
            super(cause);
        }
    }

    private void member(PackReader pack, PackMember member) throws IOException {
        open(pack, member).verify();
        instances += member.header().isDicom() ? 1 : 0;
        plainBytes += member.header().plainSize();
    }

    private SealedReader open(PackReader pack, PackMember member) throws IOException {
        SealedReader reader = SealedReader.open(
                pack.sealedFile(member), keyring.installation(), member.header().attachment(), keyring::keyOf);
        if (!reader.header().equals(member.header())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "index and member of a pack disagree");
        }
        return reader;
    }

    /** What the sidecar does not know is nobody's business here, unless it is ours and should not be there any more. */
    private void other(String name, long size, Optional<KnownPacks> known) throws IOException {
        PackReader pack;
        try {
            pack = PackReader.open(new RecentBlocks(contents.object(tier, name, size)));
            if (!pack.layout().prologue().installation().equals(keyring.installation())) {
                return;
            }
            open(pack, pack.layout().index().members().get(0)).checkBodyChunk(0);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return; // no pack, or somebody's who had not our keys
        }
        if (known.isPresent()) {
            known.get().require(pack.layout());
            if (known.get().isForgotten(pack.layout())) {
                throw StrongroomException.of(FailureKind.STALE, "a pack that was purged is there again");
            }
        }
    }
}
