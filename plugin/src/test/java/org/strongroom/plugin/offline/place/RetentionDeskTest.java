package org.strongroom.plugin.offline.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.offline.OneStudyCommands;

class RetentionDeskTest extends OneStudyCommands {
    private Place place() {
        Settings settings = Settings.parse("{\"Strongroom\": {\"Home\": \"" + home.root()
                + "\", \"RootKey\": {\"KeyFile\": \"" + folder.resolve("root.key") + "\"}}}");
        return new Place(settings, home);
    }

    @Test
    void oneCommandAtATimeChangesItAndEachGoesOnWithTheLog() throws IOException {
        for (int i = 0; i < 2; i++) {
            RetentionDesk desk = RetentionDesk.take(place(), Clock.systemUTC());
            try (desk) {
                assertThatExceptionOfType(StrongroomException.class)
                        .isThrownBy(() -> RetentionDesk.take(place(), Clock.systemUTC()))
                        .withMessageContaining("another command is at work");
                desk.record(AuditEvent.of(AuditType.RETENTION).by("command line"));
            }
        }
        PendingReader reader = new PendingReader(home.pendingAuditOfCommands());
        List<String> found = new ArrayList<>();
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            found.add(next.get().entry().orElseThrow().writer().replaceAll("-.*", ""));
        }
        assertThat(found).containsExactly("command", "command");
    }
}
