package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogApartTierTest {
    @Test
    void eachNameIsOfOneOfTwo() throws Exception {
        try (MemoryTier everyday = new MemoryTier("near");
                MemoryTier log = new MemoryTier("near");
                Tier both = new LogApartTier(everyday, log)) {
            both.put("packs/1", new byte[] {1});
            both.put("audit/key-1", new byte[] {2, 2});
            assertThat(names(everyday, "")).containsExactly("packs/1");
            assertThat(names(log, "")).containsExactly("audit/key-1");
            assertThat(names(both, "audit/")).containsExactly("audit/key-1");
            assertThat(names(both, "")).containsExactly("packs/1");
            assertThat(both.head("audit/key-1").orElseThrow().size()).isEqualTo(2);
            assertThat(both.get("audit/key-1", 0, 2).readAllBytes()).hasSize(2);
            String upload = both.begin("packs/2", 10);
            String logs = both.begin("audit/log", 10);
            assertThat(both.uploads()).extracting(Tier.Upload::name).containsExactly("packs/2", "audit/log");
            both.abort("packs/2", upload);
            both.abort("audit/log", logs);
            assertThat(both.uploads()).isEmpty();
            both.delete("audit/key-1");
            assertThat(names(log, "")).isEmpty();
        }
    }

    private static List<String> names(Tier tier, String prefix) {
        List<String> names = new ArrayList<>();
        tier.list(prefix, object -> names.add(object.name()));
        return names;
    }
}
