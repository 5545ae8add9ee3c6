package org.strongroom.sidecar.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.KitFile;
import org.strongroom.sidecar.problem.Problems;

class KitWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    private Home home;
    private Instant now = START;
    private final Problems problems = new Problems();
    private KitWatch watch;

    @BeforeEach
    void install() throws IOException {
        home = new Home(folder);
        new Installation(UUID.randomUUID(), START, new byte[32], new byte[32]).write(home.installation());
        watch = new KitWatch(home, YEAR, problems, () -> now);
    }

    private void after(int days, String... messages) {
        now = START.plus(Duration.ofDays(days));
        watch.look();
        assertThat(problems.standing()).extracting(Problem::message).hasSize(messages.length);
        for (int i = 0; i < messages.length; i++) {
            Problem problem = problems.standing().get(i);
            assertThat(problem.message()).contains(messages[i]);
            assertThat(problem.cure()).contains("strongroom kit");
        }
    }

    @Test
    void whoHasNoKitIsRemindedAfterAMonth() {
        after(0);
        after(30);
        after(31, "there is no recovery kit");
    }

    @Test
    void aKitThatWasMadeIsToBeProvenWithinAWeekAndThenEveryYear() throws IOException {
        KitFile kit = new KitFile("K123", 5, 3, START.plus(Duration.ofDays(40)), null, null);
        after(41, "there is no recovery kit");
        kit.write(home.kit());
        after(41);
        after(47);
        after(48, "K123 was never proven");

        KitFile proven = kit.proven(START.plus(Duration.ofDays(50)), "offsite");
        proven.write(home.kit());
        after(50);
        after(50 + 365);
        after(51 + 365, "K123 was last proven on 2026-02-20");

        proven.proven(now, "offsite").write(home.kit());
        after(52 + 365);
    }

    @Test
    void aNoteThatCannotBeReadIsNoProof() throws IOException {
        Files.writeString(home.kit(), "{");
        after(1, "kit.json in Home cannot be read");
    }
}
