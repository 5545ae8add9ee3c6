package org.strongroom.tests.trouble.soak;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.strongroom.tests.harness.BadStore;
import org.strongroom.tests.harness.BadStore.Day;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Trouble;

/** What goes wrong, each by chance and for a while: so often that no minute is quiet. */
final class Mishaps {
    /**
     * Both ways: with the time between two looks it stays below the two hours from which on a purge waits, rightly, for a day and for
     * somebody who looks at the clock.
     */
    private static final Duration LONGEST_JUMP = Duration.ofMinutes(90);

    private final Clinic clinic;
    private final OrthancProcess orthanc;
    private final List<BadStore> lines;
    private final Trouble trouble;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** @param lines to the stores, each with bad days of its own */
    Mishaps(Clinic clinic, OrthancProcess orthanc, List<BadStore> lines, Trouble trouble) {
        this.clinic = clinic;
        this.orthanc = orthanc;
        this.lines = List.copyOf(lines);
        this.trouble = trouble;
    }

    void add(Hands hands) {
        lines.forEach(line -> hands.add("store", Duration.ofSeconds(6), random -> badDay(line, random, hands)));
        hands.add("killer", Duration.ofSeconds(25), this::kill);
        hands.add("disk", Duration.ofSeconds(30), random -> unplug(random, hands));
        hands.add("clock", Duration.ofSeconds(45), random -> jump(random, hands));
        hands.add("evictor", Duration.ofSeconds(12), random -> {
            clinic.cli("evict", "--all"); // says no while it is not sure
            happened("evictions");
        });
    }

    /** What is still wrong is over. */
    void over() {
        lines.forEach(line -> line.day(Day.GOOD));
        trouble.over();
        if (!orthanc.running()) {
            orthanc.restart();
        }
    }

    String summary() {
        return new TreeMap<>(counts).toString();
    }

    Set<String> kinds() {
        return Set.copyOf(counts.keySet());
    }

    private void happened(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void badDay(BadStore line, RandomGenerator random, Hands hands) {
        List<Day> bad = List.copyOf(EnumSet.complementOf(EnumSet.of(Day.GOOD)));
        Day day = bad.get(random.nextInt(bad.size()));
        line.day(day);
        happened("store " + day);
        hands.rest(seconds(random, 1, 6));
        line.day(Day.GOOD);
    }

    private void kill(RandomGenerator random) {
        if (random.nextInt(3) > 0) {
            clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
            happened("sidecar killed");
        } else {
            orthanc.kill();
            happened("Orthanc killed");
            orthanc.restart();
        }
    }

    private void unplug(RandomGenerator random, Hands hands) {
        clinic.unmount("offsite");
        happened("disk unplugged");
        hands.rest(seconds(random, 2, 8));
        clinic.mount("offsite");
    }

    private void jump(RandomGenerator random, Hands hands) {
        trouble.clock(seconds(random, (int) -LONGEST_JUMP.toSeconds(), (int) LONGEST_JUMP.toSeconds()));
        happened("clock jumped");
        hands.rest(seconds(random, 2, 10));
        trouble.over();
    }

    private static Duration seconds(RandomGenerator random, int from, int to) {
        return Duration.ofSeconds(random.nextInt(from, to));
    }
}
