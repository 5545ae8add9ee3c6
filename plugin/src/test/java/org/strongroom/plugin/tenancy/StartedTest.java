package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.Started.Coming;

class StartedTest {
    private static final String ONE = "00000000-0000-0000-0000-000000000001";
    private static final Set<UUID> P1 = StudyTenants.patientsNamed("P1");
    private static final Coming NORTHS = new Coming("north", P1, Set.of());

    private static final String TWO = "00000000-0000-0000-0000-000000000002";

    private final AtomicReference<List<Started.Job>> written = new AtomicReference<>(List.of());
    private final Started started = new Started(List.of(), written::set, InstantSource.system());
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void whoStartedAJobAndWhoseItsStudiesAreIsKnownAfterARestart() throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        try (Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC())) {
            Started written = Started.open(home.login(), keyring, InstantSource.system());
            written.started(written.expect("jane", NORTHS, job -> false), ONE);
            written.query(ONE, "jane");
            Started again = Started.open(home.login(), keyring, InstantSource.system());
            assertThat(again.starter(new Resource(Level.JOB, false, ONE))).contains("jane");
            assertThat(again.starter(new Resource(Level.QUERY, false, ONE)))
                    .as("Orthanc has forgotten it")
                    .isEmpty();
            assertThat(again.tenantOf(P1)).contains("north");
            assertThat(Files.readString(home.login().resolve("started.strs"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("jane");
        }
    }

    @Test
    void studiesAreExpectedUntilTheirJobIsOver() {
        String first = started.expect("jane", NORTHS, job -> false);
        assertThat(started.tenantOf(P1)).contains("north");
        started.started(first, ONE);
        Coming souths = new Coming("south", P1, Set.of());
        assertThatThrownBy(() -> started.expect("joe", souths, job -> false)).isInstanceOf(StrongroomException.class);
        started.expect("joe", new Coming("south", StudyTenants.patientsNamed("P2"), Set.of()), job -> false);
        String second = started.expect("joe", souths, ONE::equals);
        assertThat(started.tenantOf(P1)).contains("south");
        assertThat(started.starter(new Resource(Level.JOB, false, ONE))).contains("jane");
        started.started(second, TWO);
        started.over(TWO);
        assertThat(started.tenantOf(P1)).isEmpty();
        assertThat(started.starter(new Resource(Level.JOB, false, TWO))).contains("joe");
    }

    @Test
    void oneOfTwoThatAreExpectedAlikeIsForgotten() {
        String first = started.expect("jane", NORTHS, job -> false);
        String second = started.expect("jane", NORTHS, job -> false);
        started.forget(first);
        assertThat(started.tenantOf(P1)).contains("north");
        started.forget(second);
        assertThat(started.tenantOf(P1)).isEmpty();
    }

    @Test
    void whatWasBeingStartedWhenOrthancWasKilledIsExpectedForADay() {
        Started before = new Started(List.of(), written::set, () -> now);
        before.expect("jane", NORTHS, job -> true);
        Started after = new Started(written.get(), written::set, () -> now);
        assertThat(after.tenantOf(P1)).contains("north");
        Coming souths = new Coming("south", P1, Set.of());
        assertThatThrownBy(() -> after.expect("joe", souths, job -> true)).isInstanceOf(StrongroomException.class);
        now = now.plus(Duration.ofHours(25));
        after.expect("joe", souths, job -> true);
        assertThat(after.tenantOf(P1)).contains("south");
    }

    @Test
    void theLastHundredJobsOfEachUserAreRememberedAndAllThatAreNotOver() {
        Predicate<String> isOver = job -> !job.equals("first");
        started.started(started.expect("jane", Coming.NOTHING, isOver), "first");
        for (int i = 0; i < 100; i++) {
            started.started(started.expect("jane", Coming.NOTHING, isOver), "jane-" + i);
        }
        assertThat(starter("first")).contains("jane");
        assertThat(starter("jane-0")).isEmpty();
        assertThat(starter("jane-1")).contains("jane");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 101; i++) {
                        started.started(started.expect("joe", Coming.NOTHING, job -> false), "joe-" + i);
                    }
                })
                .hasMessageContaining("too many jobs");
        for (int i = 0; i < 1000; i++) {
            started.started(started.expect("user-" + i, Coming.NOTHING, isOver), "job-" + i);
        }
        assertThat(starter("first")).contains("jane");
        assertThat(starter("jane-99")).isEmpty();
        assertThat(starter("job-999")).contains("user-999");
    }

    @Test
    void aJobWhoseIdIsNotWrittenDownIsKnownAllTheSame() {
        Started full = new Started(
                List.of(),
                jobs -> {
                    if (jobs.stream().anyMatch(job -> job.id().equals(ONE))) {
                        throw StrongroomException.of(FailureKind.UNAVAILABLE, "the disk is full");
                    }
                },
                InstantSource.system());
        String expected = full.expect("jane", NORTHS, job -> false);
        assertThatThrownBy(() -> full.started(expected, ONE)).isInstanceOf(StrongroomException.class);
        assertThat(full.starter(new Resource(Level.JOB, false, ONE))).contains("jane");
        assertThat(full.tenantOf(P1)).contains("north");
    }

    @Test
    void whoComesAfterSomebodyOfTheSameNameHasStartedNothing() {
        started.started(started.expect("jane", NORTHS, job -> false), ONE);
        started.started(started.expect("joe", Coming.NOTHING, job -> false), TWO);
        assertThat(started.forgetUser("jane")).isTrue();
        assertThat(starter(ONE)).isEmpty();
        assertThat(starter(TWO)).contains("joe");
        assertThat(started.tenantOf(P1)).contains("north");
        assertThat(written.get()).hasSize(2);
        assertThat(started.forgetUser("jane")).isFalse();
    }

    private Optional<String> starter(String job) {
        return started.starter(new Resource(Level.JOB, false, job));
    }
}
