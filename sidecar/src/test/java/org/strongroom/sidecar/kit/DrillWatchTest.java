package org.strongroom.sidecar.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Drills;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.sidecar.problem.Problems;

class DrillWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Optional<Duration> QUARTER = Optional.of(Duration.ofDays(90));

    @TempDir
    Path folder;

    private Home home;
    private Instant now = START;
    private final Problems problems = new Problems();

    @BeforeEach
    void install() throws IOException {
        home = new Home(folder);
        new Installation(UUID.randomUUID(), START, new byte[32], new byte[32]).write(home.installation());
    }

    private void after(int days, Optional<Duration> every, String... messages) throws IOException {
        now = START.plus(Duration.ofDays(days));
        new DrillWatch(home, List.of("far", "near"), every, problems, () -> now).look();
        assertThat(problems.standing()).extracting(Problem::message).hasSize(messages.length);
        for (int i = 0; i < messages.length; i++) {
            Problem problem = problems.standing().get(i);
            assertThat(problem.message()).contains(messages[i]);
            assertThat(problem.cure()).contains("strongroom drill");
        }
    }

    private void drilled(String tier, int day, String reason) throws IOException {
        Instant ended = START.plus(Duration.ofDays(day));
        DrillResult result = new DrillResult(
                ended, reason == null, null, "kit", null, null, null, null, 1, 2, reason == null ? 0 : 1, reason);
        Drills.read(home.drills()).with(tier, result).write(home.drills());
    }

    @Test
    void whoWantsToBeRemindedIsForEachTier() throws IOException {
        after(90, QUARTER);
        after(91, QUARTER, "from tier far was never tried", "from tier near was never tried");
        drilled("near", 91, null);
        after(92, QUARTER, "from tier far was never tried");
        drilled("far", 92, null);
        after(93, QUARTER);
        after(182, QUARTER, "from tier near was last proven on 2026-04-02");
        drilled("near", 182, null);
        after(182, QUARTER);
    }

    @Test
    void nobodyElseIsButOfOneThatFailed() throws IOException {
        after(5_000, Optional.empty());
        drilled("far", 5_000, "one image does not open");
        after(5_001, Optional.empty(), "from tier far failed: one image does not open");
        drilled("gone", 5_000, "this tier is not in the settings any more");
        drilled("far", 5_001, null);
        after(5_002, Optional.empty());
    }

    @Test
    void aNoteThatCannotBeReadIsNoProof() throws IOException {
        Files.writeString(home.drills(), "{");
        after(1, Optional.empty(), "drills.json in Home cannot be read");
        Files.delete(home.drills());
        after(1, Optional.empty());
    }
}
