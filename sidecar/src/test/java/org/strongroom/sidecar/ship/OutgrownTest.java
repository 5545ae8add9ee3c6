package org.strongroom.sidecar.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutgrownTest {
    private final Outgrown outgrown = new Outgrown();

    private boolean is(long left, int second) {
        return outgrown.is(left, 100, Duration.ofDays(3).plusSeconds(second));
    }

    @Test
    void aPartIsOutgrownWhenAQuarterOfAMinuteLongTwiceAsMuchIsLeftAsAPartHasNow() {
        assertThat(is(200, 0)).isFalse();
        assertThat(is(200, 14)).isFalse();
        assertThat(is(200, 15)).isTrue();
    }

    @Test
    void whatIsNearlyThroughIsNot() {
        assertThat(is(199, 0)).isFalse();
        assertThat(is(199, 3600)).isFalse();
    }

    /** Somebody turns the limit down and up again all the time. */
    @Test
    void aLimitThatIsUpAgainSoonBreaksNothingOff() {
        for (int second = 0; second < 3600; second += 10) {
            assertThat(outgrown.is(1_000, second % 20 == 0 ? 100 : 1_000, Duration.ofSeconds(second)))
                    .isFalse();
        }
    }
}
