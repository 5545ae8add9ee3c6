package org.strongroom.sidecar.marker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.sidecar.tier.MemoryTier;

/** Whatever lies under {@code tier.id}: a tier is somebody's, nobody's, or it cannot be told. */
class TierMarkerFuzzTest {
    private static final UUID INSTALLATION = UUID.fromString("0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0");

    @Test
    void marker() throws Exception {
        MemoryTier written = new MemoryTier("near");
        TierMarker.write(written, INSTALLATION);
        byte[] marker;
        try (var in = written.get(
                TierMarker.OBJECT,
                0,
                written.head(TierMarker.OBJECT).orElseThrow().size())) {
            marker = in.readAllBytes();
        }
        Fuzz.of("tier-marker")
                .refuses(FailureKind.CORRUPT)
                .words(
                        "null",
                        "[]",
                        "{}",
                        "{\"strongroom\":",
                        "1",
                        "1e999",
                        "\"installation\":",
                        "\"1-1-1-1-1\"",
                        "\\ud800",
                        "[[[[[[[[")
                .drawn("marker", marker)
                .run(input -> {
                    MemoryTier tier = new MemoryTier("near");
                    tier.put(TierMarker.OBJECT, input);
                    assertThat(TierMarker.read(tier)).isPresent();
                });
    }
}
