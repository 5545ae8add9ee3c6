package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.PendingReader;

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
}
