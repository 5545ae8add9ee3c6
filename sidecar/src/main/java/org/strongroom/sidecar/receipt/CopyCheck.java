package org.strongroom.sidecar.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackFooter;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.sidecar.tier.Tier;

/** What the sidecar itself can check of a pack in a tier (2-architecture.md, step 6). Thread-safe. */
public final class CopyCheck {
    private static final int BUFFER = 256 * 1024;
    private static final Pace NO_PACE = bytes -> {};

    /** Told of bytes as they come; may wait, so that they do not come too fast. */
    @FunctionalInterface
    public interface Pace {
        void passed(long bytes) throws IOException;
    }

    private CopyCheck() {}

    /**
     * Size by HEAD; index and footer compared; and, if the store does not check the parts it is sent, everything.
     *
     * @throws StrongroomException CORRUPT if the object is not the plan's, NOT_FOUND if it is gone
     */
    public static void check(Tier tier, PackLayout layout) throws IOException {
        String name = PackPrologue.objectName(layout.prologue().pack());
        byte[] index = layout.index().encode();
        long indexOffset = layout.footer().indexOffset();
        boolean same = hasSize(tier, name, layout);
        if (same) {
            byte[] end = read(tier, name, indexOffset, index.length + PackFooter.SIZE);
            same = Arrays.equals(end, 0, index.length, index, 0, index.length)
                    && Arrays.equals(
                            Arrays.copyOfRange(end, index.length, end.length),
                            layout.footer().encode());
        }
        if (!same || (!tier.enforcesPartDigest() && !hasEverything(tier, name, layout, NO_PACE))) {
            throw corrupt(tier, name);
        }
    }

    /**
     * Size by HEAD, and every byte, in one request.
     *
     * @param pace told of the bytes as they come; may wait
     * @throws StrongroomException CORRUPT if the object is not the plan's, NOT_FOUND if it is gone
     */
    public static void readAll(Tier tier, PackLayout layout, Pace pace) throws IOException {
        String name = PackPrologue.objectName(layout.prologue().pack());
        if (!hasSize(tier, name, layout) || !hasEverything(tier, name, layout, pace)) {
            throw corrupt(tier, name);
        }
    }

    private static boolean hasSize(Tier tier, String name, PackLayout layout) {
        Tier.ObjectInfo info = tier.head(name)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "a pack is gone from its tier")
                        .with("tier", tier.name())
                        .with("object", name));
        return info.size() == layout.size();
    }

    private static StrongroomException corrupt(Tier tier, String name) {
        return StrongroomException.of(FailureKind.CORRUPT, "a pack in a tier is not what was sent")
                .with("tier", tier.name())
                .with("object", name)
                .cure("Check the tier's disk or line; the copy is made again if there are other bytes of this pack");
    }

    private static boolean hasEverything(Tier tier, String name, PackLayout layout, Pace pace) throws IOException {
        byte[] index = layout.index().encode();
        try (InputStream in = tier.get(name, 0, layout.size())) {
            if (!Arrays.equals(
                    in.readNBytes(PackPrologue.SIZE), layout.prologue().encode())) {
                return false;
            }
            for (PackMember member : layout.index().members()) {
                if (!digest(in, member.bodyLength(), pace).equals(member.bodyDigest())) {
                    return false;
                }
            }
            for (PackMember member : layout.index().members()) {
                if (!digest(in, member.headLength(), pace).equals(member.headDigest())) {
                    return false;
                }
            }
            return Arrays.equals(in.readNBytes(index.length), index)
                    && Arrays.equals(
                            in.readNBytes(PackFooter.SIZE), layout.footer().encode());
        }
    }

    private static Sha256 digest(InputStream in, long length, Pace pace) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[(int) Math.min(BUFFER, length)];
        for (long left = length; left > 0; ) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
            if (count == 0) {
                throw new java.io.EOFException("a tier's stream ended early");
            }
            digest.update(buffer, 0, count);
            left -= count;
            pace.passed(count);
        }
        return new Sha256(digest.digest());
    }

    private static byte[] read(Tier tier, String name, long offset, int length) throws IOException {
        try (InputStream in = tier.get(name, offset, length)) {
            return in.readNBytes(length);
        }
    }
}
