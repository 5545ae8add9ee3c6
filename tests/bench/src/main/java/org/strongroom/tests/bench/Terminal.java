package org.strongroom.tests.bench;

import java.util.Locale;
import java.util.Map;

/** What the run says while it goes on, and its table. */
final class Terminal {
    private static final long START = System.nanoTime();

    private Terminal() {}

    static void line(String text) {
        System.out.println(text);
    }

    /** One line with the time since the start. */
    static void progress(String text) {
        line(String.format(Locale.ROOT, "%6.1f s  %s", Load.since(START), text));
    }

    static void table(Map<String, Spread> figures) {
        line("");
        line(String.format("%-44s %10s %10s %10s   %s", "", "median", "min", "max", "wanted"));
        figures.forEach((name, spread) -> line(String.format(
                        Locale.ROOT,
                        "%-44s %10s %10s %10s   %s",
                        name,
                        number(spread.median()),
                        spread.isSingle() ? "" : number(spread.min()),
                        spread.isSingle() ? "" : number(spread.max()),
                        Target.judge(name, spread.median()))
                .stripTrailing()));
    }

    static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }

    /** As in the names of figures: 10k, 1m; smaller ones as they are. */
    static String count(int number) {
        return number % 1_000_000 == 0
                ? number / 1_000_000 + "m"
                : number % 1000 == 0 ? number / 1000 + "k" : "" + number;
    }
}
