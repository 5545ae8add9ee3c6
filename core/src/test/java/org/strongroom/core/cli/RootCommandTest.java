package org.strongroom.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    @Subcommands({Send.class, Keep.class})
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

        @Override
        public Integer call() {
            root.done("sent to " + to);
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

    @Test
    void what_is_named_is_done_also_if_a_value_is_the_name_of_another_command() {
        assertThat(new Root().run("--json", "send", "--to", "keep")).isZero();
        assertThat(new Root().run("keep")).isZero();
        assertThat(done).containsExactly("sent to keep", "kept");
    }

    @Test
    void who_asks_for_help_is_told_of_all() {
        assertThat(new Root().run("--help")).isZero();
        assertThat(out.toString()).contains("send", "keep");
        assertThat(new Root().specification().subcommands()).containsOnlyKeys("send", "keep");
    }

    @Test
    void what_is_no_command_is_not_understood() {
        assertThat(new Root().run("sned")).isEqualTo(Console.MISUSED);
        assertThat(err.toString()).contains("'sned'", "--help");
        assertThat(done).isEmpty();
    }
}
