package org.strongroom.sidecar.marker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.MemoryTier;
import org.strongroom.sidecar.tier.TierFaults;

class TierMarkerTest {
    private static final UUID OURS = UUID.randomUUID();

    private final MemoryTier tier = new MemoryTier("near");

    @Test
    void itsOwnTakesOneRequest() {
        TierMarker.write(tier, OURS);
        TierFaults second = new TierFaults().pass(1).fail(1, FailureKind.UNAVAILABLE);
        assertThat(TierMarker.read(second.around(tier))).contains(OURS);
        assertThat(second.left()).isEqualTo(1);
    }

    @Test
    void oneThatSomebodyWroteInAnotherWayIsReadToo() {
        for (String format : List.of(
                "{\n  \"installation\": \"%s\",\n  \"strongroom\": 1\n}\n",
                "{\"strongroom\":1,\"installation\":\"%s\"}\n")) {
            put(format);
            assertThat(TierMarker.read(tier)).contains(OURS);
        }
    }

    @Test
    void noneIsNoneAndDamageIsDamage() {
        assertThat(TierMarker.read(tier)).isEmpty();
        for (String damaged : List.of("", "{}", "{\"strongroom\":1,\"installation\":\"%s", "x".repeat(5000))) {
            put(damaged);
            assertThatThrownBy(() -> TierMarker.read(tier))
                    .isInstanceOf(StrongroomException.class)
                    .hasMessageContaining("cannot be understood");
        }
    }

    @Test
    void aTierThatIsAwayIsNotWithoutAMarker() {
        TierMarker.write(tier, OURS);
        assertThatThrownBy(() -> TierMarker.read(
                        new TierFaults().fail(1, FailureKind.UNAVAILABLE).around(tier)))
                .isInstanceOf(StrongroomException.class)
                .extracting(e -> ((StrongroomException) e).kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aTierThatRefusesIsAskedOnce() {
        TierFaults refusal = new TierFaults().fail(2, FailureKind.REFUSED);
        assertThatThrownBy(() -> TierMarker.read(refusal.around(tier)))
                .isInstanceOf(StrongroomException.class)
                .extracting(e -> ((StrongroomException) e).kind())
                .isEqualTo(FailureKind.REFUSED);
        assertThat(refusal.left()).isEqualTo(1);
    }

    private void put(String marker) {
        tier.delete(TierMarker.OBJECT);
        tier.put(TierMarker.OBJECT, marker.formatted(OURS).getBytes(StandardCharsets.UTF_8));
    }
}
