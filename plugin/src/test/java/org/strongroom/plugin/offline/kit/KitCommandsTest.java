package org.strongroom.plugin.offline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.plugin.offline.OneStudyCommands;

class KitCommandsTest extends OneStudyCommands {
    @Test
    void thatAKitIsMadeIsInTheAuditLogAndNothingThatOpensAnything() throws IOException {
        assertThat(run(
                        "kit",
                        "create",
                        "--shares",
                        "3",
                        "--need",
                        "2",
                        "--out",
                        folder.resolve("kit").toString()))
                .as(err)
                .isZero();
        List<Map<String, String>> recorded = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAuditOfCommands());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            next.get().entry().ifPresent(entry -> recorded.add(entry.event().details()));
        }
        assertThat(recorded).singleElement().satisfies(details -> assertThat(details)
                .containsEntry("step", "made")
                .containsEntry("shares", "3")
                .containsEntry("need", "2")
                .containsOnlyKeys("kit", "step", "shares", "need", "from"));
        assertThat(out).contains("Kit " + recorded.get(0).get("kit"));
    }

    /** Whoever has nothing but a sheet types that behind {@code --from}. */
    @Test
    void aSheetNamesTheWholePlaceAsARecoveryTakesIt() {
        Map<String, TierSettings> tiers = Configuration.parse(
                        """
                        {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Tiers": {
                          "aws": {"S3": {"Bucket": "archive", "Region": "eu-1"}},
                          "own": {"S3": {"Bucket": "archive", "Prefix": "north/ct", "Endpoint": "https://s3.example.org"}},
                          "az": {"Azure": {"Account": "clinic", "Container": "images", "Prefix": "north", "KeyFile": "/a"}},
                          "disk": {"Directory": "/mnt/far"}}}}
                        """)
                .settings()
                .tiers();
        assertThat(KitCreateCommand.where(tiers.get("aws"))).isEqualTo("s3://archive at AWS, eu-1");
        assertThat(KitCreateCommand.where(tiers.get("own")))
                .isEqualTo("s3://archive/north/ct/ at https://s3.example.org");
        assertThat(KitCreateCommand.where(tiers.get("az"))).isEqualTo("azure://clinic/images/north/");
        assertThat(KitCreateCommand.where(tiers.get("disk"))).isEqualTo("folder /mnt/far");
    }
}
