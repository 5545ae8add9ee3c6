package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.replica.Replicas;

/**
 * Fetches one series out of one pack, on one thread at a time: what is asked for first, then whatever follows it, in few
 * large requests. Asking is thread-safe; two askers for one file share its fetch.
 */
final class SeriesFetch {
    /** Read-ahead asks for at least so much at a time. */
    static final long WINDOW = 8L << 20;
    /** Larger members are not read ahead with others. */
    static final long BIG = 16L << 20;

    private static final long HEADS_WINDOW = 8L << 20;
    private static final long NEAR = 1L << 20;
    /** Milliseconds that another request costs: who waits for something else may wait so much longer. */
    private static final long ROUND_TRIP = 300;

    private final PackRow pack;
    private final List<MemberRow> members;
    private final Map<UUID, Integer> places = new HashMap<>();
    private final Replicas replicas;
    private final Arrivals arrivals;
    private final Gate gate;
    private final boolean readAhead;
    private final RunningTime time;
    private final BooleanSupplier crowded;

    private final Map<Integer, CompletableFuture<Void>> heads = new LinkedHashMap<>();
    private final Map<Integer, CompletableFuture<Void>> wholes = new LinkedHashMap<>();
    private final Set<Integer> given = new HashSet<>();
    /** What no tier has right, of which nobody may have been told. */
    private final Map<UUID, StrongroomException> wrong = new HashMap<>();

    private final CompletableFuture<Map<UUID, StrongroomException>> over = new CompletableFuture<>();
    private int cursor;
    /** Whether all of it is wanted, also where nothing is read ahead. */
    private volatile boolean all;
    /** Whether somebody has waited for any of it, and may want what follows. */
    private volatile boolean asked;
    /** Whether somebody waits for any of it now: whether there are heads or wholes. */
    private volatile boolean waitedFor;

    private boolean ended;
    /** Bytes that a tier gives in a second, as far as this fetch has seen; for its own thread. */
    private long perSecond;

    /**
     * @param members all of one series, in the order of their bytes in the pack
     * @param crowded whether other series wait for a thread, or the disk for room: then reading ahead ends
     */
    SeriesFetch(
            PackRow pack,
            List<MemberRow> members,
            Replicas replicas,
            Arrivals arrivals,
            Gate gate,
            boolean readAhead,
            RunningTime time,
            BooleanSupplier crowded) {
        this.pack = pack;
        this.members = members;
        this.replicas = replicas;
        this.arrivals = arrivals;
        this.gate = gate;
        this.readAhead = readAhead;
        this.time = time;
        this.crowded = crowded;
        for (int i = 0; i < members.size(); i++) {
            places.put(members.get(i).uuid(), i);
        }
    }

    /** Asks for a head piece, or for the whole file; null if this fetch has ended, so that another must be made. */
    synchronized CompletableFuture<Void> ask(UUID uuid, boolean whole) {
        if (ended) {
            return null;
        }
        asked = true;
        int place = places.get(uuid);
        if (!waitedFor) {
            waitedFor = true;
            gate.demand(1);
        }
        if (whole) {
            cursor = place;
        }
        return (whole ? wholes : heads).computeIfAbsent(place, p -> new CompletableFuture<>());
    }

    /** Goes on from a file without anybody waiting for it. */
    synchronized boolean goOnFrom(UUID uuid) {
        asked = true;
        cursor = places.get(uuid);
        return !ended;
    }

    /**
     * Goes on to all of the series without anybody waiting for it; null if this fetch has ended, so that another must be made.
     *
     * @return done when it ends, however far it got: with what no tier has right; fails with what a tier failed with
     */
    synchronized CompletableFuture<Map<UUID, StrongroomException>> bring(UUID first) {
        if (ended) {
            return null;
        }
        if (!waitedFor) {
            cursor = places.get(first);
        }
        all = true;
        return over;
    }

    /** Nobody wants all of it any more. */
    void bringNoMore() {
        all = false;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** Fetches until there is nothing left to do. */
    void run() {
        try {
            while (true) {
                int next = next();
                if (next < 0) {
                    return;
                }
                step(next);
            }
        } catch (StrongroomException e) {
            fail(e);
        } catch (IOException e) {
            fail(StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                    .causedBy(e));
        } catch (RuntimeException | Error e) {
            fail(StrongroomException.of(FailureKind.BUG, "fetching failed").causedBy(e));
            throw e;
        } finally {
            synchronized (this) {
                over.complete(Map.copyOf(wrong));
            }
        }
    }

    private boolean readsAhead() {
        return all || (readAhead && asked);
    }

    /** The member to go on with, or −1 if nothing is left: then this fetch has ended. */
    private synchronized int next() {
        if (ended) {
            return -1;
        }
        if (!heads.isEmpty()) {
            return heads.keySet().iterator().next();
        }
        if (!wholes.isEmpty()) {
            return wholes.keySet().iterator().next();
        }
        for (int i = 0; readsAhead() && !crowded.getAsBoolean() && i < members.size(); i++) {
            int place = (cursor + i) % members.size();
            MemberRow member = members.get(place);
            if (!given.contains(place) && !member.removed() && !arrivals.isWhole(member)) {
                return place;
            }
        }
        ended = true;
        return -1;
    }

    private void step(int place) throws IOException {
        boolean headOnly;
        synchronized (this) {
            headOnly = heads.containsKey(place);
        }
        if (arrivals.isWhole(members.get(place))) {
            give(place, null);
            return;
        }
        try {
            if (headOnly || !arrivals.hasHead(members.get(place))) {
                fetchHeads(place);
            }
            if (!headOnly) {
                fetchBodies(place);
            }
        } catch (NoSuchFileException | Gate.OthersComeFirst e) {
            return; // a damaged head was removed, or the thread is needed: the next step sees to either
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.ARCHIVED && !headOnly) {
                failWholes(e);
                return;
            }
            if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.ARCHIVED) {
                throw e;
            }
            give(place, e); // no tier has this one right; others may be
        }
    }

    /** One request for the heads of the series, or as many of them as fit. */
    private void fetchHeads(int place) throws IOException {
        int last = place;
        int first = place;
        long size = members.get(place).member().headLength();
        while (last + 1 < members.size() && size < HEADS_WINDOW) {
            size += members.get(++last).member().headLength();
        }
        while (first > 0 && size < HEADS_WINDOW) {
            size += members.get(--first).member().headLength();
        }
        while (first < place && arrivals.hasHead(members.get(first))) {
            first++;
        }
        while (last > place && arrivals.hasHead(members.get(last))) {
            last--;
        }
        int from = first;
        int to = last;
        replicas.read(pack, object -> {
            long start = members.get(from).member().headOffset();
            long end = members.get(to).member().headOffset()
                    + members.get(to).member().headLength();
            List<MemberRow> taken = new ArrayList<>();
            try (InputStream in = object.open(start, end - start)) {
                for (int i = from; i <= to; i++) {
                    MemberRow member = members.get(i);
                    gate.giveWay(() -> waitedFor);
                    if (arrivals.hasHead(member)) {
                        in.skipNBytes(member.member().headLength());
                    } else if (takeHead(member, in, i == place)) {
                        taken.add(member);
                    } else {
                        continue;
                    }
                    giveHead(i, null);
                }
                return true;
            } finally {
                arrivals.tookHeads(taken);
            }
        });
    }

    /** A damaged head that nobody asked for is left until somebody does. */
    private boolean takeHead(MemberRow member, InputStream in, boolean asked) throws IOException {
        try {
            arrivals.takeHead(member, in);
            return true;
        } catch (StrongroomException e) {
            if (asked || e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return false;
        }
    }

    /** One request for the body asked for and those behind it; for few of these if somebody waits for others. */
    private void fetchBodies(int place) throws IOException {
        int last = place;
        long size = members.get(place).member().bodyLength();
        while (readsAhead()
                && last + 1 < members.size()
                && size < (isAskedOutside(place, last + 1) ? Math.min(WINDOW, inOneRoundTrip()) : WINDOW)) {
            MemberRow next = members.get(last + 1);
            if (next.member().size() > BIG || arrivals.isWhole(next) || !arrivals.hasHead(next)) {
                break;
            }
            size += next.member().bodyLength();
            last++;
        }
        int to = last;
        replicas.read(pack, object -> {
            int from = place;
            while (from < to && arrivals.isWhole(members.get(from))) {
                from++; // came from the tier that then failed
            }
            long start = members.get(from).member().bodyOffset();
            long end = members.get(to).member().bodyOffset()
                    + members.get(to).member().bodyLength();
            List<MemberRow> coming = members.subList(from, to + 1).stream()
                    .filter(member -> !arrivals.isWhole(member))
                    .toList();
            try (InputStream in = object.open(start, end - start)) {
                arrivals.expect(coming);
                try {
                    takeBodies(from, to, in);
                } finally {
                    arrivals.settle(coming);
                }
                return true;
            }
        });
    }

    private void takeBodies(int from, int to, InputStream in) throws IOException {
        long begun = time.now().toMillis();
        long[] read = {0};
        long[] waited = {0};
        for (int i = from; i <= to; i++) {
            MemberRow member = members.get(i);
            if (arrivals.isWhole(member)) {
                in.skipNBytes(member.member().bodyLength());
            } else {
                arrivals.takeBody(member, in, bytes -> {
                    read[0] += bytes;
                    waited[0] += gate.giveWay(() -> waitedFor);
                });
            }
            give(i, null);
            perSecond = read[0] * 1_000 / Math.max(1, time.now().toMillis() - begun - waited[0]);
            if (isAskedElsewhere(i, to)) {
                return;
            }
        }
    }

    private long inOneRoundTrip() {
        return perSecond * ROUND_TRIP / 1_000;
    }

    /** Whether someone waits for what will not come soon if this request goes on behind member {@code done}. */
    private synchronized boolean isAskedElsewhere(int done, int to) {
        if (!heads.isEmpty()) {
            return true;
        }
        long at = members.get(done).member().bodyOffset();
        long left = members.get(to).member().bodyOffset() - at;
        long near = Math.max(NEAR, 3 * perSecond);
        return wholes.keySet().stream()
                .anyMatch(place -> (place <= done || place > to)
                        ? left > inOneRoundTrip()
                        : members.get(place).member().bodyOffset() - at > near);
    }

    private synchronized boolean isAskedOutside(int first, int last) {
        return wholes.keySet().stream().anyMatch(place -> place < first || place > last);
    }

    private void giveHead(int place, StrongroomException failure) {
        CompletableFuture<Void> head;
        synchronized (this) {
            head = heads.remove(place);
            relax();
        }
        complete(head, failure);
    }

    private void give(int place, StrongroomException failure) {
        CompletableFuture<Void> whole;
        CompletableFuture<Void> head;
        synchronized (this) {
            whole = wholes.remove(place);
            head = heads.remove(place);
            relax();
            given.add(place);
            cursor = place + 1;
            if (failure != null) {
                wrong.put(members.get(place).uuid(), failure);
            }
        }
        complete(head, failure);
        complete(whole, failure);
    }

    private void fail(StrongroomException failure) {
        Set<CompletableFuture<Void>> waiting = new HashSet<>();
        synchronized (this) {
            ended = true;
            waiting.addAll(heads.values());
            waiting.addAll(wholes.values());
            heads.clear();
            wholes.clear();
            relax();
        }
        waiting.forEach(each -> complete(each, failure));
        over.completeExceptionally(failure);
    }

    /** Bodies are in the archive, all of them; heads may still be had. */
    private void failWholes(StrongroomException failure) {
        List<CompletableFuture<Void>> waiting;
        synchronized (this) {
            waiting = List.copyOf(wholes.values());
            wholes.clear();
            ended = heads.isEmpty();
            relax();
        }
        waiting.forEach(each -> complete(each, failure));
        over.completeExceptionally(failure);
    }

    private void relax() {
        if (waitedFor && heads.isEmpty() && wholes.isEmpty()) {
            waitedFor = false;
            gate.demand(-1);
        }
    }

    private static void complete(CompletableFuture<Void> future, StrongroomException failure) {
        if (future != null && failure == null) {
            future.complete(null);
        } else if (future != null) {
            future.completeExceptionally(failure);
        }
    }
}
