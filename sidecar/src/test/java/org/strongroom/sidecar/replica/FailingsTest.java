package org.strongroom.sidecar.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailingsTest {
    private Duration now = Duration.ofDays(1);
    private final Failings failings = new Failings(() -> now);

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void a_failure_is_remembered_and_then_forgotten() {
        failings.failed("near");
        pass(Failings.FIRST.minusSeconds(1));
        assertThat(failings.isRemembered("near")).isTrue();
        assertThat(failings.isRemembered("far")).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(failings.isRemembered("near")).isFalse();
    }

    @Test
    void one_that_fails_again_is_remembered_longer_up_to_an_end() {
        for (int i = 0; i < 10; i++) {
            failings.failed("near");
            pass(Failings.FIRST);
            assertThat(failings.isRemembered("near")).isEqualTo(i > 0);
            pass(Failings.LONGEST);
            assertThat(failings.isRemembered("near")).isFalse();
        }
    }

    @Test
    void readers_that_fail_together_are_one_failure() {
        failings.failed("near");
        failings.failed("near");
        failings.failed("near");
        pass(Failings.FIRST);
        assertThat(failings.isRemembered("near")).isFalse();
    }

    @Test
    void success_is_believed() {
        failings.failed("near");
        failings.served("near");
        assertThat(failings.isRemembered("near")).isFalse();
    }
}
