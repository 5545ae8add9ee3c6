package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.AuditLogs.Told;
import org.strongroom.plugin.tenancy.Sender;

class PluginsLogTest {
    private static final String ID = "0123abcd-0123abcd-0123abcd-0123abcd-0123abcd";
    private static final int STUDY = 1;
    private static final int NONE = 4;

    private final List<AuditEvent> recorded = new ArrayList<>();
    private final LookUps lookUps =
            new LookUps(resource -> Optional.empty(), PluginsLogTest::keysOf, () -> Duration.ZERO);
    private final PluginsLog log = new PluginsLog(lookUps, recorded::add);

    @AfterEach
    void close() {
        lookUps.close();
    }

    private static List<String> keysOf(Resource resource) {
        return resource.level() == Level.PATIENT
                ? List.of("key-1", "key-2")
                : resource.level() == Level.STUDY ? List.of("key-1") : List.of();
    }

    @Test
    void whatAPluginTellsIsRecordedUnderATypeOfItsOwn() {
        log.told(new Told("authorization", "ann@north", STUDY, ID, "new-study-from-anonymization", 77, ""));
        assertThat(recorded).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.ORTHANC);
            assertThat(event.principal()).contains("ann@north");
            assertThat(event.details())
                    .containsEntry("plugin", "authorization")
                    .containsEntry("action", "new-study-from-anonymization")
                    .containsEntry("level", "study")
                    .containsEntry("key", "key-1")
                    .containsEntry("dataBytes", "77")
                    .doesNotContainKey("asker")
                    .doesNotContainValue(ID);
        });
        recorded.clear();
        log.told(new Told("authorization", "ann", 0, ID, "view", 0, new Sender("", "rad", "").token()));
        assertThat(recorded).extracting(event -> event.details().get("key")).containsExactly("key-1", "key-2");
        assertThat(recorded.get(0).details()).containsEntry("asker", "rad");
        recorded.clear();
        log.told(new Told("authorization", "strongroom", NONE, "", "login", 0, ""));
        assertThat(recorded.get(0).principal()).contains("user strongroom");
        recorded.clear();
        log.told(new Told("authorization", "ann", 3, ID, "delete", 0, ""));
        assertThat(recorded.get(0).details()).as("it is gone").containsEntry("key", "unknown");
    }

    @Test
    void nothingThatMayNameAPatientIsWrittenDown() {
        log.told(new Told("Python", "DOE^JANE", NONE, "PID-4711", "viewed PID-4711 of DOE^JANE", 5, ""));
        log.told(new Told("my plugin of Jane", "Jane Doe", STUDY, "1.2.840.113619", "4711", 5, ""));
        log.told(new Told("", "", -1, "", "", 0, ""));
        assertThat(recorded).hasSize(3).allSatisfy(event -> {
            assertThat(event.principal()).contains("other");
            assertThat(event.details()).containsEntry("action", "other").doesNotContainKey("key");
            assertThat(event.toString()).doesNotContain("DOE", "Doe", "4711", "113619", "Jane");
        });
        assertThat(recorded.get(0).details()).containsEntry("plugin", "Python");
    }
}
