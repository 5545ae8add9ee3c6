package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;

/**
 * The bytes of a planned pack: what the plan itself makes, and pieces from wherever they are. For one thread; holds no file of
 * this machine open between reads.
 */
final class PackSource implements ByteSource {
    private final PackLayout layout;
    private final Pieces pieces;
    private final byte[] start;
    private final byte[] end;

    /** Where the pieces are. */
    private interface Pieces {
        /** @param inPiece position in the member's head or body piece */
        void read(PackMember member, boolean head, long inPiece, byte[] target, int targetOffset, int count)
                throws IOException;
    }

    private PackSource(PackLayout layout, Pieces pieces) {
        this.layout = layout;
        this.pieces = pieces;
        this.start = layout.prologue().encode();
        byte[] index = layout.index().encode();
        byte[] footer = layout.footer().encode();
        this.end = java.util.Arrays.copyOf(index, index.length + footer.length);
        System.arraycopy(footer, 0, end, index.length, footer.length);
    }

    /**
     * From the sealed files of this machine; reading throws {@link NoSuchFileException} if a member is not here as a whole, and
     * {@link SourceException} if the disk does not give it, or not all of it.
     */
    static PackSource local(Home home, PackLayout layout) {
        return new PackSource(layout, (member, head, inPiece, target, targetOffset, count) -> {
            try (FileSource file = open(home, member.header().attachment())) {
                file.read((head ? 0 : member.headLength()) + inPiece, target, targetOffset, count);
            } catch (UnreadableFileException | EOFException e) {
                throw new SourceException(
                        StrongroomException.of(FailureKind.CORRUPT, "the disk does not give a file of a planned pack")
                                .with("attachment", member.header().attachment())
                                .cure("Look at the disk that holds Strongroom.Home: kernel log")
                                .causedBy(e));
            }
        });
    }

    /** From another tier. */
    static PackSource relayed(RelayBlocks blocks, PackLayout layout) {
        return new PackSource(
                layout,
                (member, head, inPiece, target, targetOffset, count) -> blocks.read(
                        (head ? member.headOffset() : member.bodyOffset()) + inPiece, target, targetOffset, count));
    }

    @Override
    public long size() {
        return layout.size();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        if (position < 0 || length < 0 || position > size() - length) {
            throw new EOFException("range leaves the pack");
        }
        int done = 0;
        while (done < length) {
            done += readSome(position + done, target, targetOffset + done, length - done);
        }
    }

    private int readSome(long position, byte[] target, int targetOffset, int length) throws IOException {
        long index = layout.footer().indexOffset();
        if (position < PackPrologue.SIZE) {
            int count = (int) Math.min(length, PackPrologue.SIZE - position);
            System.arraycopy(start, (int) position, target, targetOffset, count);
            return count;
        }
        if (position >= index) {
            System.arraycopy(end, (int) (position - index), target, targetOffset, length);
            return length;
        }
        boolean heads = position >= layout.headsOffset();
        PackMember member = memberAt(position, heads);
        long pieceStart = heads ? member.headOffset() : member.bodyOffset();
        long pieceLength = heads ? member.headLength() : member.bodyLength();
        long inPiece = position - pieceStart;
        int count = (int) Math.min(length, pieceLength - inPiece);
        pieces.read(member, heads, inPiece, target, targetOffset, count);
        return count;
    }

    private PackMember memberAt(long position, boolean heads) {
        List<PackMember> members = layout.index().members();
        int low = 0;
        int high = members.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            PackMember member = members.get(middle);
            if ((heads ? member.headOffset() : member.bodyOffset()) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return members.get(low);
    }

    /** Files only ever move from the spool to the cache. */
    private static FileSource open(Home home, UUID attachment) throws IOException {
        try {
            return FileSource.open(home.spooled(attachment));
        } catch (NoSuchFileException e) {
            return FileSource.open(home.cached(attachment));
        }
    }
}
