package org.strongroom.core.format.v1;

import java.io.EOFException;
import java.io.IOException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** A pack as a tier holds it: its layout, and each member as the sealed file it was. Thread-safe. */
public final class PackReader {
    private final ByteSource pack;
    private final PackLayout layout;

    private PackReader(ByteSource pack, PackLayout layout) {
        this.pack = pack;
        this.layout = layout;
    }

    /**
     * Reads footer, index and prologue, and checks that they fit each other and the object's size.
     *
     * @throws StrongroomException CORRUPT if they do not
     */
    public static PackReader open(ByteSource pack) throws IOException {
        if (pack.size() < PackPrologue.SIZE + PackFooter.SIZE) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the object is too short to be a pack")
                    .with("bytes", pack.size());
        }
        byte[] footerBytes = pack.read(pack.size() - PackFooter.SIZE, PackFooter.SIZE);
        PackFooter footer = PackFooter.decode(footerBytes);
        if (footer.packLength() != pack.size()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the pack is not as long as its footer says")
                    .with("bytes", pack.size())
                    .with("expected", footer.packLength());
        }
        byte[] prologue = pack.read(0, PackPrologue.SIZE);
        byte[] index = pack.read(footer.indexOffset(), Math.toIntExact(footer.indexLength()));
        return new PackReader(pack, PackLayout.decode(prologue, index, footerBytes));
    }

    public PackLayout layout() {
        return layout;
    }

    /** The sealed file of a member: head piece, then body piece. */
    public ByteSource sealedFile(PackMember member) {
        ByteSource head = pack.slice(member.headOffset(), member.headLength());
        ByteSource body = pack.slice(member.bodyOffset(), member.bodyLength());
        return new ByteSource() {
            @Override
            public long size() {
                return member.size();
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                if (position < 0 || length < 0 || position > size() - length) {
                    throw new EOFException("range leaves the sealed file");
                }
                int fromHead = (int) Math.max(0, Math.min(length, head.size() - position));
                if (fromHead > 0) {
                    head.read(position, target, targetOffset, fromHead);
                }
                if (fromHead < length) {
                    body.read(position + fromHead - head.size(), target, targetOffset + fromHead, length - fromHead);
                }
            }
        };
    }
}
