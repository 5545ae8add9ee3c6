package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NamedFailuresTest {
    private Duration now = Duration.ZERO;
    private final NamedFailures failures = new NamedFailures(() -> now);

    @Test
    void theFirstOfEachTenMinutesAreNamed() {
        for (int outage = 0; outage < 3; outage++) {
            for (int i = 0; i < NamedFailures.MOST; i++) {
                assertThat(failures.isNamed()).as("one of a few").isTrue();
            }
            assertThat(failures.isNamed()).isFalse();
            now = now.plus(NamedFailures.WITHIN).minusMillis(1);
            assertThat(failures.isNamed()).as("not yet").isFalse();
            now = now.plusMillis(1);
        }
    }
}
