package org.strongroom.sidecar.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class CutRhythmTest {
    private static final Duration PART = Duration.ofSeconds(82);
    /** Of 90 seconds; the pause ends a 64th too early. */
    private static final double BEHIND_82 = 8 - 90.0 / 64;

    private final CutRhythm rhythm = new CutRhythm();

    private void cuts(int... seconds) {
        for (int each : seconds) {
            rhythm.cut(Duration.ofSeconds(each));
        }
    }

    private double pause(double seconds, Duration takes) {
        return seconds(rhythm.pause(of(seconds), takes));
    }

    private static Duration of(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Test
    void fourEqualIntervalsAreARhythm() {
        cuts(1000, 1090, 1180, 1270);
        assertThat(pause(1352, PART)).isZero();
        cuts(1360);
        assertThat(pause(1442, PART)).isEqualTo(BEHIND_82);
    }

    @Test
    void intervalsThatDifferByMoreThanTwoHundredthsAreNone() {
        cuts(1000, 1090, 1180, 1270, 1362);
        assertThat(pause(1444, PART)).isZero();
    }

    @Test
    void itIsWaitedShortlyBeforeACutOnly() {
        cuts(1000, 1090, 1180, 1270, 1360);
        assertThat(pause(1360, PART)).isZero();
        assertThat(pause(1430, PART)).as("more than a fifth of the interval").isZero();
        assertThat(pause(1431, PART)).isEqualTo(BEHIND_82 + 11);
        assertThat(pause(1448.5, PART)).isEqualTo(BEHIND_82 - 6.5);
        assertThat(pause(1448.6, PART)).isZero();
        assertThat(pause(1450, PART)).isZero();
    }

    @Test
    void onlyALargePartThatGetsThroughBetweenTwoCutsWaits() {
        cuts(1000, 1090, 1180, 1270, 1360);
        assertThat(pause(1440, Duration.ofSeconds(22))).isZero();
        assertThat(pause(1440, Duration.ofSeconds(23))).isPositive();
        assertThat(pause(1440, Duration.ofSeconds(85))).isPositive();
        assertThat(pause(1440, Duration.ofSeconds(86))).isZero();
    }

    @Test
    void oneBeatMayPassWithoutACut() {
        cuts(1000, 1090, 1180, 1270, 1360);
        assertThat(pause(1532, PART)).isEqualTo(BEHIND_82);
        assertThat(pause(1622, PART)).isZero();
    }

    @Test
    void aCutOnTheBeatGoesOnWithTheRhythmHoweverLongNoneWasSeen() {
        cuts(1000, 1090, 1180, 1270, 1360, 1360 + 90 * 7);
        assertThat(pause(1360 + 90 * 7 + 82, PART)).isEqualTo(BEHIND_82);
    }

    @Test
    void aCutOutOfItEndsIt() {
        cuts(1000, 1090, 1180, 1270, 1360, 1400);
        assertThat(pause(1442, PART)).isZero();
        cuts(1490, 1580, 1670);
        assertThat(pause(1752, PART)).isZero();
        cuts(1760);
        assertThat(pause(1842, PART)).isEqualTo(BEHIND_82);
    }

    @Test
    void whatFailsBeforeTheLineIsBackIsTheSameCut() {
        cuts(1000, 1002, 1006, 1090, 1090, 1109, 1180, 1270, 1289, 1360);
        assertThat(pause(1442, PART)).isEqualTo(BEHIND_82);
    }

    /** Of a long interval the end of an outage is a small part too. */
    @Test
    void anOutageThatGoesOnIsNoBeat() {
        cuts(10_000, 13_600, 17_200, 20_800, 24_400, 24_421);
        assertThat(pause(24_421 + 3_500, Duration.ofMinutes(55))).isZero();
    }

    /** A line that is cut again and again, and somebody who sends large parts on it; what fails is tried again within a second. */
    private static final class Line {
        private final DoubleSupplier untilNext;
        private final Random random;
        private final CutRhythm rhythm;
        private double now = 5000;
        private double cut;
        private double lost;
        private double waited;

        Line(long seed, DoubleSupplier untilNext, CutRhythm rhythm) {
            this.untilNext = untilNext;
            this.random = new Random(seed);
            this.rhythm = rhythm;
            this.cut = now + untilNext.getAsDouble();
        }

        /** @param rhythm null for one who does not look at it */
        static Line sending(int parts, double takes, long seed, DoubleSupplier untilNext, CutRhythm rhythm) {
            Line line = new Line(seed, untilNext, rhythm);
            for (int part = 0; part < parts; part++) {
                line.send(takes);
            }
            return line;
        }

        private void send(double takes) {
            double pause = rhythm == null ? 0 : seconds(rhythm.pause(of(now), of(takes)));
            waited += pause;
            now += pause;
            while (isCut(now + takes)) {
                lost += cut - now;
                now = cut + 0.5 + random.nextDouble() / 2;
                if (rhythm != null) {
                    rhythm.cut(of(now));
                }
            }
            now += takes;
        }

        private boolean isCut(double end) {
            while (cut <= now) {
                cut += untilNext.getAsDouble();
            }
            return cut <= end;
        }
    }

    /** By a clock, from which each cut is off by up to this part of the interval. */
    private static DoubleSupplier regular(double interval, double off, long seed) {
        Random random = new Random(seed);
        double[] times = {0, 0};
        return () -> {
            double before = times[1];
            times[0] += interval;
            times[1] = times[0] + interval * off * (2 * random.nextDouble() - 1);
            return times[1] - before;
        };
    }

    /** Each interval is between a half and one and a half of the mean, or (by seed) of what goes by chance alone. */
    private static DoubleSupplier irregular(double mean, long seed) {
        Random random = new Random(seed);
        return random.nextBoolean()
                ? () -> mean * (0.5 + random.nextDouble())
                : () -> -mean * Math.log(1 - random.nextDouble());
    }

    @Test
    void whereCutsComeInARhythmLittleIsLostAndNoTime() {
        Random random = new Random(11);
        double lost = 0;
        for (int run = 0; run < 1000; run++) {
            long seed = random.nextLong();
            double interval = 60 + random.nextInt(600);
            double takes = interval * (0.81 + 0.13 * random.nextDouble());
            Line without = Line.sending(100, takes, seed, regular(interval, 0.005, seed), null);
            Line with = Line.sending(100, takes, seed, regular(interval, 0.005, seed), new CutRhythm());
            String what = "seed " + seed + ", " + takes + " of " + interval;
            assertThat(with.lost).as(what).isLessThan(0.6 * without.lost);
            assertThat(with.now).as(what).isLessThan(without.now + interval / 10);
            lost += with.lost / takes;
        }
        assertThat(lost / 100_000).as("of each part").isLessThan(0.03);
    }

    @Test
    void whereTheyDoNotNoTimeIsLost() {
        Random random = new Random(12);
        int waits = 0;
        for (int run = 0; run < 1000; run++) {
            long seed = random.nextLong();
            double mean = 60 + random.nextInt(600);
            double takes = mean * (0.25 + 0.7 * random.nextDouble());
            Line without = Line.sending(50, takes, seed, irregular(mean, seed), null);
            Line with = Line.sending(50, takes, seed, irregular(mean, seed), new CutRhythm());
            String what = "seed " + seed + ", " + takes + " of " + mean;
            assertThat(with.now).as(what).isLessThan(1.01 * without.now);
            waits += with.waited > 0 ? 1 : 0;
        }
        assertThat(waits).isLessThan(10);
    }

    @Test
    void whereTheyAreNearlyRegularHardlyAnyTimeIsLost() {
        Random random = new Random(13);
        for (int run = 0; run < 1000; run++) {
            long seed = random.nextLong();
            double interval = 60 + random.nextInt(600);
            double off = 0.1 * random.nextDouble();
            double takes = interval * (0.25 + 0.7 * random.nextDouble());
            Line without = Line.sending(50, takes, seed, regular(interval, off, seed), null);
            Line with = Line.sending(50, takes, seed, regular(interval, off, seed), new CutRhythm());
            String what = "seed " + seed + ", " + takes + " of " + interval + ", off by " + off;
            assertThat(with.now).as(what).isLessThan(1.03 * without.now);
        }
    }

    @Test
    void whenTheCutsEndItIsWaitedTwiceAtMost() {
        boolean[] over = {false};
        Line line = new Line(5, () -> over[0] ? 1e9 : 90, rhythm);
        for (int part = 0; part < 20; part++) {
            line.send(82);
        }
        double before = line.waited;
        assertThat(before).isPositive();
        over[0] = true;
        line.cut = 1e9;
        for (int part = 0; part < 20; part++) {
            line.send(82);
        }
        assertThat(line.waited - before).isLessThan(2 * 18);
    }
}
