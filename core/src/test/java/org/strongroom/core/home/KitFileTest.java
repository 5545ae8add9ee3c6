package org.strongroom.core.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KitFileTest {
    private static final Instant MADE = Instant.parse("2026-11-01T08:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

    @TempDir
    Path folder;

    private static KitFile made(String kit) {
        return new KitFile(kit, 5, 3, MADE, null, null);
    }

    @Test
    void aProofOfTheNotedKitIsNoted() throws IOException {
        KitFile note = KitFile.afterProof(Optional.of(made("1")), new KitFile("1", 3, 3, NOW, null, null), NOW, "far");
        assertThat(note).isEqualTo(new KitFile("1", 5, 3, MADE, NOW, "far"));
        note.write(folder.resolve("kit.json"));
        assertThat(KitFile.read(folder.resolve("kit.json"))).contains(note);
    }

    @Test
    void aKitThatWasNeverProvenStaysSoWhenAnotherOneIs() {
        assertThat(KitFile.afterProof(Optional.of(made("2")), made("1"), NOW, "far"))
                .isEqualTo(made("2"));
    }

    @Test
    void aProofOfAnotherKitTakesThePlaceOfAnEarlierProofAndOfNothing() {
        KitFile proven = made("1").proven(NOW, "far");
        assertThat(KitFile.afterProof(Optional.of(made("2").proven(MADE, "near")), made("1"), NOW, "far"))
                .isEqualTo(proven);
        assertThat(KitFile.afterProof(Optional.empty(), made("1"), NOW, "far")).isEqualTo(proven);
    }
}
