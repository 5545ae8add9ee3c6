package org.strongroom.core.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormerKeysTest {
    private static final String RECORD = "ab".repeat(32);
    private static final String ROOT = "installation/root-" + "01".repeat(16);
    private static final String JOURNAL = "installation/journal-key-" + "02".repeat(16);
    private static final Instant THEN = Instant.parse("2026-11-26T17:00:00Z");

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("former.json");
        assertThat(FormerKeys.read(file)).isEqualTo(FormerKeys.NONE);
        FormerKeys former = FormerKeys.NONE.and(THEN, Set.of(RECORD), Set.of(ROOT, JOURNAL), Set.of());
        former.write(file);
        assertThat(FormerKeys.read(file)).isEqualTo(former);
        assertThat(former.changed()).isEqualTo(THEN);
    }

    @Test
    void whatIsInUseAgainIsNotFormer() {
        FormerKeys former = FormerKeys.NONE
                .and(THEN, Set.of(RECORD), Set.of(ROOT), Set.of())
                .and(THEN, Set.of(), Set.of(JOURNAL), Set.of(ROOT));
        assertThat(former.copies()).containsExactly(JOURNAL);
        assertThat(former.tenants()).containsExactly(RECORD);
    }

    /** A list that named anything else would have it deleted in every tier. */
    @Test
    void nothingElseCanBeNamed() throws IOException {
        for (String json : new String[] {
            "{}",
            "[1",
            "{\"changed\": \"2026-11-26T17:00:00Z\", \"tenants\": [\"x\"], \"copies\": []}",
            "{\"changed\": \"2026-11-26T17:00:00Z\", \"tenants\": [], \"copies\": [\"packs/1\"]}",
            "{\"changed\": \"2026-11-26T17:00:00Z\", \"tenants\": [], \"copies\": [\"installation/identity-"
                    + "01".repeat(16) + "\"]}",
            "{\"changed\": \"then\", \"tenants\": [], \"copies\": []}"
        }) {
            Path file = Files.writeString(folder.resolve("former.json"), json);
            assertThatThrownBy(() -> FormerKeys.read(file))
                    .as(json)
                    .hasMessageContaining("the list of what former root keys open is damaged");
        }
    }
}
