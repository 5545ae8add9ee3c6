package org.strongroom.sidecar.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.problem.Problems;

class RoundTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void eachFailureDoublesThePauseUpToFiveMinutes() {
        Duration second = Duration.ofSeconds(1);
        assertThat(Round.pauseAfter(second, 0)).isEqualTo(second);
        assertThat(Round.pauseAfter(second, 3)).hasSeconds(8);
        assertThat(Round.pauseAfter(Duration.ofSeconds(30), 6)).hasMinutes(5);
    }

    @Test
    void whatComesRoundSeldomDoesNotComeMoreSeldomAfterAFailure() {
        assertThat(Round.pauseAfter(Duration.ofHours(1), 0)).hasHours(1);
        assertThat(Round.pauseAfter(Duration.ofHours(1), 6)).hasHours(1);
    }

    @Test
    void aFailureIsAProblemUntilTheRoundIsTriedAgainAndSucceeds() {
        Problems problems = new Problems();
        AtomicBoolean well = new AtomicBoolean();
        try (Round round = new Round("trial", Duration.ofHours(1), problems, () -> {
            if (!well.get()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the store is away");
            }
            return false;
        })) {
            await().atMost(PATIENCE).until(() -> problems.byName().containsKey("round/trial"));
            well.set(true);
            round.tryAgain();
            await().atMost(PATIENCE).until(() -> problems.standing().isEmpty());
        }
    }
}
