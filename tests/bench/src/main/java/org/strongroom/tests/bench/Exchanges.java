package org.strongroom.tests.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was asked over a line and when the answer came back to the one who asked; making a connection is asking too. Tells how
 * many of them must have waited for one another. Thread-safe.
 */
final class Exchanges {
    private record Exchange(long asked, long answered) {}

    private final List<Exchange> all = new ArrayList<>();

    /** Both by {@link System#nanoTime}; the answer may still be on its way. */
    synchronized void add(long asked, long answered) {
        all.add(new Exchange(asked, answered));
    }

    synchronized void forget() {
        all.clear();
    }

    /**
     * The most exchanges until then of which each began when the one before had been answered: whoever waited for something
     * waited for no more round trips than these. What went on side by side counts once.
     */
    synchronized int roundTrips(long until) {
        int trips = 0;
        long free = Long.MIN_VALUE;
        // The one that ends first leaves most room for others.
        for (Exchange exchange : all.stream()
                .filter(one -> one.answered - until <= 0)
                .sorted(Comparator.comparingLong(one -> one.answered - until))
                .toList()) {
            if (trips == 0 || exchange.asked - free >= 0) {
                trips++;
                free = exchange.answered;
            }
        }
        return trips;
    }
}
