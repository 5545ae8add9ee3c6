package org.strongroom.plugin.receipt;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Work;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Opens what a tier holds of a pack: three chunks and one head at places chosen here, after the upload, and the bundle that
 * a recovery would need. Thread-safe.
 */
final class OpenCheck {
    private static final int CHUNKS = 3;
    private static final int SHORT_BODY = 1 << 20;
    private static final int SMALLEST_END = 64 << 10;
    private static final int LARGEST_END = 1 << 20;
    private static final int END_SHARE = 128;
    /** 256 records of at most a few hundred bytes; a larger object is not a bundle of ours. */
    private static final int MAX_BUNDLE = 4 << 20;

    private final Supplier<ControlClient> sidecar;
    private final Keyring keyring;
    private final Journal journal;
    private final RandomGenerator random;

    /** @param random must not be predictable by the sidecar */
    OpenCheck(Supplier<ControlClient> sidecar, Keyring keyring, Journal journal, RandomGenerator random) {
        this.sidecar = sidecar;
        this.keyring = keyring;
        this.journal = journal;
        this.random = random;
    }

    /**
     * Returns if everything that was tried opened; the journal then says that pack and bundle are genuine.
     *
     * @throws StrongroomException CORRUPT if pack or bundle do not open; STALE if the bundle is genuine and not the newest
     */
    void check(Work.OpenCheck work) throws IOException {
        String name = PackPrologue.objectName(work.pack());
        ByteSource object = sidecar.get().tierSource(work.tier(), name, work.bytes());
        PackReader pack = open(object, work.bytes());
        PackPrologue prologue = pack.layout().prologue();
        if (!prologue.pack().equals(work.pack()) || !prologue.installation().equals(keyring.installation())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the tier holds another pack under this name")
                    .with("tier", work.tier())
                    .with("pack", work.pack());
        }
        Sha256 bundle = checkBundle(work, prologue);
        List<PackMember> members = pack.layout().index().members();
        checkBodies(pack, object, members);
        reader(pack, members.get(random.nextInt(members.size()))).head();
        journal.bundle(bundle);
        journal.pack(work.pack(), pack.layout().footer().digest());
    }

    /** Of an archived pack the window may reach into what is away. */
    private static PackReader open(ByteSource object, long bytes) throws IOException {
        try {
            return PackReader.open(new WindowedEnd(object, endWindow(bytes)));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.ARCHIVED) {
                throw e;
            }
            return PackReader.open(object);
        }
    }

    /**
     * A pack is archived after it had its receipt. If the ledger forgot that, the journal did not: then its heads alone are
     * opened.
     */
    private void checkBodies(PackReader pack, ByteSource object, List<PackMember> members) throws IOException {
        try {
            for (int i = 0; i < CHUNKS; i++) {
                PackMember member = members.get(random.nextInt(members.size()));
                // The header is the index's: a body under another one does not open.
                SealedReader reader = SealedReader.of(
                        member.header(), ByteSource.of(new byte[0]), body(object, member), keyring::keyOf);
                reader.checkBodyChunk(random.nextLong(reader.bodyChunks()));
            }
        } catch (StrongroomException e) {
            UUID id = pack.layout().prologue().pack();
            if (e.kind() != FailureKind.ARCHIVED
                    || !journal.knowsPack(id, pack.layout().footer().digest())) {
                throw e;
            }
        }
    }

    /** Enough for index, footer and the heads before them, in most packs: one request instead of six. */
    private static int endWindow(long bytes) {
        return (int) Math.min(bytes, Math.max(SMALLEST_END, Math.min(LARGEST_END, bytes / END_SHARE)));
    }

    /** A short body comes with one request, salt, commitment and chunk together. */
    private static ByteSource body(ByteSource object, PackMember member) throws IOException {
        long length = member.bodyLength();
        return length <= SHORT_BODY
                ? ByteSource.of(object.read(member.bodyOffset(), (int) length))
                : object.slice(member.bodyOffset(), length);
    }

    private SealedReader reader(PackReader pack, PackMember member) throws IOException {
        SealedReader reader = SealedReader.open(
                pack.sealedFile(member), keyring.installation(), member.header().attachment(), keyring::keyOf);
        if (!reader.header().equals(member.header())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "index and member of a pack disagree")
                    .with("pack", pack.layout().prologue().pack());
        }
        return reader;
    }

    private Sha256 checkBundle(Work.OpenCheck work, PackPrologue prologue) {
        byte[] bytes = sidecar.get().tierObject(work.tier(), work.bundle(), MAX_BUNDLE);
        KeyBundle bundle = KeyBundle.decode(bytes);
        keyring.bundles().check(bundle);
        Optional<?> key = bundle.records().stream()
                .filter(record -> record.label().id().equals(prologue.key()))
                .findAny();
        if (key.isEmpty()) {
            throw StrongroomException.of(FailureKind.STALE, "the bundle is older than the key of its pack")
                    .with("tier", work.tier())
                    .with("bundle", work.bundle());
        }
        return Sha256.of(bytes);
    }
}
