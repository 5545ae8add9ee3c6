package org.strongroom.sidecar.uplink;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** What went in the last whole seconds, by priority. For one thread at a time. */
final class Recent {
    private static final int SECONDS = 5;

    private final Deque<Map<Priority, Long>> whole = new ArrayDeque<>();
    private Map<Priority, Long> current = new EnumMap<>(Priority.class);
    private long second;

    void add(Priority priority, long bytes, Duration now) {
        roll(now);
        current.merge(priority, bytes, Long::sum);
    }

    Map<Priority, Long> perSecond(Duration now) {
        roll(now);
        Map<Priority, Long> all = new EnumMap<>(Priority.class);
        whole.forEach(each -> each.forEach((priority, bytes) -> all.merge(priority, bytes, Long::sum)));
        all.replaceAll((priority, bytes) -> bytes / SECONDS);
        return all;
    }

    private void roll(Duration now) {
        long next = now.toSeconds();
        for (long left = Math.min(next - second, SECONDS + 1); left > 0; left--) {
            whole.add(current);
            current = new EnumMap<>(Priority.class);
        }
        second = next;
        while (whole.size() > SECONDS) {
            whole.remove();
        }
    }
}
