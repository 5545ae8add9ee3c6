package org.strongroom.plugin.snapshot;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Watermark;
import org.strongroom.plugin.keys.Keyring;

/**
 * Seals files as a snapshot into {@code Home/snapshots} (format.md §10). A chunk that an older snapshot has is not made again. Needs
 * memory for a few chunks. For one thread.
 */
public final class SnapshotMaker {
    static final int CHUNK = 256 * 1024;

    private static final int LEVEL = 3;

    /** Images and the ledger need Home's disk more: so much stays free at least, or 5 % of a small one. */
    private static final long RESERVE = 1L << 30;

    private final SnapshotFolder folder;
    private final Keyring keyring;
    private final Watermark reserve;
    private final List<Tag16> chunks = new ArrayList<>();
    private final List<SnapshotContents.Entry> files = new ArrayList<>();
    private long newBytes;

    /** @param reserve of Home's disk, that no snapshot is made into */
    public SnapshotMaker(SnapshotFolder folder, Keyring keyring, Watermark reserve) {
        this.folder = folder;
        this.keyring = keyring;
        this.reserve = reserve;
    }

    /**
     * What was made.
     *
     * @param bytes of the files
     * @param newBytes sealed, of chunks that no older snapshot had: what each tier is sent
     */
    public record Made(String name, long bytes, long newBytes) {}

    /**
     * Makes one.
     *
     * @param instances in the index; asked when all of the files were read
     * @param sources the files, by name, in order
     * @param keep so many of the newest stay
     * @throws StrongroomException FULL if Home's disk has no room for it; then nothing of it stays
     */
    public Made make(
            Instant begun,
            String orthanc,
            long journal,
            LongSupplier instances,
            Map<String, SnapshotSource> sources,
            int keep)
            throws IOException {
        try {
            Made made = make(begun, orthanc, journal, instances, sources);
            folder.keep(keep, begun);
            return made;
        } catch (IOException | RuntimeException e) {
            try {
                folder.keep(keep, begun); // chunks that no snapshot needs
            } catch (IOException | RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private Made make(
            Instant begun, String orthanc, long journal, LongSupplier instances, Map<String, SnapshotSource> sources)
            throws IOException {
        for (Map.Entry<String, SnapshotSource> source : sources.entrySet()) {
            add(source.getKey(), source.getValue());
        }
        SnapshotContents contents = new SnapshotContents(orthanc, journal, instances.getAsLong(), files);
        SnapshotLabel label = new SnapshotLabel(keyring.installation(), begun.toEpochMilli(), chunks);
        byte[] state = keyring.state().seal(label.stateName(), ControlJson.write(contents));
        byte[] clear = label.encode();
        byte[] snapshot = new byte[clear.length + state.length];
        System.arraycopy(clear, 0, snapshot, 0, clear.length);
        System.arraycopy(state, 0, snapshot, clear.length, state.length);
        String name = label.objectName(snapshot);
        folder.write(name, snapshot);
        return new Made(
                name, files.stream().mapToLong(SnapshotContents.Entry::bytes).sum(), newBytes);
    }

    private void add(String name, SnapshotSource source) throws IOException {
        int first = chunks.size();
        long bytes = 0;
        MessageDigest digest = Sha256.digest();
        try (InputStream in = source.open()) {
            Cuts cuts = SnapshotContents.isCutByContent(name)
                    ? Cuts.byContent(in, keyring.state()::snapshotCutTag)
                    : Cuts.fixed(in, CHUNK);
            for (byte[] plain = cuts.next(); plain.length > 0; plain = cuts.next()) {
                digest.update(plain);
                bytes += plain.length;
                chunks.add(seal(plain));
            }
        }
        files.add(new SnapshotContents.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()), first));
    }

    private void requireRoom() throws IOException {
        DiskSpace disk = folder.disk();
        if (disk.usable() - Cuts.ByContent.LONGEST
                < Math.max(reserve.of(disk.total()), Math.min(RESERVE, disk.total() / 20))) {
            throw StrongroomException.of(FailureKind.FULL, "no room in Home for a snapshot")
                    .with("usable", disk.usable())
                    .cure("Make room on the disk that holds Strongroom.Home, or lower Snapshots.Keep");
        }
    }

    private Tag16 seal(byte[] plain) throws IOException {
        Tag16 tag = keyring.state().snapshotTag(plain);
        if (!folder.has(tag)) {
            requireRoom();
            byte[] sealed = keyring.state().seal(SnapshotLabel.stateName(tag), Zstd.compress(plain, LEVEL));
            folder.write(SnapshotLabel.objectName(tag), sealed);
            newBytes += sealed.length;
        }
        return tag;
    }
}
