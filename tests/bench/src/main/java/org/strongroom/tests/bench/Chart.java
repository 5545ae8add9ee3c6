package org.strongroom.tests.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.strongroom.tests.bench.Svg.Anchor;

/**
 * Values with their spread in some groups, drawn as bars, or as points that lines join where the groups are steps of one thing
 * (milliseconds, frames, instances). The scale begins at 0.
 *
 * @param unit of the values
 * @param groups names along the bottom
 */
record Chart(String title, String unit, List<String> groups, List<Series> series) {
    private static final int LEFT = 60;
    private static final int TOP = 44;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int BOTTOM = 24;
    private static final int STEPS = 4;

    /** What one contestant reached; null where it did not take part. */
    record Series(String name, String colour, List<Spread> values) {
        boolean isEmpty() {
            return values.stream().allMatch(value -> value == null);
        }
    }

    boolean isEmpty() {
        return series.stream().allMatch(Series::isEmpty);
    }

    String bars() {
        return draw((svg, one, group) -> {
            double width = 0.8 * slot() / series.size();
            double x = left(group) + 0.1 * slot() + series.indexOf(one) * width;
            double y = y(one.values().get(group).median());
            svg.bar(x, y, width - 2, TOP + HEIGHT - y, one.colour());
            whisker(svg, x + width / 2 - 1, one.values().get(group), "#222");
        });
    }

    String lines() {
        return draw((svg, one, group) -> {
            Spread value = one.values().get(group);
            double x = left(group) + slot() / 2;
            Spread before = group == 0 ? null : one.values().get(group - 1);
            if (before != null) {
                svg.line(x - slot(), y(before.median()), x, y(value.median()), one.colour());
            }
            whisker(svg, x, value, one.colour());
            svg.dot(x, y(value.median()), one.colour());
        });
    }

    private interface Mark {
        void draw(Svg svg, Series one, int group);
    }

    private String draw(Mark mark) {
        Svg svg = new Svg(LEFT + WIDTH + 10, TOP + HEIGHT + BOTTOM);
        for (int step = 0; step <= STEPS; step++) {
            double value = step() * step;
            svg.line(LEFT, y(value), LEFT + WIDTH, y(value), "#ddd");
            svg.text(LEFT - 6, y(value) + 4, Anchor.END, label(value));
        }
        svg.text(0, 14, Anchor.START, unit);
        double x = LEFT;
        for (Series one : series) {
            svg.bar(x, 22, 10, 10, one.colour());
            svg.text(x + 14, 31, Anchor.START, one.name());
            x += 150;
        }
        for (int group = 0; group < groups.size(); group++) {
            svg.text(left(group) + slot() / 2, TOP + HEIGHT + 16, Anchor.MIDDLE, groups.get(group));
            for (Series one : series) {
                if (one.values().get(group) != null) {
                    mark.draw(svg, one, group);
                }
            }
        }
        return svg.element(title);
    }

    private void whisker(Svg svg, double x, Spread value, String colour) {
        if (!value.isSingle()) {
            svg.whisker(x, y(value.max()), y(value.min()), colour);
        }
    }

    private double slot() {
        return (double) WIDTH / groups.size();
    }

    private double left(int group) {
        return LEFT + group * slot();
    }

    private double y(double value) {
        return TOP + HEIGHT * (1 - value / top());
    }

    private double top() {
        return step() * STEPS;
    }

    /** Between two lines of the grid: 1, 2, 2.5 or 5, with zeros. */
    private double step() {
        double least = most() / STEPS;
        double unit = Math.pow(10, Math.floor(Math.log10(least)));
        return DoubleStream.of(1, 2, 2.5, 5, 10)
                .map(factor -> factor * unit)
                .filter(step -> step >= least)
                .findFirst()
                .orElseThrow();
    }

    private double most() {
        double most = series.stream()
                .flatMap(one -> one.values().stream())
                .flatMap(Stream::ofNullable)
                .mapToDouble(Spread::max)
                .max()
                .orElse(1);
        return most > 0 ? most : 1;
    }

    private static String label(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4));
        return rounded.stripTrailingZeros().toPlainString();
    }
}
