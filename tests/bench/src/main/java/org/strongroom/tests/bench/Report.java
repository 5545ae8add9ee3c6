package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The run as one HTML page that needs nothing else: charts, and the table. */
record Report(String machine, Plan plan, Map<String, Spread> figures) {
    private static final Map<Who, String> COLOURS = Map.of(
            Who.PLAIN,
            "#8c8c8c",
            Who.STRONGROOM,
            "#0b6e4f",
            Who.UNRECORDED,
            "#8fc7b0",
            Who.SYNC,
            "#c8553d",
            Who.RCLONE,
            "#3d6fc8");

    private static final String STYLE =
            """
            body { font: 15px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
            svg text { font: 12px sans-serif; fill: #444 }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums }
            th, td { text-align: left; padding: 2px 12px 2px 0; border-bottom: 1px solid #ddd }
            td + td { text-align: right }
            .short { color: #b00020; font-weight: bold }
            """;

    static void write(Path file, String machine, Plan plan, Map<String, Spread> figures) throws IOException {
        Files.writeString(file, new Report(machine, plan, figures).page());
    }

    private String page() {
        StringBuilder page = new StringBuilder(
                        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<title>Strongroom's benchmark</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Strongroom's benchmark</h1>\n<p>")
                .append(Svg.escape(machine))
                .append("</p>\n");
        if (plan.equals(Plan.TRIAL)) {
            page.append("<p class=\"short\">A trial: these figures mean nothing.</p>\n");
        }
        bars(page, ingest());
        bars(page, warm());
        for (String measure : List.of("cold.series400.x1", "cold.series400.x6", "cold.first", "cold.metadata1000")) {
            lines(page, cold(measure));
        }
        for (String measure : List.of("read.frame", "read.header", "cold.frame", "cold.header")) {
            lines(page, frames(measure));
        }
        lines(
                page,
                ledger(
                        "What an instance costs in the ledger, by the instances in it",
                        "microseconds",
                        ".usPerInstance"));
        lines(page, ledger("Memory of a process with that ledger", "MiB", ".memory.MiB"));
        return page.append(table()).append("</body>\n</html>\n").toString();
    }

    private Chart ingest() {
        List<String> measures = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int senders : plan.senders()) {
            measures.add("ingest.rest." + senders);
            names.add("REST, " + senders + (senders == 1 ? " sender" : " senders"));
        }
        measures.addAll(List.of("ingest.cstore.1", "ingest.cstoreNoDelay.1"));
        names.addAll(List.of("C-STORE", "C-STORE, no delay"));
        return chart("Ingest", "instances per second", names, measures, ".perSecond");
    }

    private Chart warm() {
        return chart(
                "Whole files, here",
                "instances per second",
                List.of("1 reader", "4 readers", "1, no cache", "4, no cache"),
                List.of("read.warm.1", "read.warm.4", "read.warm.uncached.1", "read.warm.uncached.4"),
                ".perSecond");
    }

    private Chart cold(String measure) {
        List<Integer> latencies = plan.latencies().stream().sorted().toList();
        return chart(
                measure + ", by the round trip to the store",
                "seconds",
                latencies.stream().map(latency -> latency + " ms").toList(),
                latencies.stream()
                        .map(latency -> measure + "." + latency + "ms")
                        .toList(),
                ".seconds");
    }

    private Chart frames(String measure) {
        return chart(
                measure + ", by the frames of the instance",
                "milliseconds",
                plan.frames().stream().map(String::valueOf).toList(),
                plan.frames().stream().map(frames -> measure + "." + frames).toList(),
                ".ms");
    }

    private Chart ledger(String title, String unit, String figure) {
        List<String> sizes = plan.ledgers().stream().map(Terminal::count).toList();
        List<Spread> values = sizes.stream()
                .map(size -> figures.get("ledger." + size + figure))
                .toList();
        Chart.Series ours = new Chart.Series(Who.STRONGROOM.title(), COLOURS.get(Who.STRONGROOM), values);
        return new Chart(title, unit, sizes, List.of(ours));
    }

    /** What each contestant that took part reached in these measures. */
    private Chart chart(String title, String unit, List<String> groups, List<String> measures, String figure) {
        List<Chart.Series> series = Stream.of(Who.values())
                .map(who -> new Chart.Series(
                        who.title(),
                        COLOURS.get(who),
                        measures.stream()
                                .map(measure -> figures.get(measure + "." + who.key() + figure))
                                .toList()))
                .filter(one -> !one.isEmpty())
                .toList();
        return new Chart(title, unit, groups, series);
    }

    private static void bars(StringBuilder page, Chart chart) {
        if (!chart.isEmpty()) {
            heading(page, chart).append(chart.bars());
        }
    }

    private static void lines(StringBuilder page, Chart chart) {
        if (!chart.isEmpty()) {
            heading(page, chart).append(chart.lines());
        }
    }

    private static StringBuilder heading(StringBuilder page, Chart chart) {
        return page.append("<h2>").append(Svg.escape(chart.title())).append("</h2>\n");
    }

    private String table() {
        StringBuilder table = new StringBuilder("<h2>All figures</h2>\n<table>\n")
                .append("<tr><th>figure</th><th>median</th><th>min</th><th>max</th><th>wanted</th></tr>\n");
        figures.forEach((name, spread) -> {
            String wanted = Target.judge(name, spread.median());
            table.append("<tr><td>")
                    .append(Svg.escape(name))
                    .append("</td><td>")
                    .append(Terminal.number(spread.median()))
                    .append("</td><td>")
                    .append(spread.isSingle() ? "" : Terminal.number(spread.min()))
                    .append("</td><td>")
                    .append(spread.isSingle() ? "" : Terminal.number(spread.max()))
                    .append(wanted.endsWith("SHORT") ? "</td><td class=\"short\">" : "</td><td>")
                    .append(Svg.escape(wanted))
                    .append("</td></tr>\n");
        });
        return table.append("</table>\n").toString();
    }
}
