package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.replica.Replicas;

/**
 * Fetches one series out of one pack, on one thread: what is asked for first, then whatever follows it, in few large requests. For whom is
 * its {@link Askers}' business.
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
    private final Askers askers;
    private final Replicas replicas;
    private final Arrivals arrivals;
    private final Gate gate;
    private final RunningTime time;
    /** Bytes that a tier gives in a second, as far as this fetch has seen. */
    private long perSecond;

    /** @param members all of one series, in the order of their bytes in the pack */
    SeriesFetch(
            PackRow pack,
            List<MemberRow> members,
            Askers askers,
            Replicas replicas,
            Arrivals arrivals,
            Gate gate,
            RunningTime time) {
        this.pack = pack;
        this.members = members;
        this.askers = askers;
        this.replicas = replicas;
        this.arrivals = arrivals;
        this.gate = gate;
        this.time = time;
    }

    /** Fetches until there is nothing left to do. */
    void run() {
        try {
            for (int next = askers.next(arrivals::isWhole); next >= 0; next = askers.next(arrivals::isWhole)) {
                step(next);
            }
        } catch (StrongroomException e) {
            askers.fail(e);
        } catch (IOException e) {
            askers.fail(StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                    .causedBy(e));
        } catch (RuntimeException | Error e) {
            askers.fail(
                    StrongroomException.of(FailureKind.BUG, "fetching failed").causedBy(e));
            throw e;
        } finally {
            askers.finish();
        }
    }

    private void step(int place) throws IOException {
        boolean headOnly = askers.isHeadAsked(place);
        if (arrivals.isWhole(members.get(place))) {
            askers.give(place);
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
                askers.failWholes(e);
                return;
            }
            if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.ARCHIVED) {
                throw e;
            }
            askers.refuse(place, e);
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
                    gate.giveWay(askers::isWaitedFor);
                    if (arrivals.hasHead(member)) {
                        in.skipNBytes(member.member().headLength());
                    } else if (takeHead(member, in, i == place)) {
                        taken.add(member);
                    } else {
                        continue;
                    }
                    askers.giveHead(i);
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
        while (askers.readsAhead()
                && last + 1 < members.size()
                && size < (askers.isAskedOutside(place, last + 1) ? Math.min(WINDOW, inOneRoundTrip()) : WINDOW)) {
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
                    waited[0] += gate.giveWay(askers::isWaitedFor);
                });
            }
            askers.give(i);
            perSecond = read[0] * 1_000 / Math.max(1, time.now().toMillis() - begun - waited[0]);
            if (askers.isAskedElsewhere(i, to, inOneRoundTrip(), Math.max(NEAR, 3 * perSecond))) {
                return;
            }
        }
    }

    private long inOneRoundTrip() {
        return perSecond * ROUND_TRIP / 1_000;
    }
}
