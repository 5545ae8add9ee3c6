package org.strongroom.sidecar.alert;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.finding.Finding;

/** Tells of problems once when they appear and once when they are over. For one thread. */
public final class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    /** One that comes and goes is told of so often. */
    private static final Duration AGAIN = Duration.ofMinutes(10);
    /** So many times as much as was told is told again. */
    private static final long MUCH_MORE = 10;
    /** In one look; the others come with the next. */
    private static final int MOST = 10;

    private final Supplier<Map<String, Finding>> standing;
    private final List<Channel> channels;
    private final InstantSource clock;
    private final RunningTime time;
    private final Map<String, Finding> told = new HashMap<>();
    private final Map<String, Duration> toldAt = new HashMap<>();
    /** Ends that nobody took, and when they were offered last. */
    private final Map<String, Duration> untakenAt = new HashMap<>();

    /** One way to tell somebody. */
    @FunctionalInterface
    public interface Channel {
        void tell(Alert alert) throws IOException, InterruptedException;
    }

    /** @param standing what is wrong, by its key */
    public Alerts(
            Supplier<Map<String, Finding>> standing, List<Channel> channels, InstantSource clock, RunningTime time) {
        this.standing = standing;
        this.channels = List.copyOf(channels);
        this.clock = clock;
        this.time = time;
    }

    /** Tells what is new since the last look. What nobody could be told is told again later. */
    public void look() throws InterruptedException {
        if (channels.isEmpty()) {
            return;
        }
        Instant at = clock.instant();
        Duration now = time.now();
        Map<String, Finding> standing = this.standing.get();
        List<Alert> news = new ArrayList<>();
        untakenAt.values().removeIf(since -> now.minus(since).compareTo(AGAIN) > 0);
        for (Map.Entry<String, Finding> each : told.entrySet()) {
            if (!standing.containsKey(each.getKey()) && !untakenAt.containsKey(each.getKey()) && news.size() < MOST) {
                news.add(Alert.of(
                        Alert.State.over, each.getKey(), each.getValue().problem(), at));
            }
        }
        toldAt.values().removeIf(since -> now.minus(since).compareTo(AGAIN) > 0);
        for (Map.Entry<String, Finding> each : standing.entrySet()) {
            if (isNews(told.get(each.getKey()), each.getValue())
                    && !toldAt.containsKey(each.getKey())
                    && news.size() < MOST) {
                news.add(Alert.of(
                        Alert.State.problem, each.getKey(), each.getValue().problem(), at));
            }
        }
        for (Alert alert : news) {
            boolean delivered = false;
            for (Channel channel : channels) {
                delivered |= tell(channel, alert);
            }
            if (alert.state() == Alert.State.problem) {
                toldAt.put(alert.key(), now);
                if (delivered) {
                    told.put(alert.key(), standing.get(alert.key()));
                }
            } else if (delivered) {
                told.remove(alert.key());
            } else {
                untakenAt.put(alert.key(), now); // a line that is cut cuts off its webhook as well
            }
        }
    }

    /** Whether it is new, or has grown so much that it is another matter. */
    private static boolean isNews(Finding before, Finding now) {
        return before == null || now.count() >= MUCH_MORE * before.count();
    }

    private static boolean tell(Channel channel, Alert alert) throws InterruptedException {
        try {
            channel.tell(alert);
            return true;
        } catch (IOException | RuntimeException | Error e) { // whatever it is, the others are to hear of it
            LOG.warn("an alert could not be delivered: {}", e.getClass().getSimpleName());
            return false;
        }
    }
}
