package org.strongroom.core.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormerKeysTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("former.json");
        assertThat(FormerKeys.read(file)).isEqualTo(FormerKeys.NONE);
        FormerKeys former = new FormerKeys(Instant.parse("2026-11-26T17:00:00Z"));
        former.write(file);
        assertThat(FormerKeys.read(file)).isEqualTo(former);
    }

    @Test
    void whatCannotBeUnderstoodIsNotTakenForNoChange() throws IOException {
        for (String json : new String[] {"{}", "[1", "", "{\"changed\": \"then\"}"}) {
            Path file = Files.writeString(folder.resolve("former.json"), json);
            assertThatThrownBy(() -> FormerKeys.read(file))
                    .as(json)
                    .hasMessageContaining("when a key was changed is damaged");
        }
    }
}
