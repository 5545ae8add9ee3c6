package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * What the line to one tier carries, as the parts of the last quarter of an hour showed, their repetitions included. A limit that was
 * reached says only that the line is no slower. The ledger remembers it, and that it broke: a machine that is restarted because of its
 * line is not the first to be bold. One thread sends; any may ask.
 */
final class LineSpeed {
    private static final Duration MEMORY = Duration.ofMinutes(15);
    /** A part that waited longer for its turn, or for the timetable, says nothing of the line. */
    private static final Duration PATIENT = Duration.ofSeconds(1);

    private static final Duration SHAKY = Duration.ofHours(1);
    /** Between two notes of it. */
    private static final Duration NOTED = Duration.ofMinutes(10);
    /** Of its limit: so much is the limit's doing, not the line's. */
    private static final double LIMITED = 0.85;

    private static final int WORTH_WRITING = 20;
    /** Nothing is tried again sooner than this. */
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private final String name;
    private final TierTable table;
    private final Uplink uplink;
    private final InstantSource clock;
    private final RunningTime time;
    private final CutRhythm rhythm = new CutRhythm();
    private volatile double perSecond;
    private double remembered;
    private Optional<Duration> broken = Optional.empty();
    private Optional<Duration> noted = Optional.empty();
    private int breaks;
    private int samples;
    /** Since when the bytes of what is being sent are read. */
    private Optional<Duration> reading = Optional.empty();

    private boolean repeated;
    private boolean brokenOff;
    /** Seconds for a byte of what went through last, without what was repeated of it. */
    private double unbroken;

    LineSpeed(String tier, TierTable table, Uplink uplink, InstantSource clock, RunningTime time) {
        this.name = "line/" + tier;
        this.table = table;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.remembered = table.remembered(name).map(Long::parseLong).orElse(0L);
        this.perSecond = remembered;
        table.remembered(brokenName()).map(Instant::parse).ifPresent(at -> {
            Duration ago = Duration.between(at, clock.instant());
            if (!ago.isNegative()) { // a clock that was ahead says nothing
                broken = Optional.of(time.now().minus(ago));
            }
        });
    }

    /** Sends something and takes the time. */
    <T> T send(long bytes, Sending<T> sending) throws IOException {
        Duration begun = time.now();
        Duration gaveWay = uplink.gaveWay();
        Duration held = uplink.held();
        boolean arrived = false;
        reading = Optional.empty();
        repeated = false;
        brokenOff = false;
        try {
            T receipt = sending.send();
            arrived = true;
            breaks = 0;
            if (uplink.held().minus(held).compareTo(PATIENT) <= 0) {
                Duration paused = uplink.gaveWay().minus(gaveWay);
                unbroken = seconds(time.now().minus(reading.orElse(begun)).minus(paused)) / Math.max(1, bytes);
                measured(bytes, time.now().minus(begun).minus(paused));
            }
            if (repeated) {
                broke();
            }
            return receipt;
        } finally {
            if (!arrived && !brokenOff) {
                rhythm.cut(time.now());
                broke();
                breaks++;
            }
        }
    }

    /**
     * What is being sent is read from its first byte on. If not for the first time, the line broke and was mended; or it is plain http, where a
     * body is read twice at once, and smaller parts do no harm.
     */
    void reads() {
        Duration now = time.now();
        if (reading.filter(since -> now.minus(since).compareTo(AT_ONCE) >= 0).isPresent()) {
            rhythm.cut(now);
        }
        repeated = reading.isPresent();
        reading = Optional.of(now);
    }

    /** What is being sent will not arrive, because it is not wanted any more: that says nothing of the line. */
    void breaksOff() {
        brokenOff = true;
    }

    /** The time by which all this is measured. */
    Duration now() {
        return time.now();
    }

    /** How long so many bytes should not be sent yet, because a cut is due before they would be through. Mostly zero. */
    Duration pauseBefore(long bytes) {
        return rhythm.pause(time.now(), Duration.ofNanos((long) (unbroken * bytes * 1e9)));
    }

    /** It broke just now. */
    void broke() {
        Duration now = time.now();
        broken = Optional.of(now);
        if (noted.filter(at -> now.minus(at).compareTo(NOTED) < 0).isEmpty()) {
            table.remember(brokenName(), clock.instant().toString());
            noted = broken;
        }
    }

    private String brokenName() {
        return "broken-" + name;
    }

    private void measured(long bytes, Duration took) {
        double seconds = Math.max(1e-3, seconds(took));
        double sample = bytes / seconds;
        double before = perSecond;
        boolean limited = sample >= LIMITED * uplink.limit().bytesPerSecond();
        if (before == 0 || (limited && sample > before)) {
            perSecond = sample;
        } else if (!limited) {
            double weight = Math.max(1.0 / (samples + 1), -Math.expm1(-seconds / MEMORY.toSeconds()));
            perSecond = before + weight * (sample - before);
        }
        samples++;
        if (Math.abs(perSecond - remembered) > remembered / WORTH_WRITING) {
            table.remember(name, Long.toString((long) perSecond));
            remembered = perSecond;
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Sends. */
    interface Sending<T> {
        T send() throws IOException;
    }

    /** Bytes in a second without a limit; empty if nothing is known. */
    Optional<Long> perSecond() {
        return Optional.of((long) perSecond).filter(known -> known > 0);
    }

    /** Whether it broke lately: then little should be lost with it. */
    boolean isShaky() {
        return broken.filter(at -> time.now().minus(at).compareTo(SHAKY) < 0).isPresent();
    }

    /** How often in a row it broke before a part was through. */
    int breaks() {
        return breaks;
    }
}
