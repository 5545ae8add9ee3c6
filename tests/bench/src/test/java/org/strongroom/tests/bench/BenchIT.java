package org.strongroom.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;

/** {@code ./strongroom bench} as whoever types it gets it. It runs and measures what scripts read; how quick anything is, is not asked. */
class BenchIT {
    private static final Path MODULE = Project.root().resolve("tests/bench");
    private static final String OURS = "org.strongroom.";
    private static final String ROOT = OURS + "tests.bench.";
    /** One class that uses another, and whether that was found. */
    private static final Pattern USE = Pattern.compile("^ +(\\S+) +-> +(\\S+) +(.*)$", Pattern.MULTILINE);

    @TempDir
    Path folder;

    /** The parts that the promised figures are of, and with them every contestant; the rest takes as long again. */
    @Test
    void aTrialMeasuresWhatScriptsRead() throws IOException {
        Path json = folder.resolve("bench.json");
        Path report = folder.resolve("bench.html");
        Command.Result trial = Command.of(Project.root().resolve("strongroom"), "bench", "--trial")
                .and("--only", "sizes,ingest,cold", "--json", json, "--report", report)
                .with("STRONGROOM_BENCH_COMPILED", "yes")
                .within(Duration.ofMinutes(8))
                .run()
                .orFail();

        Map<String, Double> figures = new LinkedHashMap<>();
        Rest.parse(Files.readAllBytes(json)).properties().forEach(figure -> {
            assertThat(figure.getValue().isNumber()).as(figure.getKey()).isTrue();
            figures.put(figure.getKey(), figure.getValue().doubleValue());
        });
        assertThat(figures).containsKeys(Figures.FIXED.toArray(String[]::new));
        for (String name : Figures.FIXED) {
            assertThat(figures.get(name)).as(name).isFinite().isPositive();
            assertThat(figures).containsKeys(name + ".min", name + ".max");
            assertThat(trial.output()).as("the table").contains(name + " ");
        }
        assertThat(Files.readString(report)).contains("<svg", "ingest.rest.4.vsPlain");
    }

    /** Of the parts that the trial leaves out as well. */
    @Test
    void whatItsClassesUseIsOnTheClassPathThatTheCommandGivesThem() throws IOException {
        String classPath = Files.readString(MODULE.resolve("target/class-path"), StandardCharsets.UTF_8);
        Path classes = MODULE.resolve("target/classes");
        Map<String, Set<String>> uses = new LinkedHashMap<>();
        Set<String> absent = new HashSet<>();
        Matcher use = USE.matcher(jdeps(classes + ":" + classPath, classes, classPath));
        while (use.find()) {
            uses.computeIfAbsent(use.group(1), from -> new TreeSet<>()).add(use.group(2));
            if (use.group(3).contains("not found")) {
                absent.add(use.group(2));
            }
        }
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(
                uses.keySet().stream().filter(name -> name.startsWith(ROOT)).toList());
        assertThat(open).hasSizeGreaterThan(30);
        while (!open.isEmpty()) {
            String next = open.remove();
            if (reached.add(next) && next.startsWith(OURS)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        assertThat(reached).contains(OURS + "tests.harness.Clinic");
        absent.retainAll(reached);
        assertThat(absent).as("used, and not on the class path").isEmpty();
    }

    private static String jdeps(String classPath, Path classes, String all) {
        List<String> ours = Stream.of(all.split(":", -1))
                .filter(entry -> entry.contains("strongroom-") || entry.endsWith("classes"))
                .toList();
        StringWriter out = new StringWriter();
        PrintWriter to = new PrintWriter(out);
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        to,
                        to,
                        Stream.concat(
                                        Stream.of(
                                                "--multi-release",
                                                "17",
                                                "-verbose:class",
                                                "-filter:none",
                                                "-cp",
                                                classPath,
                                                classes.toString()),
                                        ours.stream())
                                .toArray(String[]::new));
        assertThat(status).as(out.toString()).isZero();
        return out.toString();
    }
}
