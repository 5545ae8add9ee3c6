package org.strongroom.sidecar.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.Status.Problem;
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

    /** Who reads that it is a bug does not look at the disk. */
    @Test
    void aDiskThatFailsIsNoBug() {
        Problems problems = new Problems();
        IOException noRoom = new FileSystemException("/home/run/x", null, "No space left on device");
        Round full = new Round("full", Duration.ofHours(1), problems, () -> {
            throw noRoom;
        });
        Round broken = new Round("broken", Duration.ofHours(1), problems, () -> {
            throw new IOException("Input/output error");
        });
        try (full;
                broken) {
            await().atMost(PATIENCE).until(() -> problems.standing().size() == 2);
        }
        Problem first = problems.byName().get("round/full");
        assertThat(first.kind()).isEqualTo(FailureKind.FULL);
        assertThat(first.message()).contains("\"full\"", "/home/run/x");
        assertThat(first.cure()).startsWith("Free space");
        assertThat(problems.byName().get("round/broken").kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(problems.byName().get("round/broken").cure()).contains("kernel log");
    }

    /** A machine that has no thread or no stack left for a moment must not stop shipping for ever, and nobody the wiser. */
    @Test
    void anErrorEndsNoRound() {
        Problems problems = new Problems();
        AtomicBoolean well = new AtomicBoolean();
        try (Round round = new Round("deep", Duration.ofHours(1), problems, () -> !well.get() && depth(1) > 0)) {
            await().atMost(PATIENCE).until(() -> problems.byName().containsKey("round/deep"));
            assertThat(problems.byName().get("round/deep").message()).contains("StackOverflowError");
            well.set(true);
            round.tryAgain();
            await().atMost(PATIENCE).until(() -> problems.standing().isEmpty());
        }
    }

    private static long depth(long at) {
        return at == 0 ? 0 : 1 + depth(at + 1);
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
