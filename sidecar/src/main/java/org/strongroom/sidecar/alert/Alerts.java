package org.strongroom.sidecar.alert;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.sidecar.problem.Problems;

/** Tells of problems once when they appear and once when they are over. For one thread. */
public final class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    /** One that comes and goes is told of so often. */
    private static final Duration AGAIN = Duration.ofMinutes(10);
    /** In one look; the others come with the next. */
    private static final int MOST = 10;

    private final Problems problems;
    private final List<Channel> channels;
    private final InstantSource clock;
    private final Map<String, Problem> told = new HashMap<>();
    private final Map<String, Instant> toldAt = new HashMap<>();

    /** One way to tell somebody. */
    @FunctionalInterface
    public interface Channel {
        void tell(Alert alert) throws IOException, InterruptedException;
    }

    public Alerts(Problems problems, List<Channel> channels, InstantSource clock) {
        this.problems = problems;
        this.channels = List.copyOf(channels);
        this.clock = clock;
    }

    /** Tells what is new since the last look. What nobody could be told is told again later. */
    public void look() throws InterruptedException {
        Instant now = clock.instant();
        Map<String, Problem> standing = problems.byName();
        List<Alert> news = new ArrayList<>();
        for (Map.Entry<String, Problem> each : Map.copyOf(told).entrySet()) {
            if (!standing.containsKey(each.getKey()) && news.size() < MOST) {
                told.remove(each.getKey());
                news.add(Alert.of(Alert.State.over, each.getKey(), each.getValue(), now));
            }
        }
        toldAt.values().removeIf(at -> at.plus(AGAIN).isBefore(now));
        for (Map.Entry<String, Problem> each : standing.entrySet()) {
            if (!told.containsKey(each.getKey()) && !toldAt.containsKey(each.getKey()) && news.size() < MOST) {
                told.put(each.getKey(), each.getValue());
                toldAt.put(each.getKey(), now);
                news.add(Alert.of(Alert.State.problem, each.getKey(), each.getValue(), now));
            }
        }
        for (Alert alert : news) {
            boolean delivered = false;
            for (Channel channel : channels) {
                delivered |= tell(channel, alert);
            }
            if (!delivered && alert.state() == Alert.State.problem) {
                told.remove(alert.key()); // a line that is cut cuts off its webhook as well
            }
        }
    }

    private static boolean tell(Channel channel, Alert alert) throws InterruptedException {
        try {
            channel.tell(alert);
            return true;
        } catch (IOException e) {
            LOG.warn("an alert could not be delivered: {}", e.getClass().getSimpleName());
            return false;
        }
    }
}
