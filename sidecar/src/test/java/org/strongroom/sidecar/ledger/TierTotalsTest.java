package org.strongroom.sidecar.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.sidecar.ledger.Totals.TierSum;

/** The sums that triggers keep are those that counting gives, whatever happens to copies, and in whatever order. */
class TierTotalsTest {
    private static final List<String> TIERS = List.of("near", "far");
    private static final long SEED = 20261125;

    @Test
    void sumsAreWhatCountingGives(@TempDir Path folder) throws IOException {
        Random random = new Random(SEED);
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), Instant.EPOCH)) {
            new TierTable(ledger).configure(TIERS, tier -> true);
            ledger.write(handle -> handle.execute(
                    "INSERT INTO studies (id, key, tenant, arrived, used) VALUES (1, x'01', x'01', 0, 0)"));
            for (int round = 0; round < 400; round++) {
                change(ledger, random);
                if (round % 20 == 0) {
                    compare(ledger);
                }
            }
            compare(ledger);
        }
    }

    private static void change(Ledger ledger, Random random) {
        int pack = 1 + random.nextInt(12);
        int tier = 1 + random.nextInt(TIERS.size());
        int state = random.nextInt(CopyState.values().length);
        ledger.write(handle -> switch (random.nextInt(5)) {
            case 0 -> handle.execute("DELETE FROM copies WHERE pack = ? AND tier = ?", pack, tier);
            case 1 -> remove(handle, pack);
            case 2 -> handle.execute("UPDATE copies SET state = ? WHERE pack = ?", state, pack);
            case 3 -> handle.execute("UPDATE copies SET state = ?, scrubbed = 7 WHERE tier = ?", state, tier);
            default -> add(handle, pack, tier, state);
        });
    }

    private static int remove(Handle handle, int pack) {
        handle.execute("DELETE FROM copies WHERE pack = ?", pack);
        return handle.execute("DELETE FROM packs WHERE id = ?", pack);
    }

    private static int add(Handle handle, int pack, int tier, int state) {
        handle.execute(
                "INSERT OR IGNORE INTO packs (id, pack, study, members, bytes, digest, created)"
                        + " VALUES (?, randomblob(16), 1, 1, ?, x'00', 0)",
                pack,
                1L << pack);
        return handle.execute("INSERT OR IGNORE INTO copies (pack, tier, state) VALUES (?, ?, ?)", pack, tier, state);
    }

    private static void compare(Ledger ledger) {
        Totals totals = Totals.of(ledger);
        for (String tier : TIERS) {
            TierSum sum = totals.tiers().getOrDefault(tier, TierSum.NONE);
            assertThat(List.of(sum.objects(), sum.bytes(), sum.copies(), sum.queued(), sum.seeded()))
                    .isEqualTo(List.of(
                            count(ledger, tier, "count(*)", "c.state IN (4, 5)"),
                            count(ledger, tier, "coalesce(sum(p.bytes), 0)", "c.state IN (4, 5)"),
                            count(ledger, tier, "count(*)", "c.state = 4"),
                            count(ledger, tier, "count(*)", "(c.state < 4 OR c.state = 7)"),
                            count(ledger, tier, "count(*)", "c.state = 7")));
            assertThat(new CopyTable(ledger).receivedBytes(tier))
                    .isEqualTo(count(ledger, tier, "coalesce(sum(p.bytes), 0)", "c.state = 4"));
        }
    }

    private static long count(Ledger ledger, String tier, String what, String where) {
        return ledger.read(handle -> handle.createQuery("SELECT " + what
                        + " FROM copies c JOIN packs p ON p.id = c.pack JOIN tiers t ON t.id = c.tier WHERE t.name = ? AND "
                        + where)
                .bind(0, tier)
                .mapTo(Long.class)
                .one());
    }
}
