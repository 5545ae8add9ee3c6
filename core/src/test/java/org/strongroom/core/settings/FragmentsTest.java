package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The ready fragments load as they are. */
class FragmentsTest {
    @Test
    void smallest() {
        Settings settings = load("smallest.json");
        assertThat(settings.tiers()).containsOnlyKeys("offsite");
        assertThat(settings.requiredCopies()).isEqualTo(1);
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void s3() {
        S3Settings s3 = load("s3.json").tiers().get("cloud").s3().orElseThrow();
        assertThat(s3.endpoint()).isPresent();
        assertThat(s3.credentialsFile()).contains(Path.of("/etc/strongroom/s3-credentials"));
    }

    @Test
    void twoTiers() {
        Settings settings = load("two-tiers.json");
        assertThat(settings.tiers().get("near").directory()).isPresent();
        assertThat(settings.tiers().get("far").s3()).isPresent();
        assertThat(settings.requiredCopies()).isEqualTo(2);
        assertThat(settings.spoolMirror()).isEqualTo(Optional.of(Path.of("/mnt/second-disk/strongroom")));
    }

    @Test
    void docker() {
        Settings settings = Configuration.load(
                        Path.of("../docker/orthanc.json"), Map.of("ORTHANC_PASSWORD", "a password"))
                .settings();
        assertThat(settings.tiers().get("offsite").directory()).contains(Path.of("/mnt/offsite"));
        assertThat(settings.warnings()).isEmpty();
    }

    private static Settings load(String name) {
        return Configuration.load(Path.of("../orthanc-config").resolve(name), Map.of())
                .settings();
    }
}
