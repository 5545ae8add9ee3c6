package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured, by name. Samples of one measure are taken in rounds, one per contestant and round, so that ratios are
 * taken within a round and a machine that was busy for a while was busy for everybody. Not thread-safe.
 */
final class Figures {
    /** What scripts outside of the project read, whatever else is added. */
    static final List<String> FIXED = List.of(
            "ingest.rest.1.vsPlain",
            "ingest.rest.4.vsPlain",
            "ingest.rest.10.vsPlain",
            "ingest.cstore.1.vsPlain",
            "ingest.rest.4.vsSync30ms",
            "read.warm.vsPlain",
            "cold.series400.vsSync30ms",
            "store.requests.study1000",
            "store.bytesVsRaw.ct",
            "store.bytesVsRaw.mr",
            "memory.pluginExtraMiB",
            "memory.sidecarMiB");

    private final Map<String, Map<Who, List<Double>>> samples = new LinkedHashMap<>();
    private final Map<String, Spread> figures = new LinkedHashMap<>();

    /** What one contestant reached in one round. */
    void sample(String measure, Who who, double value) {
        samples.computeIfAbsent(measure, name -> new EnumMap<>(Who.class))
                .computeIfAbsent(who, name -> new ArrayList<>())
                .add(value);
    }

    /** A figure that stands for itself. */
    void put(String name, double value) {
        figures.put(name, Spread.of(value));
    }

    void put(String name, Spread spread) {
        figures.put(name, spread);
    }

    /** Sums up what each contestant reached under {@code measure.who.unit}. */
    void close(String measure, String unit) {
        close(measure, unit, 1);
    }

    /** The same in another unit, of which each sample has {@code factor}. */
    void close(String measure, String unit, double factor) {
        samples.getOrDefault(measure, Map.of())
                .forEach((who, values) -> put(
                        measure + "." + who.key() + "." + unit,
                        Spread.of(values.stream().map(value -> value * factor).toList())));
    }

    /** Our rate divided by theirs, round by round; nothing if one of both did not take part. */
    void ratioOfRates(String name, String measure, Who theirs) {
        ratio(name, of(measure, Who.STRONGROOM), of(measure, theirs));
    }

    /** Their time divided by ours. */
    void ratioOfTimes(String name, String measure, Who theirs) {
        ratio(name, of(measure, theirs), of(measure, Who.STRONGROOM));
    }

    /** Our time divided by theirs: how many times as much it costs with us. */
    void ratioOfCosts(String name, String measure, Who theirs) {
        ratio(name, of(measure, Who.STRONGROOM), of(measure, theirs));
    }

    /** How many times as much something large costs one contestant as something small. */
    void growth(String name, String small, String large, Who who) {
        ratio(name, of(large, who), of(small, who));
    }

    /** What we reached in a measure that has no other contestants. */
    void ours(String name, String measure) {
        put(name, Spread.of(of(measure, Who.STRONGROOM)));
    }

    private List<Double> of(String measure, Who who) {
        return samples.getOrDefault(measure, Map.of()).getOrDefault(who, List.of());
    }

    private void ratio(String name, List<Double> over, List<Double> under) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(over.size(), under.size()); round++) {
            ratios.add(over.get(round) / under.get(round));
        }
        if (!ratios.isEmpty()) {
            figures.put(name, Spread.of(ratios));
        }
    }

    /** @throws IOException if one of the figures is missing, or no number, that scripts outside the project read */
    void requireFixed() throws IOException {
        List<String> missing = FIXED.stream()
                .filter(name -> !figures.containsKey(name)
                        || !Double.isFinite(figures.get(name).median()))
                .toList();
        if (!missing.isEmpty()) {
            throw new IOException("not measured: " + String.join(", ", missing));
        }
    }

    /** In the order in which they were put. */
    Map<String, Spread> all() {
        return figures;
    }
}
