package org.strongroom.sidecar.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyPaceTest {
    private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
    private final AtomicBoolean awaited = new AtomicBoolean();
    private final AtomicLong perSecond = new AtomicLong(1_000_000);
    private final SteadyPace pace = new SteadyPace(
            perSecond::get, awaited::get, now::get, pause -> now.set(now.get().plus(pause)));

    private Duration passed(int times) throws IOException {
        Duration begun = now.get();
        for (int i = 0; i < times; i++) {
            pace.passed(100_000);
        }
        return now.get().minus(begun);
    }

    @Test
    void a_rate_is_held_also_when_it_changes() throws Exception {
        assertThat(passed(10)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
        perSecond.set(100_000);
        assertThat(passed(10)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
    }

    @Test
    void a_slow_moment_is_not_owed_for_when_it_is_over() throws Exception {
        perSecond.set(1);
        assertThat(passed(3)).isEqualTo(Duration.ofSeconds(15));
        perSecond.set(1_000_000);
        assertThat(passed(10)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void while_somebody_waits_one_piece_is_read_every_five_seconds() throws Exception {
        awaited.set(true);
        assertThat(passed(10)).isGreaterThanOrEqualTo(Duration.ofSeconds(50));
        awaited.set(false);
        assertThat(passed(10)).isLessThan(Duration.ofSeconds(2));
    }
}
