package org.strongroom.plugin.snapshot;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.plugin.keys.Keyring;

/**
 * Seals files as a snapshot into {@code Home/snapshots} (format.md §10). A chunk that an older snapshot has is not made again. Needs
 * memory for a few chunks. For one thread.
 */
public final class SnapshotMaker {
    static final int CHUNK = 256 * 1024;

    private static final int LEVEL = 3;

    private final SnapshotFolder folder;
    private final Keyring keyring;
    private final List<Tag16> chunks = new ArrayList<>();
    private final List<SnapshotContents.Entry> files = new ArrayList<>();
    private long newBytes;

    public SnapshotMaker(SnapshotFolder folder, Keyring keyring) {
        this.folder = folder;
        this.keyring = keyring;
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
     * @param sources the files, by name, in order
     * @param keep so many of the newest stay
     */
    public Made make(Instant begun, String orthanc, long journal, long instances, Map<String, Path> sources, int keep)
            throws IOException {
        for (Map.Entry<String, Path> source : sources.entrySet()) {
            add(source.getKey(), source.getValue());
        }
        SnapshotContents contents = new SnapshotContents(orthanc, journal, instances, files);
        SnapshotLabel label = new SnapshotLabel(keyring.installation(), begun.toEpochMilli(), chunks);
        byte[] state = keyring.sealState(label.stateName(), ControlJson.write(contents));
        byte[] clear = label.encode();
        byte[] snapshot = new byte[clear.length + state.length];
        System.arraycopy(clear, 0, snapshot, 0, clear.length);
        System.arraycopy(state, 0, snapshot, clear.length, state.length);
        String name = label.objectName(snapshot);
        folder.write(name, snapshot);
        folder.keep(keep);
        return new Made(
                name, files.stream().mapToLong(SnapshotContents.Entry::bytes).sum(), newBytes);
    }

    private void add(String name, Path source) throws IOException {
        int first = chunks.size();
        long bytes = 0;
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(source)) {
            for (byte[] plain = in.readNBytes(CHUNK); plain.length > 0; plain = in.readNBytes(CHUNK)) {
                digest.update(plain);
                bytes += plain.length;
                chunks.add(seal(plain));
            }
        }
        files.add(new SnapshotContents.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()), first));
    }

    private Tag16 seal(byte[] plain) throws IOException {
        Tag16 tag = keyring.snapshotTag(plain);
        if (!folder.has(tag)) {
            byte[] sealed = keyring.sealState(SnapshotLabel.stateName(tag), Zstd.compress(plain, LEVEL));
            folder.write(SnapshotLabel.objectName(tag), sealed);
            newBytes += sealed.length;
        }
        return tag;
    }
}
