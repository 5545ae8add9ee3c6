package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.tier.ArchiveClasses.Place;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.TierFactory;
import org.strongroom.sidecar.uplink.Uplink;

/** The access tier Archive, on Azurite, which brings back at once what Azure brings back within hours. */
final class AzureArchiveIT {
    private static final String PACK = "packs/00112233445566778899aabbccddeeff";
    private static final String COMPANION = "heads/00112233445566778899aabbccddeeff";

    @Test
    void anArchivedBlobIsThereAndCannotBeReadUntilItIsBroughtBack() throws Exception {
        byte[] content = new byte[3000];
        new Random(5).nextBytes(content);
        byte[] companion = new byte[576];
        System.arraycopy(content, 0, companion, 0, 76);
        System.arraycopy(content, 2500, companion, 76, 500);
        try (AzuriteServer azurite = new AzuriteServer();
                OpenedTier opened = open(azurite)) {
            Tier tier = opened.tier();
            ArchiveClasses archive = opened.archive().orElseThrow();
            tier.put(PACK, content);
            assertThat(archive.shelf(PACK).place()).isEqualTo(Place.AT_HAND);
            for (String next : List.of("Cool", "Cool", "Cold")) {
                archive.move(PACK, next);
                assertThat(archive.storageClass(PACK)).isEqualTo(next);
                assertThat(archive.shelf(PACK).place()).isEqualTo(Place.AT_HAND);
                try (InputStream whole = tier.get(PACK, 0, 3000)) {
                    assertThat(whole.readAllBytes()).isEqualTo(content);
                }
            }
            archive.move(PACK, "Archive");
            archive.move(PACK, "Archive");
            assertThat(archive.shelf(PACK)).isEqualTo(new ArchiveClasses.Shelf(Place.ARCHIVED, 3000, Optional.empty()));
            assertThat(tier.head(PACK)).contains(new Tier.ObjectInfo(PACK, 3000));
            assertThat(catchThrowableOfType(StrongroomException.class, () -> tier.get(PACK, 0, 10))
                            .kind())
                    .isEqualTo(FailureKind.ARCHIVED);
            tier.put(COMPANION, companion);
            try (InputStream heads = tier.get(PACK, 2500, 500)) {
                assertThat(heads.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(content, 2500, 3000));
            }

            assertThat(archive.bringBack(PACK, Urgency.CLINICAL, Duration.ofDays(1)))
                    .isEqualTo(Duration.ofHours(1));
            assertThat(archive.shelf(PACK).place()).isEqualTo(Place.AT_HAND);
            try (InputStream whole = tier.get(PACK, 0, 3000)) {
                assertThat(whole.readAllBytes()).isEqualTo(content);
            }
            tier.delete(PACK);
            assertThat(tier.head(COMPANION)).isEmpty();
        }
    }

    private static OpenedTier open(AzuriteServer azurite) {
        return new TierFactory(Clock.systemUTC(), pause -> {}, new Random(1), RetryPolicy.DEFAULT, Uplink.unlimited())
                .open(
                        "az",
                        new TierSettings(
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                Optional.of(azurite.make("archive")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }
}
