package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.strongroom.core.home.HomeCopy;

class TierNamesTest {
    private static final String DIGEST = "0123456789abcdef0123456789abcdef";

    @Test
    void ofEachSegmentTheLongestAndOfHeadsTheNewest() {
        Map<String, Long> objects = new TreeMap<>();
        for (String name : List.of(
                "tier.id",
                "installation/identity-" + DIGEST,
                "keys/00000001-9-aa",
                "keys/00000001-10-bb",
                "keys/00000002-1-cc",
                "keys/notes.txt",
                "journal/00000001-900-aa",
                "journal/00000001-1000-bb",
                "journal/00000002-5-cc",
                "journal/head-9-aa",
                "journal/head-10-bb",
                "journal/../../etc/passwd")) {
            objects.put(name, 100L);
        }
        objects.put("keys/00000001-99-dd", 1L << 40);
        TierNames names = TierNames.of(objects);
        assertThat(names.bundles())
                .isEqualTo(Map.of(
                        1, List.of("keys/00000001-10-bb", "keys/00000001-9-aa"), 2, List.of("keys/00000002-1-cc")));
        assertThat(names.journal())
                .containsExactly(
                        "journal/00000001-1000-bb", "journal/00000002-5-cc", "journal/head-10-bb", "journal/head-9-aa");
        assertThat(names.copies(HomeCopy.IDENTITY)).containsExactly("installation/identity-" + DIGEST);
        assertThat(names.copies(HomeCopy.ROOT)).isEmpty();
        assertThat(TierNames.journalSegment("journal/00000002-5-cc")).contains(2);
        assertThat(TierNames.journalSegment("journal/head-10-bb")).isEmpty();
    }
}
