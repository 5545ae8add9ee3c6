package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.plugin.audit.Viewing;

class UnaskedTest {
    private static final UUID STUDY = UUID.randomUUID();

    private final List<Unasked.Running> jobs = new ArrayList<>();
    private final Set<String> stations = new TreeSet<>();
    private final Unasked unasked = new Unasked(
            key -> key.equals(STUDY.toString()) ? List.copyOf(jobs) : List.of(),
            () -> Set.copyOf(stations),
            () -> "C-GET");

    @Test
    void aJobReadsForWhoeverStartedIt() {
        jobs.add(new Unasked.Running("a", "ann", true));
        Viewing reading = unasked.reading(STUDY);
        assertThat(reading.who()).isEqualTo("ann");
        assertThat(reading.details()).containsEntry("way", "job").containsEntry("job", "a");
        assertThat(reading.study()).isEqualTo(STUDY.toString());
        assertThat(unasked.reading(UUID.randomUUID()).details())
                .as("it is about another study")
                .containsEntry("way", "storage")
                .doesNotContainKeys("job", "service");

        jobs.add(new Unasked.Running("b", "bob", true));
        assertThat(unasked.reading(STUDY).who()).isEqualTo(AuditEvent.ORTHANC);
        assertThat(unasked.reading(STUDY).details()).containsEntry("way", "job").doesNotContainKey("job");
    }

    @Test
    void aJobOfWhichNobodyKnowsWhatItIsAboutIsNobodysReading() {
        jobs.add(new Unasked.Running("a", "ann", false));
        Viewing reading = unasked.reading(STUDY);
        assertThat(reading.who()).isEqualTo(AuditEvent.ORTHANC);
        assertThat(reading.details()).containsEntry("way", "job").containsEntry("job", "a");
    }

    @Test
    void aStationThatIsConnectedGetsIt() {
        stations.add("10.0.2.7");
        Viewing reading = unasked.reading(STUDY);
        assertThat(reading.who()).isEqualTo(AuditEvent.ORTHANC);
        assertThat(reading.address()).isEqualTo("10.0.2.7");
        assertThat(reading.details())
                .containsEntry("way", "dicom")
                .containsEntry("service", "C-GET")
                .containsEntry("station", "unknown");
        stations.add("10.0.2.8");
        assertThat(unasked.reading(STUDY).address()).as("one of two").isEmpty();
    }

    @Test
    void whereBothMayBeBothAreTold() {
        stations.add("10.0.2.7");
        jobs.add(new Unasked.Running("a", "ann", true));
        Viewing reading = unasked.reading(STUDY);
        assertThat(reading.who()).isEqualTo(AuditEvent.ORTHANC);
        assertThat(reading.address()).isEqualTo("10.0.2.7");
        assertThat(reading.details())
                .containsEntry("way", "job or dicom")
                .containsEntry("job", "a")
                .containsEntry("service", "C-GET");
    }
}
