package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.uplink.Uplink;

/** The series that are being fetched now. Thread-safe. */
final class Fetches implements AutoCloseable {
    private static final int THREADS = 6;

    private final StudyTable studies;
    private final PackTable packs;
    private final Replicas replicas;
    private final Arrivals arrivals;
    private final InstantSource clock;
    private final RunningTime time;
    private final BooleanSupplier tight;
    private final boolean readAhead;
    private final Gate gate;
    private final Map<Series, Askers> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    private record Series(long pack, Tag16 tag) {}

    Fetches(
            Home home,
            Replicas replicas,
            Uplink uplink,
            FileTable files,
            StudyTable studies,
            PackTable packs,
            InstantSource clock,
            RunningTime time,
            BooleanSupplier tight,
            boolean readAhead) {
        this.studies = studies;
        this.packs = packs;
        this.replicas = replicas;
        this.arrivals = new Arrivals(home, files);
        this.clock = clock;
        this.time = time;
        this.gate = new Gate(time, uplink, this::isQueued);
        this.tight = tight;
        this.readAhead = readAhead;
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "fetch");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Where a file is packed. */
    record Packed(PackRow pack, MemberRow member) {}

    /** @throws StrongroomException UNAVAILABLE if the file is in no pack */
    Packed locate(FileRow file) {
        List<MemberRow> holding = packs.holding(file.id());
        if (!holding.isEmpty()) {
            MemberRow newest = holding.get(0);
            return new Packed(packs.find(newest.pack()).orElseThrow(), newest);
        }
        throw StrongroomException.of(
                        FailureKind.UNAVAILABLE, "a sealed file is not on this machine, and no tier has it")
                .with("attachment", file.uuid())
                .cure("Restore the spool from a backup");
    }

    /** Whether the head piece in the cache was compared with its digest, and is right; a damaged one is removed. */
    boolean hasRightHead(Packed packed) throws IOException {
        return arrivals.hasRightHead(packed.member());
    }

    /** Done when the file, or at least its head piece, is in the cache. */
    CompletableFuture<Void> fetch(Packed packed, boolean whole) {
        while (true) {
            CompletableFuture<Void> asked = series(packed).ask(packed.member().uuid(), whole);
            if (asked != null) {
                return asked;
            }
        }
    }

    /** Done when every file of a pack that Orthanc has not removed is in the cache. */
    CompletableFuture<Void> fetchAll(PackRow pack) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (MemberRow member : packs.members(pack.id())) {
            if (!member.removed() && !arrivals.isWhole(member)) {
                all.add(fetch(new Packed(pack, member), true));
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** Fetches the file, and what follows it, when nobody waits for anything. */
    void fetchBehind(Packed packed) {
        while (!series(packed).goOnFrom(packed.member().uuid())) {
            Thread.onSpinWait();
        }
    }

    /** Fetches the file and the rest of its series behind whoever waits for others; see {@link Askers#bring}. */
    CompletableFuture<Map<UUID, StrongroomException>> bring(Packed packed) {
        while (true) {
            CompletableFuture<Map<UUID, StrongroomException>> over =
                    series(packed).bring(packed.member().uuid());
            if (over != null) {
                return over;
            }
        }
    }

    /** Whether another series would have to wait for a thread, or take that of one that is read ahead. */
    boolean areBusy() {
        return threads.getActiveCount() >= THREADS || isQueued();
    }

    private boolean isQueued() {
        return !threads.getQueue().isEmpty();
    }

    /** They are not the first to be evicted. */
    void used(List<UUID> keys) {
        studies.used(keys, clock.instant());
    }

    /** What is on its way only because of {@link #bring} comes no further than the request that it is in. */
    void bringNoMore() {
        running.values().forEach(Askers::bringNoMore);
    }

    /** Whether all of a file is on this machine. */
    boolean isHere(UUID uuid) {
        return arrivals.isWhole(uuid);
    }

    private Askers series(Packed packed) {
        Series key =
                new Series(packed.pack().id(), packed.member().member().header().seriesTag());
        return running.compute(key, (series, askers) -> {
            if (askers != null && !askers.hasEnded()) {
                return askers;
            }
            studies.used(List.of(packed.member().member().header().key()), clock.instant());
            return begin(packed.pack(), series);
        });
    }

    private Askers begin(PackRow pack, Series series) {
        List<MemberRow> members = packs.series(series.pack(), series.tag());
        Askers askers = new Askers(members, gate, readAhead, () -> tight.getAsBoolean() || isQueued());
        SeriesFetch fetch = new SeriesFetch(pack, members, askers, replicas, arrivals, gate, time);
        threads.execute(() -> {
            try {
                fetch.run();
            } finally {
                running.remove(series, askers);
            }
        });
        return askers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
