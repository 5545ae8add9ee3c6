package org.strongroom.sidecar.evict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.control.Kept;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;

/** Removes bodies from the cache. One eviction at a time; thread-safe. */
public final class Evictor {
    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);
    /** Once for each the folders wait for the disk. */
    private static final int BATCH = 1024;

    private static final int STUDIES = 100;
    /** So many are looked at before it is looked anew how much has to go. */
    private static final int STUDIES_AT_ONCE = 5_000;

    private final Home home;
    private final CacheRules rules;
    private final Ledger ledger;
    private final FileTable files;
    private final StudyTable studies;
    private final PackTable packs;
    private final Confirmations confirmations;
    /** Behind which study to go on, if the last look ended there because it had seen enough of them. */
    private Instant used = Instant.EPOCH;

    private long behind;

    public Evictor(
            Home home,
            CacheRules rules,
            Ledger ledger,
            FileTable files,
            StudyTable studies,
            PackTable packs,
            CopyTable copies,
            Tiers tiers,
            Problems problems,
            InstantSource clock) {
        this.home = home;
        this.rules = rules;
        this.ledger = ledger;
        this.files = files;
        this.studies = studies;
        this.packs = packs;
        this.confirmations = new Confirmations(tiers, copies, problems, clock);
    }

    /** What was done so far. */
    private static final class Tally {
        private long instances;
        private long bytes;
        private final Map<String, Long> kept = new TreeMap<>();

        /** A reason is told also if no image stays for it, but what is attached to one. */
        private void keep(String reason, long files, long images) {
            if (files > 0) {
                kept.merge(reason, images, Long::sum);
            }
        }

        private EvictResult result() {
            return new EvictResult(
                    instances,
                    bytes,
                    kept.entrySet().stream()
                            .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                            .toList());
        }
    }

    /**
     * Evicts what is asked for and has its receipts.
     *
     * @throws PartlyEvicted if a disk or the ledger failed
     */
    public synchronized EvictResult evict(EvictRequest request) throws PartlyEvicted {
        confirmations.begin();
        Tally tally = new Tally();
        try {
            evict(request, tally);
        } catch (IOException | RuntimeException e) {
            throw new PartlyEvicted(tally.result(), e);
        }
        return tally.result();
    }

    private void evict(EvictRequest request, Tally tally) throws IOException {
        long behind = 0;
        if (request.all()) {
            for (List<StudyRow> page = studies.page(0, STUDIES);
                    !page.isEmpty();
                    page = studies.page(behind, STUDIES)) {
                for (StudyRow study : page) {
                    evict(study, request.dryRun(), Long.MAX_VALUE, tally);
                    behind = study.id();
                }
            }
            Totals.Sum spooled = Totals.of(ledger).kept().get(Place.SPOOL);
            tally.keep(Kept.NOT_RECEIVED, spooled.files(), spooled.instances());
        } else {
            for (UUID key : request.keys()) {
                Optional<StudyRow> study = studies.find(key);
                if (study.isPresent()) {
                    evict(study.get(), request.dryRun(), Long.MAX_VALUE, tally);
                    Totals.Backlog waiting = studies.backlogOf(List.of(study.get()));
                    tally.keep(Kept.NOT_RECEIVED, waiting.files(), waiting.instances());
                } else {
                    tally.keep("no such study", 1, 1);
                }
            }
        }
    }

    /**
     * Evicts least recently used studies if the high water is reached, down to the low water. Where very many studies have to stay it
     * ends early, so that a command need not wait for it, and goes on behind them the next time.
     *
     * @param missing bytes that must go in any case
     * @return what went
     * @throws PartlyEvicted if a disk or the ledger failed
     */
    public synchronized EvictResult keepLevel(long missing) throws PartlyEvicted {
        confirmations.begin();
        Tally tally = new Tally();
        try {
            keepLevel(missing, tally);
        } catch (IOException | RuntimeException e) {
            throw new PartlyEvicted(tally.result(), e);
        }
        return tally.result();
    }

    private void keepLevel(long missing, Tally tally) throws IOException {
        long level = level();
        long excess = Math.max(missing, level > bytes(rules.high()) ? level - bytes(rules.low()) : 0);
        if (excess == 0) {
            fromTheFirst();
            return;
        }
        for (int looked = 0; looked < STUDIES_AT_ONCE; looked += STUDIES) {
            List<StudyRow> page = studies.leastRecentlyUsed(used, behind, STUDIES);
            for (StudyRow study : page) {
                if (tally.bytes >= excess) {
                    break;
                }
                evict(study, false, excess - tally.bytes, tally);
            }
            if (page.isEmpty() || tally.bytes >= excess) {
                fromTheFirst(); // those in front may go by then
                return;
            }
            StudyRow last = page.get(page.size() - 1);
            used = last.used();
            behind = last.id();
        }
    }

    private void fromTheFirst() {
        used = Instant.EPOCH;
        behind = 0;
    }

    private long level() throws IOException {
        if (rules.percent()) {
            DiskSpace disk = DiskSpace.of(home.root());
            return disk.total() - disk.usable();
        }
        Totals totals = Totals.of(ledger);
        return totals.onDisk(Place.SPOOL) + totals.onDisk(Place.CACHE) + totals.onDisk(Place.HEAD);
    }

    /** Bytes that the cache may have before the high water is reached, what is in it included. */
    public long room() throws IOException {
        return bytes(rules.high()) - level() + Totals.of(ledger).onDisk(Place.CACHE);
    }

    private long bytes(long water) throws IOException {
        return rules.percent() ? DiskSpace.of(home.root()).total() / 100 * water : water;
    }

    private void evict(StudyRow study, boolean dryRun, long enough, Tally tally) throws IOException {
        Map<Long, Optional<String>> reasons = new HashMap<>();
        long behind = 0;
        long stopAt = enough == Long.MAX_VALUE ? enough : tally.bytes + enough;
        while (tally.bytes < stopAt) {
            List<FileRow> page = files.cached(study.id(), behind, BATCH);
            if (page.isEmpty()) {
                return;
            }
            List<FileRow> going = new ArrayList<>();
            for (FileRow file : page) {
                behind = file.id();
                Optional<String> reason = reasonToKeep(file, reasons);
                if (reason.isPresent()) {
                    tally.keep(reason.get(), 1, file.header().isDicom() ? 1 : 0);
                } else {
                    going.add(file);
                }
            }
            if (dryRun) {
                going.forEach(file -> count(file, tally));
            } else {
                remove(going, tally);
            }
        }
    }

    private Optional<String> reasonToKeep(FileRow file, Map<Long, Optional<String>> reasons) {
        Optional<String> reason = Optional.of(Kept.NOT_RECEIVED);
        for (MemberRow member : packs.holding(file.id())) {
            reason = reasons.computeIfAbsent(
                    member.pack(),
                    id -> confirmations.reasonToKeep(packs.find(id).orElseThrow()));
            if (reason.isEmpty()) {
                break;
            }
        }
        return reason;
    }

    /**
     * Heads first; then the whole files go. A reader looks for them in the same order. Heads do not wait for the disk: tiers hold what
     * goes, and one that a power cut damaged does not open, and comes again.
     */
    private void remove(List<FileRow> going, Tally tally) throws IOException {
        List<Long> withHead = new ArrayList<>();
        List<Long> withoutHead = new ArrayList<>();
        Set<Path> changed = new HashSet<>();
        try {
            for (FileRow file : going) {
                Optional<Place> left = rules.keepHeads() ? keepHead(file) : Optional.of(Place.ABSENT);
                if (left.isPresent()) {
                    Path whole = home.cached(file.uuid());
                    delete(whole);
                    changed.add(whole.getParent());
                    (left.get() == Place.HEAD ? withHead : withoutHead).add(file.id());
                    count(file, tally);
                }
            }
            for (Path folder : changed) {
                DurableFiles.fsyncDirectory(folder);
            }
        } finally {
            files.moved(withHead, Place.HEAD); // they are gone, whatever failed
            files.moved(withoutHead, Place.ABSENT);
        }
    }

    /** What cannot even be deleted, since its inode is bad, holds up nothing behind it. */
    private static void delete(Path whole) throws IOException {
        try {
            Files.deleteIfExists(whole);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class || isReadable(whole)) {
                throw e;
            }
            LOG.warn("{} in the cache can be neither read nor deleted", whole.getFileName(), e);
        }
    }

    private static boolean isReadable(Path whole) throws IOException {
        try {
            FileSource.open(whole).close();
            return true;
        } catch (UnreadableFileException e) {
            return false;
        }
    }

    private void count(FileRow file, Tally tally) {
        tally.instances += file.header().isDicom() ? 1 : 0;
        tally.bytes += rules.keepHeads() ? file.bodyLength() : file.bytes();
    }

    /** What is left of a file that may go; empty if it is gone already. */
    private Optional<Place> keepHead(FileRow file) throws IOException {
        try (FileSource whole = FileSource.open(home.cached(file.uuid()))) {
            if (whole.size() != file.bytes()) {
                // What is fetched does not wait for the disk: a power cut may have left the name and no bytes.
                LOG.warn("{} in the cache is not as long as it was sealed; it goes without its head", file.uuid());
                return Optional.of(headOf(file));
            }
            byte[] head = whole.read(0, Math.toIntExact(file.header().headPieceSize()));
            Path kept = home.cachedHead(file.uuid());
            DurableFiles.createDirectories(kept.getParent());
            DurableFiles.writeCopy(kept, channel -> DurableFiles.writeFully(channel, ByteBuffer.wrap(head)));
            return Optional.of(Place.HEAD);
        } catch (NoSuchFileException e) {
            // Somebody else removed it, or it was expected and did not come.
            files.moved(List.of(file.id()), headOf(file));
            return Optional.empty();
        } catch (UnreadableFileException e) {
            // The tiers have it; were it to stay, everything behind it would stay too.
            LOG.warn("{} in the cache cannot be read; it goes without its head", file.uuid(), e);
            return Optional.of(headOf(file));
        }
    }

    private Place headOf(FileRow file) {
        return Files.exists(home.cachedHead(file.uuid())) ? Place.HEAD : Place.ABSENT;
    }
}
