package org.strongroom.core.format.v1;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * A whole pack but for its pieces: prologue, index and footer that fit each other (format.md §4). The same plan gives the
 * same bytes, always. Immutable.
 */
public record PackLayout(PackPrologue prologue, PackIndex index, PackFooter footer) {

    public PackLayout {
        List<Piece> pieces = index.members().stream()
                .map(member ->
                        new Piece(member.header(), member.bodyLength(), member.bodyDigest(), member.headDigest()))
                .toList();
        if (prologue.members() != pieces.size()) {
            throw new IllegalArgumentException("a prologue of " + prologue.members() + " members");
        }
        Set<UUID> attachments = new HashSet<>();
        for (Piece piece : pieces) {
            SealedHeader header = piece.header();
            if (!attachments.add(header.attachment())) {
                throw new IllegalArgumentException("a pack that holds " + header.attachment() + " twice");
            }
            if (!header.installation().equals(prologue.installation())
                    || !header.tenant().equals(prologue.tenant())
                    || !header.key().equals(prologue.key())) {
                throw new IllegalArgumentException("a member of another installation, tenant or key");
            }
        }
        if (!index.equals(place(pieces)) || !footer.equals(close(prologue, index))) {
            throw new IllegalArgumentException("offsets or digests that do not follow from the members");
        }
    }

    /**
     * One sealed file of a plan.
     *
     * @param bodyLength bytes of the body piece
     */
    public record Piece(SealedHeader header, long bodyLength, Sha256 bodyDigest, Sha256 headDigest) {}

    /**
     * Lays out a plan.
     *
     * @param pieces in reading order, all of one installation, tenant and key
     */
    public static PackLayout of(UUID pack, List<Piece> pieces) {
        if (pieces.isEmpty()) {
            throw new IllegalArgumentException("a pack without members");
        }
        SealedHeader first = pieces.get(0).header();
        PackPrologue prologue =
                new PackPrologue(pack, first.installation(), first.tenant(), first.key(), pieces.size());
        PackIndex index = place(pieces);
        return new PackLayout(prologue, index, close(prologue, index));
    }

    /**
     * Reads prologue, index and footer as they came from a tier.
     *
     * @throws StrongroomException CORRUPT if they are not exactly what {@link #of} makes of some plan
     */
    public static PackLayout decode(byte[] prologue, byte[] index, byte[] footer) {
        try {
            return new PackLayout(PackPrologue.decode(prologue), PackIndex.decode(index), PackFooter.decode(footer));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "prologue, index and footer of a pack disagree")
                    .causedBy(e);
        }
    }

    /** Bytes of the whole pack. */
    public long size() {
        return footer.packLength();
    }

    /** Where the first head piece starts: behind the last body piece. */
    public long headsOffset() {
        return index.members().get(0).headOffset();
    }

    private static PackIndex place(List<Piece> pieces) {
        long headOffset = PackPrologue.SIZE;
        for (Piece piece : pieces) {
            headOffset = Math.addExact(headOffset, piece.bodyLength());
        }
        long bodyOffset = PackPrologue.SIZE;
        List<PackMember> members = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            int headLength = Math.toIntExact(piece.header().headPieceSize());
            members.add(new PackMember(
                    piece.header(),
                    bodyOffset,
                    piece.bodyLength(),
                    headOffset,
                    headLength,
                    piece.bodyDigest(),
                    piece.headDigest()));
            bodyOffset += piece.bodyLength();
            headOffset = Math.addExact(headOffset, headLength);
        }
        return new PackIndex(members);
    }

    private static PackFooter close(PackPrologue prologue, PackIndex index) {
        PackMember last = index.members().get(index.members().size() - 1);
        long indexOffset = last.headOffset() + last.headLength();
        byte[] encoded = index.encode();
        return new PackFooter(
                indexOffset,
                encoded.length,
                Sha256.of(prologue.encode(), encoded),
                Math.addExact(indexOffset, encoded.length + (long) PackFooter.SIZE));
    }
}
