package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.replica.OwnDiskException;

/**
 * Puts what came from a tier into the cache: whole, compared with its digest, or not at all. It does not wait for the disk:
 * after a power cut a copy may be damaged, which opening it finds, and comes again. Thread-safe.
 */
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);
    private static final int BUFFER = 64 * 1024;

    private final Home home;
    private final FileTable files;

    Arrivals(Home home, FileTable files) {
        this.home = home;
        this.files = files;
    }

    /** Called between two reads of a tier's stream; may wait. */
    @FunctionalInterface
    interface Pace {
        void between(int bytes) throws IOException;
    }

    boolean isWhole(MemberRow member) {
        return isWhole(member.uuid());
    }

    boolean isWhole(UUID uuid) {
        return Files.exists(home.cached(uuid)) || Files.exists(home.spooled(uuid));
    }

    boolean hasHead(MemberRow member) {
        return Files.exists(home.cachedHead(member.uuid())) || isWhole(member);
    }

    /** Whether the right head piece is on this machine; a damaged one is removed. */
    boolean hasRightHead(MemberRow member) throws IOException {
        try {
            head(member);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The head piece on this machine; a damaged one, or one that cannot be read, is removed and counts as absent. */
    private byte[] head(MemberRow member) throws IOException {
        Path file = home.cachedHead(member.uuid());
        try {
            byte[] head = Files.readAllBytes(file);
            if (Sha256.of(head).equals(member.member().headDigest())) {
                return head;
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("{} in the cache cannot be read; it is fetched again", file.getFileName(), e);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw OwnDiskException.unreadable(e, "the cache cannot be read");
        }
        throw new NoSuchFileException(file.toString());
    }

    /** Reads a head piece from {@code in} and keeps it; {@link #tookHeads} records it. */
    void takeHead(MemberRow member, InputStream in) throws IOException {
        byte[] head = in.readNBytes(member.member().headLength());
        if (!Sha256.of(head).equals(member.member().headDigest())) {
            throw damaged(member);
        }
        Path file = home.cachedHead(member.uuid());
        toDisk(() -> {
            DurableFiles.createDirectories(file.getParent());
            DurableFiles.writeCopy(file, channel -> DurableFiles.writeFully(channel, ByteBuffer.wrap(head)));
        });
    }

    /** Records heads that were taken. */
    void tookHeads(List<MemberRow> members) {
        moved(members.stream().filter(member -> member.place() == Place.ABSENT).toList(), Place.HEAD);
    }

    /**
     * Records whole files before they come. Should this process end before {@link #settle}, none is in the cache that
     * eviction does not know.
     */
    void expect(List<MemberRow> members) {
        moved(members, Place.CACHE);
    }

    /** Records what came of those that were expected. */
    void settle(List<MemberRow> members) {
        Map<Place, List<MemberRow>> now = members.stream().collect(Collectors.groupingBy(this::place));
        now.forEach((place, those) -> moved(those, place));
    }

    private Place place(MemberRow member) {
        if (Files.exists(home.cached(member.uuid()))) {
            return Place.CACHE;
        }
        return Files.exists(home.cachedHead(member.uuid())) ? Place.HEAD : Place.ABSENT;
    }

    private void moved(List<MemberRow> members, Place place) {
        files.moved(members.stream().map(MemberRow::file).toList(), place);
    }

    /**
     * Reads a body piece from {@code in}, and keeps it with its head as a whole file, which was {@link #expect expected}.
     *
     * @throws NoSuchFileException if its head is not here
     */
    void takeBody(MemberRow member, InputStream in, Pace pace) throws IOException {
        byte[] head = head(member);
        PackMember expected = member.member();
        Path file = home.cached(member.uuid());
        try {
            DurableFiles.writeCopy(file, channel -> {
                toDisk(() -> DurableFiles.writeFully(channel, ByteBuffer.wrap(head)));
                MessageDigest digest = Sha256.digest();
                copy(in, expected.bodyLength(), digest, channel, pace);
                if (!new Sha256(digest.digest()).equals(expected.bodyDigest())) {
                    throw damaged(member);
                }
            });
            Files.deleteIfExists(home.cachedHead(member.uuid()));
        } catch (FileSystemException e) {
            throw unwritable(e); // a file could not be made or renamed here; a tier's failures are none of these
        }
    }

    private void copy(InputStream in, long length, MessageDigest digest, FileChannel channel, Pace pace)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
            if (count == 0) {
                throw new java.io.EOFException("a tier's stream ended early");
            }
            digest.update(buffer, 0, count);
            toDisk(() -> DurableFiles.writeFully(channel, ByteBuffer.wrap(buffer, 0, count)));
            left -= count;
            pace.between(count);
        }
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    /** Tells a failing disk here from a failing line. */
    private void toDisk(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private StrongroomException unwritable(IOException cause) {
        return OwnDiskException.unwritable(home.cache(), cause, "the cache cannot be written");
    }

    private static StrongroomException damaged(MemberRow member) {
        return StrongroomException.of(FailureKind.CORRUPT, "a tier gave other bytes than were sent")
                .with("attachment", member.uuid());
    }
}
