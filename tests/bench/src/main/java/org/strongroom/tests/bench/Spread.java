package org.strongroom.tests.bench;

import java.util.Arrays;
import java.util.List;

/** The median of some values, and between which they lie. */
record Spread(double median, double min, double max) {

    static Spread of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    static Spread of(double value) {
        return new Spread(value, value, value);
    }

    boolean isSingle() {
        return min == max;
    }
}
