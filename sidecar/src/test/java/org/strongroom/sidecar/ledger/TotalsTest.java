package org.strongroom.sidecar.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TotalsTest {
    /** Every status asks for it, of ten million files too. */
    @Test
    void whatLacksReceiptsIsLookedForAmongTheFewPacksThatDo(@TempDir Path folder) throws IOException {
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), Instant.EPOCH)) {
            List<String> steps = ledger.read(handle -> handle.createQuery("EXPLAIN QUERY PLAN " + Totals.ELSEWHERE)
                    .map((row, context) -> row.getString("detail"))
                    .list());

            assertThat(steps).anyMatch(step -> step.startsWith("SCAN p USING") && step.endsWith("packs_unsettled"));
            assertThat(steps).noneMatch(step -> step.startsWith("SCAN m") || step.equals("SCAN f"));
        }
    }
}
