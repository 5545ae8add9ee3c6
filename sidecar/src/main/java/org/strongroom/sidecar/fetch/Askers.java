package org.strongroom.sidecar.fetch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.MemberRow;

/**
 * Who waits for what of one series while it is fetched, and with which file it goes on. Places are those of the series' files in their
 * pack. Two askers for one file share its fetch. Thread-safe.
 */
final class Askers {
    private final List<MemberRow> members;
    private final Map<UUID, Integer> places = new HashMap<>();
    private final Gate gate;
    private final boolean readAhead;
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

    /**
     * @param members all of one series, in the order of their bytes in the pack
     * @param crowded whether other series wait for a thread, or the disk for room: then reading ahead ends
     */
    Askers(List<MemberRow> members, Gate gate, boolean readAhead, BooleanSupplier crowded) {
        this.members = members;
        this.gate = gate;
        this.readAhead = readAhead;
        this.crowded = crowded;
        for (int i = 0; i < members.size(); i++) {
            places.put(members.get(i).uuid(), i);
        }
    }

    /** Asks for a head piece, or for the whole file; null if the fetch has ended, so that another must be made. */
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

    /** Has it go on from a file without anybody waiting for that; false if the fetch has ended. */
    synchronized boolean goOnFrom(UUID uuid) {
        asked = true;
        cursor = places.get(uuid);
        return !ended;
    }

    /**
     * Has it go on to all of the series without anybody waiting for that; null if the fetch has ended, so that another must be made.
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

    /** Whether somebody waits for any of it. Takes no lock. */
    boolean isWaitedFor() {
        return waitedFor;
    }

    /** Whether what follows is fetched before anybody waits for it. */
    boolean readsAhead() {
        return all || (readAhead && asked);
    }

    /**
     * The place to go on with, or −1 if nothing is left: then the fetch has ended.
     *
     * @param isHere whether all of a file is on this machine
     */
    synchronized int next(Predicate<MemberRow> isHere) {
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
            if (!given.contains(place) && !member.removed() && !isHere.test(member)) {
                return place;
            }
        }
        ended = true;
        return -1;
    }

    /** Whether somebody waits for its head, which therefore comes first. */
    synchronized boolean isHeadAsked(int place) {
        return heads.containsKey(place);
    }

    /** Whether somebody waits for a whole file that is not among these. */
    synchronized boolean isAskedOutside(int first, int last) {
        return wholes.keySet().stream().anyMatch(place -> place < first || place > last);
    }

    /**
     * Whether someone waits for what will not come soon if the request that ends with {@code last} goes on behind {@code done}.
     *
     * @param worthless so many bytes left of it are not worth another request
     * @param near what is no farther than that comes soon
     */
    synchronized boolean isAskedElsewhere(int done, int last, long worthless, long near) {
        if (!heads.isEmpty()) {
            return true;
        }
        long at = members.get(done).member().bodyOffset();
        long left = members.get(last).member().bodyOffset() - at;
        return wholes.keySet().stream()
                .anyMatch(place -> (place <= done || place > last)
                        ? left > worthless
                        : members.get(place).member().bodyOffset() - at > near);
    }

    /** Its head is here. */
    void giveHead(int place) {
        CompletableFuture<Void> head;
        synchronized (this) {
            head = heads.remove(place);
            relax();
        }
        complete(head, null);
    }

    /** All of it is here. */
    void give(int place) {
        settle(place, null);
    }

    /** No tier has this one right; others may be. */
    void refuse(int place, StrongroomException failure) {
        settle(place, failure);
    }

    private void settle(int place, StrongroomException failure) {
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

    /** Nothing more comes. */
    void fail(StrongroomException failure) {
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
    void failWholes(StrongroomException failure) {
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

    /** The fetch is over, however far it got. */
    synchronized void finish() {
        over.complete(Map.copyOf(wrong));
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
