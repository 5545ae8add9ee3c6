package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.tier.Tier.ObjectInfo;

final class RetryingTierTest {
    private final MemoryTier memory = new MemoryTier("memory");
    private final TierFaults faults = new TierFaults();
    private final List<Duration> pauses = new ArrayList<>();
    private final Tier tier = new RetryingTier(faults.around(memory), RetryPolicy.DEFAULT, pauses::add, new Random(1));

    /** The decorator keeps the contract of what it decorates. */
    @Nested
    final class Contract extends TierContract {
        @Override
        protected Tier open() {
            return new RetryingTier(memory, RetryPolicy.DEFAULT, pauses::add, new Random(1));
        }
    }

    @Test
    void whatIsUnavailableOrFullIsTriedAgain() {
        faults.fail(3, FailureKind.UNAVAILABLE).fail(1, FailureKind.FULL);
        tier.put("a", new byte[] {1});
        assertThat(memory.head("a")).isPresent();
        assertThat(pauses).hasSize(4);
    }

    @Test
    void patienceEnds() {
        faults.fail(9, FailureKind.UNAVAILABLE);
        TierContract.assertFails(FailureKind.UNAVAILABLE, () -> tier.head("a"));
        assertThat(pauses).hasSize(RetryPolicy.DEFAULT.attempts() - 1);
        assertThat(faults.left()).isEqualTo(9 - RetryPolicy.DEFAULT.attempts());
    }

    @Test
    void whatIsPermanentIsNotTriedAgain() {
        for (FailureKind kind :
                List.of(FailureKind.REFUSED, FailureKind.NOT_FOUND, FailureKind.CORRUPT, FailureKind.BUG)) {
            faults.fail(1, kind);
            TierContract.assertFails(kind, () -> tier.head("a"));
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesGrowWithJitterUpToTheLongest() {
        RetryPolicy policy = new RetryPolicy(70, Duration.ofSeconds(1), Duration.ofSeconds(20));
        Random random = new Random(2);
        for (int failed = 1; failed < 70; failed++) {
            long most = Math.min(20_000, 1000L << Math.min(failed - 1, 20));
            assertThat(policy.pause(failed, random).toMillis()).isBetween(most / 2, most);
        }
    }

    @Test
    void aPutWhoseAnswerWasLostIsFoundDone() {
        faults.loseAnswer();
        tier.put("a", new byte[] {1, 2});
        assertThat(TierContract.read(memory, "a", 0, 2)).containsExactly(1, 2);
    }

    @Test
    void aPutOfAnExistingNameIsStillRefused() {
        memory.put("a", new byte[] {1});
        TierContract.assertFails(FailureKind.REFUSED, () -> tier.put("a", new byte[] {1}));
        faults.fail(1, FailureKind.UNAVAILABLE);
        TierContract.assertFails(FailureKind.REFUSED, () -> tier.put("a", new byte[] {2}));
    }

    @Test
    void lostAnswersOfAnUploadDoNoHarm() {
        byte[] content = TierContract.random(2000, 3);
        String upload = tier.begin("a", content.length);
        faults.loseAnswer().pass(1).loseAnswer();
        var receipt = tier.part("a", upload, 1, 0, ByteSource.of(content), Md5.of(content));
        tier.complete("a", upload, List.of(receipt));
        assertThat(faults.left()).isZero();
        assertThat(TierContract.read(memory, "a", 0, content.length)).isEqualTo(content);
        memory.delete("a");
    }

    @Test
    void aListThatBreaksGoesOnWithoutRepeating() {
        for (char c = 'a'; c <= 'e'; c++) {
            memory.put(String.valueOf(c), new byte[1]);
        }
        faults.loseAnswer(); // everything was given, then it broke
        List<String> names = new ArrayList<>();
        tier.list("", (ObjectInfo info) -> names.add(info.name()));
        assertThat(names).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void anInterruptEndsTheWait() {
        Tier waiting = new RetryingTier(faults.around(memory), RetryPolicy.DEFAULT, Sleeper.SYSTEM, new Random(4));
        faults.fail(9, FailureKind.UNAVAILABLE);
        Thread.currentThread().interrupt();
        TierContract.assertFails(FailureKind.UNAVAILABLE, () -> waiting.head("a"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(faults.left()).isEqualTo(8);
    }
}
