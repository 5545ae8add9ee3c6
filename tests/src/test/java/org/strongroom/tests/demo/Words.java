package org.strongroom.tests.demo;

import java.time.Duration;
import java.util.Locale;

/** Numbers and lines as the demo prints them. */
final class Words {
    private Words() {}

    static void title(String text) {
        System.out.println();
        System.out.println(text);
    }

    static void line(String text) {
        System.out.println("     " + text);
    }

    static String bytes(long count) {
        return String.format(Locale.ROOT, "%.1f MB", count / 1e6);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
    }

    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * part / whole);
    }

    /** Time since a {@link System#nanoTime}. */
    static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
