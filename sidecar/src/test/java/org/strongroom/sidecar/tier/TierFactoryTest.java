package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.uplink.Uplink;

final class TierFactoryTest {
    private final TierFactory factory =
            new TierFactory(Clock.systemUTC(), pause -> {}, new Random(1), RetryPolicy.DEFAULT, Uplink.unlimited());

    @TempDir
    Path folder;

    @Test
    void aDirectoryCountsOnlyOnAnotherFileSystemOrWhenAllowed() {
        try (OpenedTier near = open(folder, false);
                OpenedTier allowed = open(folder, true)) {
            assertThat(near.countsBeside(folder.resolve("home"))).isFalse();
            assertThat(near.countsBeside(Path.of("/proc"))).isTrue();
            assertThat(allowed.countsBeside(folder.resolve("home"))).isTrue();
        }
    }

    @Test
    void aDirectoryThatIsNotThereCannotTell() {
        try (OpenedTier missing = open(folder.resolve("missing"), false)) {
            TierContract.assertFails(FailureKind.UNAVAILABLE, () -> missing.countsBeside(folder));
            TierContract.assertFails(
                    FailureKind.UNAVAILABLE, () -> missing.tier().head("tier.id"));
            assertThat(missing.meter().count(TierMeter.Request.HEAD).requests())
                    .isEqualTo(RetryPolicy.DEFAULT.attempts());
        }
    }

    @Test
    void aContainerIsElsewhereAndAsksNothingYet() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "a2V5");
        AzureSettings azure =
                Containers.settings(URI.create("http://127.0.0.1:9/clinic"), "clinic", key, "images", "p");
        TierSettings settings = new TierSettings(
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(azure),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (OpenedTier opened = factory.open("az", settings)) {
            assertThat(opened.tier().kind()).isEqualTo("azure");
            assertThat(opened.countsBeside(folder)).isTrue();
        }
    }

    private OpenedTier open(Path directory, boolean allowSameDisk) {
        return factory.open(
                "offsite",
                new TierSettings(
                        Optional.of(directory),
                        allowSameDisk,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }
}
