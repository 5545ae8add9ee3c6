package org.strongroom.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class ConsoleTest {
    private final StrongroomException failure = StrongroomException.of(FailureKind.REFUSED, "no such tier")
            .with("tier", "x")
            .cure("correct the name");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aFailureForPeople() {
        assertThat(console(false, false).failed(failure)).isEqualTo(Console.NOT_DONE);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("strongroom: no such tier\n  tier: x\n  Cure: correct the name\n");
    }

    @Test
    void aFailureForPrograms() {
        console(true, false).failed(failure);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().strip())
                .isEqualTo("{\"error\":{\"kind\":\"REFUSED\",\"message\":\"no such tier\",\"context\":{\"tier\":\"x\"},"
                        + "\"cure\":\"correct the name\"}}");
    }

    @Test
    void wordsAndObjectsExcludeEachOther() {
        console(true, false).line("words");
        assertThat(out.toString()).isEmpty();
        console(false, false).object(Map.of());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void progressIsForPeopleWhoWatch() {
        for (Console unwatched : List.of(console(false, false), console(true, true))) {
            try (ProgressBar bar = new ProgressBar(unwatched)) {
                bar.show(1, 2, "half");
            }
        }
        assertThat(err.toString()).isEmpty();
        try (ProgressBar bar = new ProgressBar(console(false, true))) {
            bar.show(1, 2, "half");
            assertThat(err.toString()).endsWith("[###############               ] 50 % half");
        }
        assertThat(err.toString()).endsWith("\r\033[K");
    }

    @Test
    void aCommandEndsAtItsTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        Session session =
                new Session(console(false, false), Path.of("/none"), Map.of(), Optional.of(Duration.ofSeconds(-4)));
        assertThat(session.run(() -> {
                    never.await();
                    return Console.DONE;
                }))
                .isEqualTo(Console.NOT_DONE);
        assertThat(err.toString()).contains("the time allowed is over").contains("--timeout");
    }

    @Test
    void aCommandsFailureIsTold() {
        Session session = new Session(console(false, false), Path.of("/none"), Map.of(), Optional.empty());
        assertThat(session.run(() -> {
                    throw failure;
                }))
                .isEqualTo(Console.NOT_DONE);
        assertThat(err.toString()).contains("Cure: correct the name");
        assertThat(session.run(() -> {
                    throw new IllegalArgumentException("x");
                }))
                .isEqualTo(Console.NOT_DONE);
        assertThat(err.toString()).contains("type: java.lang.IllegalArgumentException");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.0 kB",
        "1500000,1.5 MB",
        "99949,99.9 kB",
        "99950,100 kB",
        "999499,999 kB",
        "999500,1.0 MB",
        "9223372036854775807,9223 PB"
    })
    void amounts(long bytes, String words) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"-5,0 s", "59,59 s", "60,1 min", "7200,2 h", "86400,1 day", "200000,2 days"})
    void times(long seconds, String words) {
        assertThat(Amounts.time(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    @Test
    void tablesAlign() {
        Table table = new Table("A", "LONG");
        table.row("wide cell", "x");
        assertThat(table.lines()).containsExactly("A          LONG", "wide cell  x");
    }

    private Console console(boolean json, boolean terminal) {
        return new Console(new PrintWriter(out), new PrintWriter(err), json, terminal);
    }
}
