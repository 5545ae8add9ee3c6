package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;

/**
 * Which tiers do not answer. Each question to one that is away takes the better part of a minute, and there may be thousands: after a
 * few in a row it is left alone for a while, then asked once, and left alone for longer if it is silent still. It is never given up for
 * good, for a run may last days. Used by one thread.
 */
final class SilentTiers {
    private static final int PATIENCE = 3;
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int DOUBLINGS = 3; // more than that is longer than the longest

    private final RunningTime time;
    private final Map<String, Silence> silences = new HashMap<>();

    /**
     * That of one tier, since it answered last.
     *
     * @param questions how many it did not answer
     * @param until how long others are asked in its place
     * @param told what was told of it
     */
    private record Silence(int questions, Duration until, StrongroomException told) {}

    SilentTiers(RunningTime time) {
        this.time = time;
    }

    /** Whether it did not answer a short while ago, so that others are asked before it. */
    boolean contains(String tier) {
        Silence silence = silences.get(tier);
        return silence != null && time.now().compareTo(silence.until) < 0;
    }

    /** An object of a tier, each read of which is a question to it; while it is left alone they fail at once with what was told. */
    ByteSource listening(String tier, ByteSource object) {
        return ByteSource.of(object.size(), (position, target, targetOffset, length) -> {
            if (contains(tier) && silences.get(tier).questions >= PATIENCE) {
                throw silences.get(tier).told;
            }
            ask(tier, () -> object.read(position, target, targetOffset, length));
        });
    }

    @FunctionalInterface
    private interface Question {
        void ask() throws IOException;
    }

    private void ask(String tier, Question question) throws IOException {
        try {
            question.ask();
            silences.remove(tier);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                note(tier, e);
            } else {
                silences.remove(tier); // that it does not have it is an answer
            }
            throw e;
        }
    }

    private void note(String tier, StrongroomException told) {
        Silence before = silences.get(tier);
        int questions = before == null ? 1 : before.questions + 1;
        silences.put(tier, new Silence(questions, time.now().plus(pause(questions)), told));
    }

    private static Duration pause(int questions) {
        int doublings = Math.min(Math.max(questions - PATIENCE, 0), DOUBLINGS);
        Duration pause = SHORTEST.multipliedBy(1L << doublings);
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
