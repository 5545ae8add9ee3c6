package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.TierMeter.Count;
import org.strongroom.sidecar.tier.TierMeter.Request;

final class MeteredTierTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final MemoryTier memory = new MemoryTier("memory");
    private final TierFaults faults = new TierFaults();
    private final TierMeter meter = new TierMeter(now::get);
    private final Tier tier = new MeteredTier(faults.around(memory), meter);

    /** The decorator keeps the contract of what it decorates. */
    @Nested
    final class Contract extends TierContract {
        @Override
        protected Tier open() {
            return new MeteredTier(memory, meter);
        }
    }

    @Test
    void requestsAndBytesAreCounted() {
        byte[] content = TierContract.random(5000, 1);
        tier.put("a", new byte[10]);
        String upload = tier.begin("b", content.length);
        var receipt = tier.part("b", upload, 1, 0, ByteSource.of(content), Md5.of(content));
        tier.complete("b", upload, List.of(receipt));
        TierContract.read(tier, "b", 1000, 4000);
        tier.head("b");
        assertThat(meter.count(Request.PUT)).isEqualTo(new Count(1, 0, 10));
        assertThat(meter.count(Request.PART)).isEqualTo(new Count(1, 0, 5000));
        assertThat(meter.count(Request.GET)).isEqualTo(new Count(1, 0, 4000));
        assertThat(meter.requests()).isEqualTo(6);
    }

    @Test
    void aListCountsItsPages() {
        for (int i = 0; i < 2001; i++) {
            memory.put("many-" + i, new byte[0]);
        }
        tier.list("many", info -> {});
        assertThat(meter.count(Request.LIST).requests()).isEqualTo(3);
        tier.list("none", info -> {});
        assertThat(meter.count(Request.LIST).requests()).isEqualTo(4);
    }

    @Test
    void everyAttemptCounts() {
        Tier retrying = new RetryingTier(tier, RetryPolicy.DEFAULT, pause -> {}, new Random(1));
        faults.fail(2, FailureKind.UNAVAILABLE);
        retrying.head("a");
        assertThat(meter.count(Request.HEAD)).isEqualTo(new Count(3, 2, 0));
    }

    @Test
    void healthRemembersSinceWhen() {
        assertThat(meter.health().healthy()).isTrue();
        faults.fail(2, FailureKind.UNAVAILABLE);
        now.set(START.plusSeconds(10));
        TierContract.assertFails(FailureKind.UNAVAILABLE, () -> tier.head("a"));
        now.set(START.plusSeconds(20));
        TierContract.assertFails(FailureKind.UNAVAILABLE, () -> tier.head("a"));
        assertThat(meter.health().healthy()).isFalse();
        assertThat(meter.health().since()).isEqualTo(START.plusSeconds(10));
        assertThat(meter.health().lastError().orElseThrow().text()).isEqualTo("a fault of the test");
        now.set(START.plusSeconds(30));
        tier.head("a");
        assertThat(meter.health().healthy()).isTrue();
        assertThat(meter.health().since()).isEqualTo(START.plusSeconds(30));
        assertThat(meter.health().lastError()).isPresent();
    }

    @Test
    void whatIsAbsentIsNoIllness() {
        TierContract.assertFails(FailureKind.NOT_FOUND, () -> tier.get("none", 0, 1));
        assertThat(meter.health().healthy()).isTrue();
        assertThat(meter.count(Request.GET)).isEqualTo(new Count(1, 0, 0));
        faults.fail(1, FailureKind.REFUSED);
        TierContract.assertFails(FailureKind.REFUSED, () -> tier.head("a"));
        assertThat(meter.health().healthy()).isFalse();
    }
}
