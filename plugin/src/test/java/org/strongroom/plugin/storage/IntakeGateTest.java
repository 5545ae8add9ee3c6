package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.IntakePause;

/** Intake waits for a copy of the index, and never longer than was promised. */
class IntakeGateTest {
    @TempDir
    Path folder;

    private Home home;
    private Duration now = Duration.ofDays(3);
    /** What happens when so long was waited. */
    private Duration end = Duration.ofDays(365);

    private IntakePause pause;
    private IntakeGate gate;

    @BeforeEach
    void open() throws IOException {
        home = new Home(folder);
        Files.createDirectories(home.run());
        gate = new IntakeGate(home, () -> now, length -> {
            now = now.plus(length);
            if (now.compareTo(end) >= 0) {
                try {
                    pause.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
    }

    private Duration waited() {
        Duration begun = now;
        gate.await();
        return now.minus(begun);
    }

    @Test
    void withoutAPauseNothingWaits() {
        assertThat(waited()).isZero();
    }

    @Test
    void aPauseIsWaitedForToItsEnd() throws IOException {
        pause = IntakePause.begin(home);
        end = now.plusSeconds(4);
        assertThat(waited()).isEqualTo(Duration.ofSeconds(4));
        assertThat(waited()).isZero();
    }

    /** Whoever began it was killed. */
    @Test
    void oneThatDoesNotEndIsWaitedForOnceAndNoLongerThanWasPromised() throws IOException {
        pause = IntakePause.begin(home);
        assertThat(waited()).isEqualTo(IntakePause.LONGEST);
        assertThat(waited()).as("the next image").isZero();
        pause = IntakePause.begin(home);
        assertThat(waited()).as("another pause").isEqualTo(IntakePause.LONGEST);
    }

    @Test
    void whoComesLateWaitsForTheRestOnly() throws IOException {
        pause = IntakePause.begin(home);
        end = now.plusSeconds(10);
        Duration begun = now;
        gate.await();
        now = begun.plusSeconds(28);
        pause = IntakePause.begin(home);
        end = now.plusSeconds(1);
        assertThat(waited()).isEqualTo(Duration.ofSeconds(1));
    }
}
