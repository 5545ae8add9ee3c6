package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.Arrival;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Ids;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.problem.Problems;

/**
 * Compares the spool with the ledger. Only folders that changed are listed, so that a pass over a quiet spool costs 256 calls
 * whatever its size. For one thread.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int SHARDS = 256;
    private static final int BATCH = 500;
    /** What arrived before that was sealed of the time before Strongroom, or the ledger is new. */
    private static final Duration LONG_AGO = Duration.ofHours(1);

    private final Home home;
    private final FileTable files;
    private final Problems problems;
    private final InstantSource clock;
    private final SealedFileReader reader;
    private final List<SpoolShard> shards = new ArrayList<>();
    private final Map<Integer, Integer> strangers = new HashMap<>();

    public Intake(Home home, UUID installation, FileTable files, Problems problems, InstantSource clock) {
        this.home = home;
        this.files = files;
        this.problems = problems;
        this.clock = clock;
        this.reader = new SealedFileReader(installation);
        for (int shard = 0; shard < SHARDS; shard++) {
            shards.add(new SpoolShard(home.spool(), shard));
        }
    }

    /**
     * One pass; the first one of a process, and the one after a failure, is over everything. True if something new was found.
     */
    public boolean scan() throws IOException {
        boolean whole = false;
        try {
            boolean news = false;
            List<Arrival> found = new ArrayList<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                Optional<SpoolShard.Listing> listing = shards.get(shard).changed(clock.instant());
                if (listing.isPresent()) {
                    news |= compare(shard, listing.get(), files.spooled(shard), found);
                }
            }
            take(found);
            report();
            whole = true;
            return news;
        } finally {
            if (!whole) {
                shards.forEach(SpoolShard::forget);
            }
        }
    }

    /** What is new is added to {@code found}, of which a batch is taken in at a time: each costs a commit. */
    private boolean compare(int shard, SpoolShard.Listing listing, Set<UUID> known, List<Arrival> found)
            throws IOException {
        Set<UUID> fresh = new HashSet<>(listing.sealed());
        fresh.removeAll(known);
        strangers.put(shard, listing.foreign().size());
        for (UUID uuid : fresh) {
            try {
                found.add(reader.read(home.spooled(uuid), uuid, Place.SPOOL, clock.instant()));
            } catch (NoSuchFileException e) {
                continue; // it moved on between listing and reading
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                strangers.merge(shard, 1, Integer::sum);
            } catch (IOException e) {
                LOG.warn("{} in the spool cannot be read now", uuid, e);
                strangers.merge(shard, 1, Integer::sum);
                shards.get(shard)
                        .forget(); // what is unreadable now may be an image: it is tried again, and stops no other one
            }
            if (found.size() == BATCH) {
                take(found);
                found.clear();
            }
        }
        for (UUID uuid : known) {
            if (!listing.sealed().contains(uuid)) {
                missing(uuid);
            }
        }
        return !fresh.isEmpty();
    }

    private void take(List<Arrival> arrivals) {
        if (arrivals.isEmpty()) {
            return;
        }
        for (Arrival stranger : files.add(arrivals)) {
            strangers.merge(Ids.shard(stranger.header().attachment()), 1, Integer::sum);
        }
        Instant now = clock.instant();
        files.taken(
                arrivals.stream()
                        .filter(one -> one.at().isBefore(now.minus(LONG_AGO)))
                        .toList(),
                now);
    }

    /** The ledger says that a file is in the spool, and it is not: it moved on, or it is lost. */
    private void missing(UUID uuid) {
        FileRow file = files.find(uuid).orElse(null);
        if (file == null || file.place() != Place.SPOOL || Files.exists(home.spooled(uuid))) {
            return;
        }
        boolean cached = Files.exists(home.cached(uuid));
        files.moved(List.of(file.id()), cached ? Place.CACHE : Place.ABSENT);
    }

    private void report() {
        int bad = strangers.values().stream().mapToInt(Integer::intValue).sum();
        if (bad == 0) {
            problems.clear("intake/strangers");
            return;
        }
        Path spool = home.spool();
        problems.raise(
                "intake/strangers",
                FailureKind.CORRUPT,
                bad
                        + " files in the spool are not sealed files of this installation, are damaged or cannot be read; they are not shipped",
                "Look into " + spool + " and move away what does not belong there");
    }

    /**
     * Records what the cache holds as whole files; only a new ledger does not know. May run beside the passes, and again.
     *
     * @return how many files could not be used
     */
    public int readCache() throws IOException {
        int unusable = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            List<Arrival> arrivals = new ArrayList<>();
            SpoolShard.Listing listing =
                    new SpoolShard(home.cache(), shard).changed(clock.instant()).orElseThrow();
            for (UUID uuid : listing.sealed()) {
                try {
                    arrivals.add(reader.read(home.cached(uuid), uuid, Place.CACHE, clock.instant()));
                } catch (NoSuchFileException e) {
                    LOG.debug("{} left the cache meanwhile", uuid);
                } catch (StrongroomException | IOException e) {
                    LOG.warn("{} in the cache cannot be used", uuid, e);
                    unusable++;
                }
            }
            files.add(arrivals);
        }
        return unusable;
    }
}
