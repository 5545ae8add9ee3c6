package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.storage.StorageFixture;

/** What was told is never shortened by itself. */
class ToldTest {
    private static final Instant NOW = Instant.parse("2030-06-01T12:00:00Z");
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    private StorageFixture open;

    @BeforeEach
    void open() throws IOException {
        open = StorageFixture.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private static PlannedStudy study(Fate fate, String until, String rule) {
        List<PlannedStudy.Because> because =
                until.isEmpty() ? List.of() : List.of(new PlannedStudy.Because(rule, "a law", "2020-01-01", until));
        return new PlannedStudy(KEY, "1.2.3", "clinic", 1, 1, fate, until, because, List.of(), List.of(), null);
    }

    /** One plan by one process. */
    private PlannedStudy plan(Fate fate, String until, String rule) throws IOException {
        Told told = Told.read(open.home, open.keyring);
        PlannedStudy kept = told.keep(List.of(study(fate, until, rule)), NOW).get(0);
        told.write();
        return kept;
    }

    @Test
    void theLaterDateCountsUntilTheEarlierOneIsAccepted() throws IOException {
        assertThat(plan(Fate.KEPT, "2040-01-01", "DE/treatment").shortened()).isNull();
        PlannedStudy shorter = plan(Fate.DUE, "2030-01-01", "DE/record");
        assertThat(shorter.fate()).isEqualTo(Fate.KEPT);
        assertThat(shorter.until()).isEqualTo("2040-01-01");
        assertThat(shorter.shortened())
                .isEqualTo(new PlannedStudy.Shortened("2030-01-01", "DE/record", "DE/treatment"));
        assertThat(plan(Fate.DUE, "2030-01-01", "DE/record")).as("every time").isEqualTo(shorter);

        Told told = Told.read(open.home, open.keyring);
        PlannedStudy again = told.keep(List.of(study(Fate.DUE, "2030-01-01", "DE/record")), NOW)
                .get(0);
        told.accept(again, "Dr. Roe", "another law", NOW);
        told.write();
        assertThat(plan(Fate.DUE, "2030-01-01", "DE/record").fate()).isEqualTo(Fate.DUE);
    }

    @Test
    void whatWasToldCountsForTheNextKeyOfTheStudy() throws IOException {
        UUID former = UUID.randomUUID();
        plan(Fate.KEPT, "2040-01-01", "DE/treatment");
        Told told = Told.read(open.home, open.keyring);
        told.succeed(former, KEY); // of which nothing was told
        told.succeed(KEY, former);
        told.write();
        Told read = Told.read(open.home, open.keyring);
        assertThat(read.until(former)).contains(new Told.Until("2040-01-01", "DE/treatment"));
        assertThat(read.until(KEY)).contains(new Told.Until("2040-01-01", "DE/treatment"));
        plan(Fate.KEPT, "2045-01-01", "DE/record");
        Told later = Told.read(open.home, open.keyring);
        later.succeed(former, KEY);
        assertThat(later.until(KEY)).as("never an earlier day").contains(new Told.Until("2045-01-01", "DE/record"));
    }

    @Test
    void aLongerDateIsToldFromThenOn() throws IOException {
        plan(Fate.KEPT, "2040-01-01", "DE/record");
        assertThat(plan(Fate.KEPT, "2041-01-01", "DE/record").shortened()).isNull();
        assertThat(plan(Fate.KEPT, "2040-01-01", "DE/record").until()).isEqualTo("2041-01-01");
    }

    @Test
    void whatIsHeldStaysHeldAndWhatIsUnreadOrUnruledTellsNothing() throws IOException {
        plan(Fate.KEPT, "2040-01-01", "DE/record");
        assertThat(plan(Fate.HELD, "2035-01-01", "DE/record").fate()).isEqualTo(Fate.HELD);
        assertThat(plan(Fate.UNREAD, "2099-01-01", "DE/record").shortened()).isNull();
        assertThat(plan(Fate.UNRULED, "", "").fate()).isEqualTo(Fate.UNRULED);
        assertThat(plan(Fate.KEPT, "2040-01-01", "DE/record").shortened()).isNull();
    }

    @Test
    void aDateThatIsOverKeepsNothing() throws IOException {
        plan(Fate.DUE, "2029-01-01", "DE/record");
        PlannedStudy due = plan(Fate.DUE, "2028-01-01", "DE/record");
        assertThat(due.fate()).isEqualTo(Fate.DUE);
        assertThat(due.shortened()).isNull();
    }

    @Test
    void withoutTheFileEverythingIsToldForTheFirstTime() throws IOException {
        assertThat(Told.read(open.home, open.keyring).isFirst()).isTrue();
        plan(Fate.KEPT, "2040-01-01", "DE/record");
        assertThat(Told.read(open.home, open.keyring).isFirst()).isFalse();
        Path file = open.home.retention().resolve("told.strs");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .doesNotContain("2040-01-01")
                .doesNotContain("DE/record");
        Files.delete(file);
        assertThat(plan(Fate.KEPT, "2030-07-01", "DE/record").shortened()).isNull();
    }

    @Test
    void aDamagedFileIsNeverTakenForNone() throws IOException {
        plan(Fate.KEPT, "2040-01-01", "DE/record");
        Path file = open.home.retention().resolve("told.strs");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> Told.read(open.home, open.keyring))
                .matches(e -> e.kind() == FailureKind.CORRUPT && !e.cure().isEmpty());
    }
}
