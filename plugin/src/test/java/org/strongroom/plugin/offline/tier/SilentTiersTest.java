package org.strongroom.plugin.offline.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

class SilentTiersTest {
    private int minute;
    private FailureKind failing = FailureKind.UNAVAILABLE;
    private final List<Integer> asked = new ArrayList<>();
    private final SilentTiers silent = new SilentTiers(() -> Duration.ofMinutes(minute));
    private final ByteSource object = silent.listening("far", ByteSource.of(1, (position, target, offset, length) -> {
        asked.add(minute);
        if (failing != null) {
            throw StrongroomException.of(failing, "minute " + minute);
        }
    }));

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> object.read(0, 1));
        }
    }

    @Test
    void whoStaysSilentIsAskedLessAndLessOftenButAtLeastEachHalfHour() {
        for (minute = 0; minute < 100; minute++) {
            fail(1);
        }
        assertThat(asked).containsExactly(0, 1, 2, 7, 17, 37, 67, 97);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> object.read(0, 1))
                .withMessageContaining("minute 97");
    }

    @Test
    void othersAreAskedBeforeWhoWasSilentALittleWhileAgo() {
        assertThat(silent.contains("far")).isFalse();
        fail(1);
        assertThat(silent.contains("far")).isTrue();
        minute = 5;
        assertThat(silent.contains("far")).isFalse();
    }

    @Test
    void whoAnswersIsAskedAsUsual() throws IOException {
        fail(3);
        minute = 5;
        failing = null;
        object.read(0, 1);
        failing = FailureKind.NOT_FOUND; // an answer as well
        fail(5);
        failing = FailureKind.UNAVAILABLE;
        fail(3);
        assertThat(asked).hasSize(3 + 1 + 5 + 3);
        fail(1);
        assertThat(asked).as("left alone").hasSize(3 + 1 + 5 + 3);
    }
}
