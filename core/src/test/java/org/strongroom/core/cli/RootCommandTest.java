package org.strongroom.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

class RootCommandTest {
    private final List<String> done = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command
    @Subcommands({Send.class, Keep.class, Look.class, Many.class})
    private final class Root extends RootCommand {
        Root() {
            super(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true), false);
        }

        void done(String what) {
            done.add(what);
        }
    }

    @Command(name = "send")
    private static final class Send implements Callable<Integer> {
        @ParentCommand
        private Root root;

        @Option(names = "--to")
        private String to;

        @Option(names = "--day")
        private LocalDate day;

        @Option(names = "--id")
        private UUID id;

        @Override
        public Integer call() {
            root.done("sent to " + to + (day == null ? "" : " on " + day + " as " + id));
            return 0;
        }
    }

    @Command(name = "keep")
    private static final class Keep implements Callable<Integer> {
        @ParentCommand
        private Root root;

        @Override
        public Integer call() {
            root.done("kept");
            return 0;
        }
    }

    @Command(name = "look")
    private static final class Look implements Callable<Integer> {
        @Option(names = "--absent")
        private boolean absent;

        @Override
        public Integer call() throws IOException {
            throw absent ? new NoSuchFileException("/no/such/file") : new AccessDeniedException("/home/of/another");
        }
    }

    @Command(name = "many", subcommands = Look.class)
    private static final class Many {}

    @Test
    void what_is_named_is_done_also_if_a_value_is_the_name_of_another_command() {
        assertThat(new Root().run("--json", "send", "--to", "keep")).isZero();
        assertThat(new Root().run("keep")).isZero();
        assertThat(done).containsExactly("sent to keep", "kept");
    }

    @Test
    void a_day_and_an_id_that_are_none_are_told_with_how_to_write_them() {
        String id = UUID.randomUUID().toString();
        assertThat(new Root().run("send", "--to", "x", "--day", "2024-02-29", "--id", id))
                .isZero();
        assertThat(done).containsExactly("sent to x on 2024-02-29 as " + id);
        assertThat(new Root().run("send", "--day", "2024-13-01")).isEqualTo(Console.MISUSED);
        assertThat(new Root().run("send", "--id", "first")).isEqualTo(Console.MISUSED);
        assertThat(err.toString())
                .contains("'--day'", "2024-13-01", "like 2024-01-31", "'--id'", "first", "as the command printed it")
                .doesNotContain("java");
    }

    @Test
    void who_asks_for_help_is_told_of_all() {
        assertThat(new Root().run("--help")).isZero();
        assertThat(out.toString()).contains("send", "keep");
        assertThat(new Root().specification().subcommands()).containsOnlyKeys("send", "keep", "look", "many");
    }

    @Test
    void what_is_no_command_is_not_understood() {
        assertThat(new Root().run("sned")).isEqualTo(Console.MISUSED);
        assertThat(err.toString()).contains("'sned'", "--help");
        assertThat(out.toString()).isEmpty();
        assertThat(done).isEmpty();
    }

    @Test
    void whoMayNotReadAFileIsToldWhoMay() {
        assertThat(new Root().run("look")).isEqualTo(Console.NOT_DONE);
        assertThat(err.toString()).contains("/home/of/another", "Cure: run this as the user that runs Orthanc");
        assertThat(err.toString()).doesNotContain("nobody thought of");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(new Root().run("look", "--absent")).isEqualTo(Console.NOT_DONE);
        assertThat(err.toString()).contains("/no/such/file", "Cure: check its path");
        assertThat(err.toString()).doesNotContain("nobody thought of");
    }

    @Test
    void aCommandThatOnlyHasOthersWantsOneOfThem() {
        assertThat(new Root().run("many")).isEqualTo(Console.MISUSED);
        assertThat(err.toString()).contains("Missing required subcommand", "strongroom many --help");
        assertThat(err.toString()).doesNotContain("nobody thought of");
    }

    @Test
    void aProgramIsToldWhatWasNotUnderstoodAsItIsToldOfAnyFailure() throws IOException {
        assertThat(new Root().run("send", "--timeout", "soon", "--json")).isEqualTo(Console.MISUSED);
        JsonNode error = new ObjectMapper().readTree(out.toString()).path("error");
        assertThat(error.path("kind").asText()).isEqualTo("REFUSED");
        assertThat(error.path("message").asText()).contains("--timeout");
        assertThat(error.path("cure").asText()).contains("strongroom send --help");
        assertThat(err.toString()).isEmpty();
    }
}
