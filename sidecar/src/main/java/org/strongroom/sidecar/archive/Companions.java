package org.strongroom.sidecar.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackCompanion;
import org.strongroom.core.format.v1.PackFooter;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.sidecar.tier.Md5;
import org.strongroom.sidecar.tier.Tier;

/** Makes and checks the companions of packs (format.md §4.1). Of each tier by one thread at a time, as of one asker. */
public final class Companions {
    private static final int PIECE = 8 << 20; // what Tier.put takes

    private final Home home;
    private final String asker;
    private final int piece;

    /** @param asker part of the name of a file in {@code run} */
    public Companions(Home home, String asker) {
        this(home, asker, PIECE);
    }

    /** @param piece bytes that are sent in one go */
    public Companions(Home home, String asker, int piece) {
        this.home = home;
        this.asker = asker;
        this.piece = piece;
    }

    /**
     * Returns when the companion of a pack is in its tier, and was read there and is right; it is made of what the tier holds
     * of the pack.
     *
     * @throws StrongroomException ARCHIVED if it is not, and the pack cannot be read; CORRUPT if the tier gives other heads than those of the plan; NOT_FOUND if the pack is gone
     */
    public void ensure(Tier tier, PackLayout layout) throws IOException {
        if (isRight(tier, layout)) {
            return;
        }
        String name = PackCompanion.objectName(layout.prologue().pack());
        Path copy = home.run().resolve("companion-" + asker + "-" + tier.name());
        try {
            try (InputStream in = fromThePack(tier, layout)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            try (InputStream in = Files.newInputStream(copy)) {
                if (!isCompanion(in, layout)) {
                    throw StrongroomException.of(
                                    FailureKind.CORRUPT, "the heads of a pack in a tier are not what was sent")
                            .with("tier", tier.name())
                            .with("pack", layout.prologue().pack());
                }
            }
            if (tier.head(name).isPresent()) {
                tier.withdraw(name);
            }
            try (FileSource source = FileSource.open(copy)) {
                send(tier, name, source);
            }
        } finally {
            Files.deleteIfExists(copy);
        }
        if (!isRight(tier, layout)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier does not give back what it was sent")
                    .with("tier", tier.name())
                    .with("object", name);
        }
    }

    /** Whether the companion is in the tier and right; all of it is read. */
    public static boolean isRight(Tier tier, PackLayout layout) throws IOException {
        String name = PackCompanion.objectName(layout.prologue().pack());
        long size = PackCompanion.sizeOf(layout);
        Optional<Tier.ObjectInfo> there = tier.head(name);
        if (there.filter(info -> info.size() == size).isEmpty()) {
            return false;
        }
        try (InputStream in = tier.get(name, 0, size)) {
            return isCompanion(in, layout);
        }
    }

    private static InputStream fromThePack(Tier tier, PackLayout layout) {
        String pack = PackPrologue.objectName(layout.prologue().pack());
        return new SequenceInputStream(
                new ByteArrayInputStream(layout.prologue().encode()),
                tier.get(pack, layout.headsOffset(), layout.size() - layout.headsOffset()));
    }

    private static boolean isCompanion(InputStream in, PackLayout layout) throws IOException {
        byte[] prologue = layout.prologue().encode();
        boolean right = Arrays.equals(in.readNBytes(prologue.length), prologue);
        for (PackMember member : layout.index().members()) {
            right = right && Sha256.of(in.readNBytes(member.headLength())).equals(member.headDigest());
        }
        byte[] index = layout.index().encode();
        return right
                && Arrays.equals(in.readNBytes(index.length), index)
                && Arrays.equals(in.readNBytes(PackFooter.SIZE), layout.footer().encode())
                && in.read() < 0;
    }

    private void send(Tier tier, String name, ByteSource source) throws IOException {
        long size = source.size();
        if (size <= piece) {
            tier.put(name, source.read(0, (int) size));
            return;
        }
        for (Tier.Upload left : tier.uploads()) {
            if (left.name().equals(name)) {
                tier.abort(name, left.id()); // of an earlier try, that was killed
            }
        }
        String upload = tier.begin(name, size);
        List<Tier.PartReceipt> parts = new ArrayList<>();
        for (long at = 0; at < size; at += piece) {
            ByteSource part = source.slice(at, Math.min(piece, size - at));
            byte[] md5 = Md5.of(part.read(0, (int) part.size()));
            parts.add(tier.part(name, upload, parts.size() + 1, at, part, md5));
        }
        tier.complete(name, upload, parts);
    }
}
