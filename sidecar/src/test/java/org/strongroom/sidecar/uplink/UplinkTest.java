package org.strongroom.sidecar.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.DayTime;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TimetableSettings;
import org.strongroom.core.settings.UplinkSettings;
import org.strongroom.core.settings.WeekDays;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/** Time stands still unless somebody sleeps. */
class UplinkTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-25T00:00:00Z");

    private final Random random = new Random(7);
    private final List<Sent> sent = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private Duration late = Duration.ZERO;

    private record Sent(Duration at, long bytes) {}

    private Uplink uplink(Timetable table) {
        return new Uplink(table, () -> MIDNIGHT.plus(now), () -> now, this::sleep);
    }

    private void sleep(Duration pause) {
        now = now.plus(pause).plusNanos((long) (late.toNanos() * random.nextDouble()));
    }

    private void send(Uplink uplink, Duration until) {
        while (now.compareTo(until) < 0) {
            int bytes = uplink.take(1 << 14);
            sent.add(new Sent(now, bytes));
        }
    }

    private long between(Duration from, Duration to) {
        return sent.stream()
                .filter(each -> each.at.compareTo(from) > 0 && each.at.compareTo(to) <= 0)
                .mapToLong(Sent::bytes)
                .sum();
    }

    private long worstSecond() {
        return sent.stream()
                .mapToLong(each -> between(each.at.minusSeconds(1), each.at))
                .max()
                .orElseThrow();
    }

    @Test
    void no_second_has_more_than_the_limit_and_nearly_all_of_it_is_used() {
        for (String limit : List.of("8 kbit/s", "512 kbit/s", "10 Mbit/s")) {
            for (int lateness : new int[] {0, 3, 40}) {
                sent.clear();
                late = Duration.ofMillis(lateness);
                Rate rate = Rate.parse(limit);
                Duration begun = now;
                send(uplink(Timetable.always(rate)), begun.plusSeconds(60));
                assertThat(worstSecond()).isLessThanOrEqualTo(rate.bytesPerSecond());
                assertThat(between(begun.minusSeconds(1), begun.plusSeconds(60)))
                        .as("%s, up to %s ms late", limit, lateness)
                        .isGreaterThan((long) (0.95 * 60 * rate.bytesPerSecond()));
            }
        }
    }

    @Test
    void the_line_is_used_evenly_within_a_second() {
        Rate rate = Rate.parse("10 Mbit/s");
        send(uplink(Timetable.always(rate)), Duration.ofMillis(950));
        for (int from = 100; from < 800; from += 100) {
            assertThat(between(Duration.ofMillis(from), Duration.ofMillis(from + 100)))
                    .isBetween(rate.bytesPerSecond() / 20, rate.bytesPerSecond() / 7);
        }
    }

    @Test
    void a_new_limit_holds_at_once() {
        Rate day = Rate.parse("256 kbit/s");
        TimetableSettings line = new TimetableSettings(WeekDays.parse("daily"), new DayTime(1), new DayTime(2), day);
        Timetable table = new Timetable(
                new UplinkSettings(Rate.parse("10 Mbit/s"), List.of(line), Optional.empty()), ZoneId.of("UTC"));
        send(uplink(table), Duration.ofSeconds(150));
        for (int second = 60; second < 119; second++) {
            assertThat(between(Duration.ofSeconds(second), Duration.ofSeconds(second + 1)))
                    .isLessThanOrEqualTo(day.bytesPerSecond());
        }
        assertThat(between(Duration.ofSeconds(121), Duration.ofSeconds(122))).isGreaterThan(1_000_000);
    }

    @Test
    void another_limit_for_a_while_holds_at_once_and_ends() {
        Rate little = Rate.parse("256 kbit/s");
        Uplink uplink = uplink(Timetable.always(Rate.parse("10 Mbit/s")));
        send(uplink, Duration.ofSeconds(10));
        uplink.limit(little, MIDNIGHT.plusSeconds(20));
        send(uplink, Duration.ofSeconds(18));
        for (int second = 10; second < 17; second++) {
            assertThat(between(Duration.ofSeconds(second), Duration.ofSeconds(second + 1)))
                    .isLessThanOrEqualTo(little.bytesPerSecond());
        }
        assertThat(uplink.sending())
                .hasEntrySatisfying(Priority.CLINICAL, bytes -> assertThat(bytes)
                        .isBetween(little.bytesPerSecond() * 9 / 10, little.bytesPerSecond()))
                .hasSize(1);
        send(uplink, Duration.ofSeconds(25));
        assertThat(between(Duration.ofSeconds(22), Duration.ofSeconds(23))).isGreaterThan(1_000_000);
        uplink.limit(little, MIDNIGHT.plusSeconds(99));
        uplink.back();
        send(uplink, Duration.ofSeconds(30));
        assertThat(between(Duration.ofSeconds(27), Duration.ofSeconds(28))).isGreaterThan(1_000_000);
        now = now.plusSeconds(7);
        assertThat(uplink.sending()).isEmpty();
    }

    @Test
    void off_stops_bulk_but_not_what_a_person_waits_for() throws IOException {
        Uplink uplink = new Uplink(Timetable.always(Rate.OFF), () -> MIDNIGHT, () -> now, pause -> {
            throw new InterruptedException("it waits");
        });
        assertThat(uplink.isOpen()).isFalse();
        assertThat(uplink.take(100)).isEqualTo(100);
        Priority.NEW.during(() -> {
            assertThatThrownBy(() -> uplink.take(100)).hasMessageContaining("waiting for the line");
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(uplink::begin).hasMessageContaining("waiting for the line");
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(() -> uplink.rest(Duration.ofSeconds(1))).hasMessageContaining("waiting for the line");
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    @Test
    void bulk_gives_way_to_readers_but_never_falls_silent_for_long() throws IOException {
        Uplink uplink = uplink(Timetable.always(Rate.UNLIMITED));
        uplink.reading(1);
        Priority.NEW.during(() -> send(uplink, Duration.ofSeconds(16)));
        assertThat(sent).hasSize(4);
        assertThat(uplink.gaveWay()).isGreaterThan(Duration.ofSeconds(15));
        uplink.reading(-1);
        Duration before = uplink.gaveWay();
        Priority.NEW.during(() -> uplink.take(100));
        assertThat(uplink.gaveWay()).isEqualTo(before);
    }

    /** Who waits for a tier that hangs must not keep from the other tiers what they are to get. */
    @Test
    void bulk_gives_way_for_half_a_minute_to_readers_who_get_nothing() throws IOException {
        Uplink uplink = uplink(Timetable.always(Rate.parse("512 kbit/s")));
        uplink.reading(1);
        uplink.reading(1);
        Priority.NEW.during(() -> send(uplink, Duration.ofSeconds(60)));
        assertThat(between(Duration.ZERO, Duration.ofSeconds(30))).isLessThan(10_000);
        assertThat(between(Duration.ofSeconds(31), Duration.ofSeconds(60))).isGreaterThan(29 * 60_000);
        assertThat(uplink.isAwaited()).isFalse();
        assertThat(uplink.gaveWay()).isEqualTo(Duration.ofSeconds(30));

        uplink.arrived(); // it answers after all
        assertThat(uplink.isAwaited()).isTrue();
        Duration answered = now;
        Priority.NEW.during(() -> send(uplink, answered.plusSeconds(20)));
        assertThat(between(answered, now)).isLessThan(10_000);
        assertThat(uplink.gaveWay()).isEqualTo(now.minus(answered).plusSeconds(30));
        uplink.reading(-1);
        uplink.reading(-1);
        assertThat(uplink.isAwaited()).isFalse();
        uplink.reading(1);
        assertThat(uplink.isAwaited())
                .as("another one may have a tier that answers")
                .isTrue();
    }

    /** A viewer asks again when it was told that a tier does not answer, within seconds. */
    @Test
    void the_half_minute_does_not_begin_anew_with_each_try() throws IOException {
        Uplink uplink = uplink(Timetable.always(Rate.parse("512 kbit/s")));
        for (int attempt = 0; attempt < 6; attempt++) {
            uplink.reading(1);
            Duration given = now.plusSeconds(10);
            Priority.NEW.during(() -> send(uplink, given));
            uplink.reading(-1);
        }
        assertThat(between(Duration.ofSeconds(31), Duration.ofSeconds(60))).isGreaterThan(28 * 60_000);
        now = now.plusSeconds(31);
        uplink.reading(1);
        assertThat(uplink.isAwaited()).as("a while later it may answer").isTrue();
    }

    @Test
    void nothing_less_urgent_is_begun_beside_what_is_urgent() throws IOException {
        Uplink uplink = uplink(Timetable.always(Rate.UNLIMITED));
        Priority.NEW.during(() -> uplink.take(100));
        Duration begun = now;
        Priority.NEW.during(uplink::begin);
        Priority.STAT.during(uplink::begin);
        assertThat(now).isEqualTo(begun);
        Priority.OLD.during(uplink::begin);
        assertThat(now).isGreaterThanOrEqualTo(begun.plusSeconds(1));
        Priority.SCRUB.during(uplink::begin);
        assertThat(now).isLessThan(begun.plusSeconds(2));
    }

    @Test
    void the_most_urgent_of_those_who_wait_goes_first() throws Exception {
        List<Priority> order = Collections.synchronizedList(new ArrayList<>());
        Set<Thread> waiting = ConcurrentHashMap.newKeySet();
        AtomicReference<Instant> clock = new AtomicReference<>(MIDNIGHT);
        TimetableSettings closed =
                new TimetableSettings(WeekDays.parse("daily"), new DayTime(0), new DayTime(1), Rate.OFF);
        Timetable table = new Timetable(
                new UplinkSettings(new Rate(10_000), List.of(closed), Optional.empty()), ZoneId.of("UTC"));
        Uplink uplink = new Uplink(table, clock::get, RunningTime.system(), pause -> {
            waiting.add(Thread.currentThread());
            Sleeper.SYSTEM.sleep(pause);
        });
        List<Thread> threads = new ArrayList<>();
        for (Priority priority : List.of(Priority.SCRUB, Priority.OLD, Priority.NEW, Priority.STAT)) {
            Thread thread = new Thread(() -> send(uplink, priority, 20, order));
            threads.add(thread);
            thread.start();
        }
        while (waiting.size() < threads.size()) {
            Thread.sleep(5);
        }
        clock.set(MIDNIGHT.plusSeconds(60));
        for (Thread thread : threads) {
            thread.join(60_000);
        }
        assertThat(order).hasSize(80);
        assertThat(order.lastIndexOf(Priority.STAT)).isLessThan(order.lastIndexOf(Priority.OLD));
        assertThat(order.lastIndexOf(Priority.NEW)).isLessThan(order.lastIndexOf(Priority.SCRUB));
        assertThat(order.lastIndexOf(Priority.OLD)).isLessThan(order.lastIndexOf(Priority.SCRUB));
    }

    private static void send(Uplink uplink, Priority priority, int slices, List<Priority> order) {
        try {
            priority.during(() -> {
                for (int i = 0; i < slices; i++) {
                    uplink.take(200);
                    order.add(priority);
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_part_that_was_begun_is_not_silent_for_long_beside_more_urgent_ones_under_a_limit() throws Exception {
        RunningTime system = RunningTime.system();
        RunningTime fast = () -> system.now().multipliedBy(20);
        Uplink uplink = new Uplink(
                Timetable.always(new Rate(50_000)),
                () -> MIDNIGHT,
                fast,
                pause -> Sleeper.SYSTEM.sleep(pause.dividedBy(20).plusMillis(1)));
        Duration end = fast.now().plusSeconds(40);
        List<Thread> urgent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            urgent.add(new Thread(() -> {
                while (fast.now().compareTo(end) < 0) {
                    send(uplink, Priority.STAT, 1, new ArrayList<>());
                }
            }));
        }
        urgent.forEach(Thread::start);
        List<Priority> slow = new ArrayList<>();
        send(uplink, Priority.REPLICATION, 3, slow);
        assertThat(slow).hasSize(3);
        assertThat(fast.now()).as("each within some seconds").isLessThan(end);
        for (Thread thread : urgent) {
            thread.join();
        }
    }
}
