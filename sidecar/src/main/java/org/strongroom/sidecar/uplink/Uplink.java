package org.strongroom.sidecar.uplink;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/**
 * Gives leave to send, slice by slice: to the most urgent first, to those of one urgency in turn, to all together never more than the
 * timetable allows. A part that was begun goes on beside more urgent ones, because a store gives up a silent line; no less urgent
 * part is begun beside them. Thread-safe.
 */
public final class Uplink {
    /** A waiting thread looks so often; a slice is what goes in this time. */
    private static final Duration SLICE = Duration.ofMillis(20);
    /** Who sent within this time still has the line: between two parts there is a pause. */
    private static final Duration LINGER = Duration.ofSeconds(1);
    /** Sending pauses for readers, but a store takes a longer silence for a broken line. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** By so much wall clock and running time differ only if somebody set the clock. */
    private static final Duration CLOCK_WAS_SET = Duration.ofMinutes(1);
    /** Readers who get nothing for so long wait for a store that perhaps never answers: the others are not to wait for it as well. */
    private static final Duration FRUITLESS = Duration.ofSeconds(30);
    /** Of one slice: what goes to a socket at once. */
    private static final int LARGEST = 1 << 16;

    private final Timetable settings;
    private final InstantSource clock;
    private final RunningTime time;
    private final Sleeper sleeper;
    private final Pace pace = new Pace();
    private final PriorityQueue<Turn> waiting = new PriorityQueue<>();
    private final Recent recent = new Recent();
    private final Map<Priority, Duration> lastSent = new EnumMap<>(Priority.class);
    private final ThreadLocal<Duration> held = ThreadLocal.withInitial(() -> Duration.ZERO);
    private Optional<Temporary> temporary = Optional.empty();
    private long turns;
    private int reading;
    private Duration gaveWay = Duration.ZERO;
    private Duration looked = Duration.ZERO;
    /** Until when sending gives way to those who read. */
    private Duration giveWayUntil = Duration.ZERO;
    /** Whether a reader got something since sending began to give way. */
    private boolean fruitful = true;

    private Duration readUntil = Duration.ZERO;

    public Uplink(Timetable timetable, InstantSource clock, RunningTime time, Sleeper sleeper) {
        this.settings = timetable;
        this.clock = clock;
        this.time = time;
        this.sleeper = sleeper;
    }

    /** One without a limit, for trials of a tier. */
    public static Uplink unlimited() {
        return new Uplink(
                Timetable.always(Rate.UNLIMITED), InstantSource.system(), RunningTime.system(), Sleeper.SYSTEM);
    }

    /** @param since when it began to wait */
    private record Turn(Priority priority, long number, Duration since) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int urgency = priority.compareTo(other.priority);
            return urgency == 0 ? Long.compare(number, other.number) : urgency;
        }
    }

    /**
     * A limit for a while.
     *
     * @param until by the wall clock, as far as that is known to be right
     * @param end the same by the time that this process runs
     */
    private record Temporary(Rate limit, Instant until, Duration end, Timetable timetable) {}

    /** What holds now: that of the settings, behind {@link #limit(Rate, Instant)}. */
    public Timetable timetable() {
        return temporary().map(Temporary::timetable).orElse(settings);
    }

    /** Until when there is another limit than that of the settings; empty if there is none. */
    public Optional<Instant> until() {
        return temporary().map(Temporary::until);
    }

    /** Whoever orders two hours means two hours: a clock that is set makes neither years nor a moment of them. */
    private synchronized Optional<Temporary> temporary() {
        if (temporary.isEmpty()) {
            return temporary;
        }
        Temporary now = temporary.get();
        Duration left = now.end.minus(time.now());
        if (left.isNegative() || left.isZero()) {
            return Optional.empty();
        }
        Instant until = clock.instant().plus(left);
        if (Duration.between(until, now.until).abs().compareTo(CLOCK_WAS_SET) <= 0) {
            return temporary;
        }
        temporary = Optional.of(new Temporary(now.limit, until, now.end, settings.after(now.limit, until)));
        return temporary;
    }

    /** That of the settings. */
    public Timetable settings() {
        return settings;
    }

    /** Another limit holds at once, for as long as it is until then. */
    public synchronized void limit(Rate limit, Instant until) {
        Duration end = time.now().plus(Duration.between(clock.instant(), until));
        temporary = Optional.of(new Temporary(limit, until, end, settings.after(limit, until)));
    }

    /** That of the settings holds again, at once. */
    public synchronized void back() {
        temporary = Optional.empty();
    }

    /** Bytes in a second over the last seconds, of those priorities that sent any. */
    public synchronized Map<Priority, Long> sending() {
        return recent.perSecond(time.now());
    }

    /** Whether bulk may be sent at all, now. */
    public boolean isOpen() {
        return !limit().isOff();
    }

    /** What may be sent in a second, now. */
    public Rate limit() {
        return timetable().at(clock.instant());
    }

    /** Readers wait for a tier, or (negative) do so no more: sending gives way. */
    public synchronized void reading(int change) {
        reckon();
        boolean isRested = looked.minus(readUntil).compareTo(FRUITLESS) >= 0;
        if (reading == 0 && (fruitful || isRested)) { // else it is tried again and again what nothing comes of
            giveWayUntil = looked.plus(FRUITLESS);
            fruitful = false;
        }
        reading += change;
        readUntil = looked;
    }

    /** A reader who waits for a tier got something of it. */
    public synchronized void arrived() {
        reckon();
        giveWayUntil = looked.plus(FRUITLESS);
        fruitful = true;
    }

    private void reckon() {
        gaveWay = gaveWay();
        looked = time.now();
    }

    /** Whether readers wait for a tier that gives them something. */
    public synchronized boolean isAwaited() {
        return reading > 0 && time.now().compareTo(giveWayUntil) < 0;
    }

    /** For how long readers were waited for since the start. */
    public synchronized Duration gaveWay() {
        Duration now = time.now();
        Duration end = now.compareTo(giveWayUntil) < 0 ? now : giveWayUntil;
        return reading > 0 && end.compareTo(looked) > 0 ? gaveWay.plus(end).minus(looked) : gaveWay;
    }

    /** For how long the calling thread had to wait for its turn to begin, or for a timetable that lets nothing through. */
    public Duration held() {
        return held.get();
    }

    private void hold() {
        Duration since = time.now();
        sleep(SLICE);
        held.set(held.get().plus(time.now()).minus(since));
    }

    /**
     * Waits, while others send: the calling thread would not get through now.
     *
     * @throws StrongroomException as {@link #take}
     */
    public void rest(Duration pause) {
        sleep(pause);
    }

    /** Waits until the calling thread may begin another part. */
    public void begin() {
        Priority mine = Priority.current();
        while (!mayBegin(mine)) {
            hold();
        }
    }

    private synchronized boolean mayBegin(Priority mine) {
        if (mine == Priority.CLINICAL) {
            return true;
        }
        Duration now = time.now();
        for (Priority other : Priority.values()) {
            Duration last = lastSent.get(other);
            if (other.compareTo(mine) < 0 && last != null && now.minus(last).compareTo(LINGER) < 0) {
                return false;
            }
        }
        return !limit().isOff() && (waiting.isEmpty() || waiting.peek().priority.compareTo(mine) >= 0);
    }

    /**
     * Waits until the calling thread may send some of the {@code most} bytes it has.
     *
     * @return how many, at least 1
     * @throws StrongroomException UNAVAILABLE if it is interrupted
     */
    public int take(int most) {
        Priority mine = Priority.current();
        Turn turn;
        synchronized (this) {
            turn = new Turn(mine, turns++, time.now());
            waiting.add(turn);
        }
        try {
            while (true) {
                Duration pause;
                boolean off;
                synchronized (this) {
                    Duration now = time.now();
                    long perSecond = limit().bytesPerSecond();
                    off = perSecond == 0;
                    int bytes = Math.min(most, slice(perSecond));
                    pause = pause(turn, bytes, perSecond, now);
                    if (pause.isZero()) {
                        granted(mine, bytes, perSecond, now);
                        return bytes;
                    }
                }
                if (off) {
                    hold();
                } else {
                    sleep(pause.compareTo(SLICE) < 0 ? pause : SLICE);
                }
            }
        } finally {
            synchronized (this) {
                waiting.remove(turn);
            }
        }
    }

    /**
     * Waits until all of these bytes may go: those of a message that leaves in one piece.
     *
     * @throws StrongroomException as {@link #take}
     */
    public void spend(int bytes) {
        for (int left = bytes; left > 0; ) {
            left -= take(left);
        }
    }

    private static int slice(long perSecond) {
        return perSecond == 0 ? LARGEST : (int) Math.min(LARGEST, perSecond / (1_000 / SLICE.toMillis()));
    }

    private Duration pause(Turn turn, int bytes, long perSecond, Duration now) {
        boolean urgent = turn.priority == Priority.CLINICAL;
        if (!urgent && (perSecond == 0 || (isAwaited() && !isOverdue(turn, now)))) {
            return SLICE;
        }
        if (perSecond == 0 || perSecond == Long.MAX_VALUE) {
            return Duration.ZERO;
        }
        Duration pause = pace.pause(bytes, perSecond, now);
        return pause.isZero() && !turn.equals(first(now)) ? SLICE : pause;
    }

    /** The most urgent, unless another one has been silent for so long that its store would give it up: one slice, then. */
    private Turn first(Duration now) {
        return waiting.stream()
                .filter(turn -> isOverdue(turn, now))
                .min(Comparator.comparing(Turn::since).thenComparing(Turn::number))
                .orElseGet(waiting::peek);
    }

    private static boolean isOverdue(Turn turn, Duration now) {
        return now.minus(turn.since).compareTo(LONGEST_PAUSE) >= 0;
    }

    private void granted(Priority mine, int bytes, long perSecond, Duration now) {
        lastSent.put(mine, now);
        recent.add(mine, bytes, now);
        if (perSecond != 0 && perSecond != Long.MAX_VALUE) {
            pace.spend(bytes, now);
        }
    }

    private void sleep(Duration pause) {
        try {
            sleeper.sleep(pause.plusMillis(1).truncatedTo(ChronoUnit.MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "stopped while waiting for the line")
                    .causedBy(e);
        }
    }
}
