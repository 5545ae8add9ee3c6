package org.strongroom.plugin.offline.kit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.RecoveredKeys;
import org.strongroom.plugin.offline.tier.RecentBlocks;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.offline.tier.TierListing;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Opens one image that a tier holds, chosen by chance, with nothing but the tier and the recovery private key: no keyring and no
 * root key, as on the day when they are lost. Used by one thread.
 */
final class KitProof {
    /** As in the open check: a larger object is not a bundle of ours. */
    private static final int MAX_BUNDLE = 4 << 20;

    private final TierContents contents;
    private final String tier;
    private final UUID installation;
    private final RecoveredKeys keys;
    private final Random random;

    KitProof(TierContents contents, String tier, UUID installation, Key32 recoveryKey, Random random) {
        this.contents = contents;
        this.tier = tier;
        this.installation = installation;
        this.keys = new RecoveredKeys(recoveryKey, installation);
        this.random = random;
    }

    /**
     * What was opened.
     *
     * @param bytes of plain text
     */
    record Opened(String pack, UUID attachment, long bytes) {}

    /**
     * Opens it, to the last bit.
     *
     * @throws StrongroomException NOT_FOUND if the tier holds nothing yet, or no bundle with the key; ARCHIVED if all that it holds
     *     is in its archive; CORRUPT if something does not open
     */
    Opened run() throws IOException {
        TierListing listing = TierListing.of(contents, tier);
        List<String> packs = new ArrayList<>(listing.packs().keySet());
        Collections.shuffle(packs, random);
        StrongroomException archived = null;
        for (String pack : packs) {
            try {
                Optional<Opened> opened = open(listing, pack);
                if (opened.isPresent()) {
                    return opened.get();
                }
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.ARCHIVED) {
                    throw e;
                }
                archived = e;
            }
        }
        if (archived != null) {
            throw archived;
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "the tier holds no image yet that could be opened")
                .with("tier", tier)
                .cure("Store an image, run strongroom ship --now, and check the kit then");
    }

    /** Empty if the pack holds no image: what else there is of a study is no proof that images can be had. */
    private Optional<Opened> open(TierListing listing, String name) throws IOException {
        PackReader pack = PackReader.open(
                new RecentBlocks(contents.object(tier, name, listing.packs().get(name))));
        List<PackMember> members = pack.layout().index().members().stream()
                .filter(member -> member.header().isDicom())
                .toList();
        if (members.isEmpty()) {
            return Optional.empty();
        }
        PackMember member = members.get(random.nextInt(members.size()));
        Key32 key = key(listing.bundles(), pack.layout().prologue().key());
        SealedReader.open(pack.sealedFile(member), installation, member.header().attachment(), id -> key)
                .verify();
        return Optional.of(
                new Opened(name, member.header().attachment(), member.header().plainSize()));
    }

    /** A damaged bundle is the business of {@code verify}; the key may be in another one. */
    private Key32 key(List<ObjectLine> bundles, UUID id) throws IOException {
        for (ObjectLine object : bundles) {
            if (object.bytes() <= MAX_BUNDLE) {
                ByteSource source = contents.object(tier, object.name(), object.bytes());
                byte[] bytes = source.read(0, Math.toIntExact(object.bytes()));
                Optional<Key32> key = find(bytes, id);
                if (key.isPresent()) {
                    return key.get();
                }
            }
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no key bundle in the tier gives the key of this pack")
                .with("tier", tier)
                .with("key", id)
                .cure("Run strongroom verify --tier " + tier);
    }

    private Optional<Key32> find(byte[] bundle, UUID id) {
        try {
            return keys.find(KeyBundle.decode(bundle), id);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
