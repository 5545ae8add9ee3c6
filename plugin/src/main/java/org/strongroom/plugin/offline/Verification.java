package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Opens everything that one tier should hold: every key bundle, and every member of every pack it has a receipt for, to the last
 * bit. What does not open is a fault and the rest goes on; a tier that does not answer ends it. Used by one thread.
 */
final class Verification {
    /** 256 records of at most a few hundred bytes; a larger object is not a bundle of ours. */
    private static final int MAX_BUNDLE = 4 << 20;

    private final TierContents contents;
    private final Keyring keyring;
    private final String tier;
    private final LongConsumer progress;
    private final Map<String, Long> sizes = new HashMap<>();
    private final Set<UUID> keys = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private long packs;
    private long instances;
    private long plainBytes;
    private long bundles;

    /** @param progress is told of the bytes of packs that are done with */
    Verification(TierContents contents, Keyring keyring, String tier, LongConsumer progress) {
        this.contents = contents;
        this.keyring = keyring;
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
        contents.objects(tier, "packs/", object -> sizes.put(object.name(), object.bytes()));
        List<ObjectLine> bundleObjects = new ArrayList<>();
        contents.objects(tier, "keys/", bundleObjects::add);
        for (ObjectLine object : bundleObjects) {
            attempt(object.name(), null, () -> bundle(object));
        }
        long done = 0;
        for (PackLine pack : expected) {
            String name = PackPrologue.objectName(pack.pack());
            if (pack.tiers().contains(tier)) {
                attempt(name, null, () -> pack(pack, name));
                done += pack.bytes();
                progress.accept(done);
            }
            sizes.remove(name);
        }
        return new TierResult(tier, packs, instances, plainBytes, bundles, sizes.size(), faults);
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
        keyring.check(bundle);
        bundle.records().forEach(record -> keys.add(record.label().id()));
        bundles++;
    }

    private void pack(PackLine pack, String name) throws IOException {
        Long size = sizes.get(name);
        if (size == null) {
            throw StrongroomException.of(
                    FailureKind.NOT_FOUND, "the pack is not in the tier that gave a receipt for it");
        } else if (size != pack.bytes()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the pack has another size than its receipt says");
        }
        PackReader reader = PackReader.open(new RecentBlocks(contents.object(tier, name, size)));
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
        boolean whole = true;
        for (PackMember member : reader.layout().index().members()) {
            whole &= attempt(name, member.header().attachment(), () -> member(reader, member));
        }
        packs += whole ? 1 : 0;
    }

    private void member(PackReader pack, PackMember member) throws IOException {
        SealedReader reader = SealedReader.open(
                pack.sealedFile(member), keyring.installation(), member.header().attachment(), keyring::keyOf);
        if (!reader.header().equals(member.header())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "index and member of a pack disagree");
        }
        reader.verify();
        instances++;
        plainBytes += reader.size();
    }
}
