package org.strongroom.plugin.snapshot;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keys.Keyring;

/** One snapshot, opened (format.md §10). Immutable. */
public final class Snapshot {
    private final Keyring keyring;
    private final SnapshotLabel label;
    private final SnapshotContents contents;

    private Snapshot(Keyring keyring, SnapshotLabel label, SnapshotContents contents) {
        this.keyring = keyring;
        this.label = label;
        this.contents = contents;
    }

    /** Where the sealed chunks are. */
    @FunctionalInterface
    public interface Chunks {
        /** The objects with these names, in this order; at most {@link #AT_ONCE}, each told once. */
        void read(List<String> objects, Each each) throws IOException, InterruptedException;

        /** So many are asked for together. */
        int AT_ONCE = 1_000;

        /** Told of one object. */
        @FunctionalInterface
        interface Each {
            void object(byte[] sealed) throws IOException;
        }
    }

    /**
     * Opens what an object of a tier, or a file of Home, holds.
     *
     * @throws StrongroomException CORRUPT if it is not what its name says, or not of this installation
     */
    public static Snapshot open(Keyring keyring, String object, byte[] bytes) {
        SnapshotLabel label = SnapshotLabel.decode(bytes);
        if (!SnapshotLabel.isWhole(object, bytes) || !label.installation().equals(keyring.installation())) {
            throw damaged();
        }
        byte[] state = keyring.state().open(label.stateName(), Arrays.copyOfRange(bytes, label.size(), bytes.length));
        SnapshotContents contents = ControlJson.readAnswer(state, SnapshotContents.class);
        Snapshot snapshot = new Snapshot(keyring, label, contents);
        int next = 0;
        for (SnapshotContents.Entry file : contents.files()) {
            next = snapshot.requireFrom(next, file);
        }
        if (next != label.chunks().size()) {
            throw damaged();
        }
        return snapshot;
    }

    /** When it was begun. */
    public Instant time() {
        return Instant.ofEpochMilli(label.time());
    }

    public SnapshotContents contents() {
        return contents;
    }

    /**
     * Writes one of its files, durably and whole or not at all.
     *
     * @throws StrongroomException CORRUPT if a chunk is not what it should be
     */
    public void write(SnapshotContents.Entry file, Chunks from, Path to) throws IOException, InterruptedException {
        try {
            DurableFiles.write(to, channel -> {
                try {
                    each(file, from, plain -> DurableFiles.writeFully(channel, ByteBuffer.wrap(plain)));
                } catch (InterruptedException e) {
                    throw new Interrupted(e);
                }
            });
        } catch (Interrupted e) {
            throw e.original;
        }
    }

    /**
     * Hands a file on, piece by piece. The last piece comes when all of them are known to be what they were: a reader that needs the end
     * of the file never has a wrong one whole.
     *
     * @throws StrongroomException CORRUPT if a chunk is not what it should be; the last piece did not come then
     */
    public void stream(SnapshotContents.Entry file, Chunks from, Chunks.Each to)
            throws IOException, InterruptedException {
        byte[][] last = {new byte[0]};
        each(file, from, plain -> {
            to.object(last[0]);
            last[0] = plain;
        });
        to.object(last[0]);
    }

    /** Opens every chunk of a file and compares the whole with its digest. */
    public void verify(SnapshotContents.Entry file, Chunks from) throws IOException, InterruptedException {
        each(file, from, plain -> {});
    }

    private void each(SnapshotContents.Entry file, Chunks from, Chunks.Each each)
            throws IOException, InterruptedException {
        List<Tag16> tags = label.chunks().subList(file.first(), end(file));
        MessageDigest digest = Sha256.digest();
        long[] left = {file.bytes()};
        for (int start = 0; start < tags.size(); start += Chunks.AT_ONCE) {
            List<Tag16> some = tags.subList(start, Math.min(tags.size(), start + Chunks.AT_ONCE));
            int[] at = {0};
            from.read(some.stream().map(SnapshotLabel::objectName).toList(), chunk -> {
                Tag16 tag = some.get(at[0]++);
                byte[] frame = keyring.state().open(SnapshotLabel.stateName(tag), chunk);
                byte[] plain = plain(tag, frame, length(file, frame, left[0]));
                left[0] -= plain.length;
                digest.update(plain);
                each.object(plain);
            });
        }
        if (left[0] != 0 || !HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
            throw damaged().with("file", file.name());
        }
    }

    private static int length(SnapshotContents.Entry file, byte[] frame, long left) {
        if (!SnapshotContents.isCutByContent(file.name())) {
            return (int) Math.min(SnapshotMaker.CHUNK, left);
        }
        long length = Zstd.getFrameContentSize(frame);
        if (length < 1 || length > Math.min(left, Cuts.ByContent.LONGEST)) {
            throw damaged().with("file", file.name());
        }
        return (int) length;
    }

    private static byte[] plain(Tag16 tag, byte[] frame, int length) {
        byte[] plain = new byte[length];
        if (Zstd.decompress(plain, frame) != length) {
            throw damaged().with("chunk", tag);
        }
        return plain;
    }

    /** The number of the chunk behind the last one of a file that has to begin at this one. */
    private int requireFrom(int first, SnapshotContents.Entry file) {
        int end = end(file);
        boolean whole = SnapshotContents.isCutByContent(file.name())
                ? end >= first && (end > first) == (file.bytes() > 0)
                : end - first == (file.bytes() + SnapshotMaker.CHUNK - 1) / SnapshotMaker.CHUNK;
        if (file.first() != first
                || file.bytes() < 0
                || !whole
                || end > label.chunks().size()) {
            throw damaged();
        }
        return end;
    }

    /** A file's chunks go up to the next file's first. */
    private int end(SnapshotContents.Entry file) {
        int next = contents.files().indexOf(file) + 1;
        return next == contents.files().size()
                ? label.chunks().size()
                : contents.files().get(next).first();
    }

    private static StrongroomException damaged() {
        return StrongroomException.of(FailureKind.CORRUPT, "a snapshot is damaged")
                .cure("Use an older one, or that of another tier");
    }

    /** Carries an interruption through a file's writer. */
    private static final class Interrupted extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient InterruptedException original;

        private Interrupted(InterruptedException original) {
            super(original);
            this.original = original;
        }
    }
}
