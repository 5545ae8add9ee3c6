package org.strongroom.plugin.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;

/** Puts a journal together again of its copies in a tier (format.md §7). Stateless. */
public final class JournalRecovery {
    private JournalRecovery() {}

    /**
     * What came back.
     *
     * @param entries how many
     * @param newest time of the last one; null if there is none
     * @param proven whether a genuine head was there, and all that it signs; else nobody knows what is missing
     */
    public record Restored(long entries, Instant newest, boolean proven) {}

    /**
     * Writes the journal into {@code folder}, in place of what an earlier attempt wrote.
     *
     * @param segments by number
     * @param heads in any order; those that are not genuine count for nothing
     * @param signer signs what is there, if no head does
     * @throws StrongroomException CORRUPT if an entry does not fit
     */
    public static Restored write(
            Path folder,
            Installation installation,
            Map<Integer, byte[]> segments,
            List<byte[]> heads,
            HeadSigner signer,
            Instant now)
            throws IOException {
        DurableFiles.createDirectories(folder);
        clear(folder);
        for (Map.Entry<Integer, byte[]> segment : segments.entrySet()) {
            DurableFiles.replace(JournalReader.segment(folder, segment.getKey()), segment.getValue());
        }
        SortedMap<Long, byte[]> signed = genuine(heads, installation);
        JournalReader reader = new JournalReader(folder, installation.id());
        Optional<byte[]> best = fitting(signed, installation, 0, reader.chain());
        Instant newest = null;
        for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            newest = Instant.ofEpochMilli(entry.get().time());
            Optional<byte[]> head = fitting(signed, installation, reader.sequence(), reader.chain());
            best = head.isPresent() ? head : best;
        }
        boolean proven = best.isPresent() && signed.lastKey() <= reader.sequence();
        JournalHead end = new JournalHead(reader.sequence(), now.toEpochMilli(), reader.chain());
        byte[] head = proven ? best.get() : end.encode(signer.sign(end.signedBytes()));
        DurableFiles.replace(JournalOpening.headFile(folder), head);
        return new Restored(reader.sequence(), newest, proven);
    }

    /** Whether what an earlier attempt wrote into {@code folder} is a beginning of these segments: then nothing is lost with it. */
    public static boolean hasAllOf(Path folder, Map<Integer, byte[]> segments) throws IOException {
        for (Path earlier : segments(folder)) {
            boolean known = false;
            for (Map.Entry<Integer, byte[]> segment : segments.entrySet()) {
                known |= JournalReader.segment(folder, segment.getKey()).equals(earlier)
                        && isBeginning(Files.readAllBytes(earlier), segment.getValue());
            }
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** Deletes what an earlier attempt wrote. */
    public static void clear(Path folder) throws IOException {
        for (Path earlier : segments(folder)) {
            Files.delete(earlier);
        }
    }

    private static List<Path> segments(Path folder) throws IOException {
        List<Path> segments = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.strj")) {
            found.forEach(segments::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return segments;
    }

    /**
     * Whether one copy of a segment is a beginning of another one: both are of one journal, at different times. By the chain after its last
     * whole entry, which stands for all before it; so damage before that does not make it another journal's.
     *
     * @param copy may end within an entry, or in zeros
     */
    public static boolean isBeginning(byte[] copy, byte[] longer) {
        int end = wholeEntries(copy);
        int chain = end - Sha256.SIZE;
        return end == 0 || (end <= longer.length && Arrays.equals(copy, chain, end, longer, chain, end));
    }

    /** Bytes of the entries that are not cut off. */
    private static int wholeEntries(byte[] copy) {
        ByteBuffer in = ByteBuffer.wrap(copy);
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt(in.position());
            if (length < Sha256.SIZE || length > in.remaining() - Integer.BYTES) {
                break;
            }
            in.position(in.position() + Integer.BYTES + length);
        }
        return in.position();
    }

    private static SortedMap<Long, byte[]> genuine(List<byte[]> heads, Installation installation) {
        SortedMap<Long, byte[]> genuine = new TreeMap<>();
        for (byte[] head : heads) {
            try {
                genuine.put(JournalHead.decode(head, installation.journalKey()).sequence(), head);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
            }
        }
        return genuine;
    }

    private static Optional<byte[]> fitting(
            Map<Long, byte[]> signed, Installation installation, long sequence, Sha256 chain) {
        return Optional.ofNullable(signed.get(sequence))
                .filter(head -> JournalHead.decode(head, installation.journalKey())
                        .chain()
                        .equals(chain));
    }
}
