package org.strongroom.plugin.offline.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.RetentionPlan;
import org.strongroom.plugin.storage.StorageFixture;

/** What the plan is told of sealed files as storage makes them. */
class PlanFactsTest {
    private static final TierContents NO_TIER = new TierContents() {
        @Override
        public void packs(Consumer<PackLine> each) {}

        @Override
        public void studies(Consumer<StudyStatus> each) {}

        @Override
        public void objects(String tier, String prefix, Consumer<ObjectLine> each) {}

        @Override
        public ByteSource object(String tier, String name, long size) {
            throw new IllegalStateException("there is none");
        }
    };

    @TempDir
    Path folder;

    private StorageFixture open;

    @BeforeEach
    void open() throws IOException {
        open = StorageFixture.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private Attachment arrive(SyntheticDicom image) {
        Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        open.storage.create(attachment, ByteSource.of(image.toBytes()), () -> true);
        return attachment;
    }

    @Test
    void everyStudyIsPlannedByWhatItsHeadsSay() throws IOException {
        arrive(SyntheticDicom.mr().patient("P1").study("1.2.3").series("1.2.3.1"));
        arrive(SyntheticDicom.mr()
                .patient("P1")
                .study("1.2.3")
                .series("1.2.3.1")
                .instance(2));
        open.storage.remove(
                arrive(SyntheticDicom.ct().patient("P1").study("1.2.3").series("1.2.3.2")));
        Attachment damaged = arrive(SyntheticDicom.ct().patient("P2").study("1.2.4"));
        byte[] sealed = Files.readAllBytes(open.home.spooled(damaged.uuid()));
        sealed[200] ^= 1;
        Files.write(open.home.spooled(damaged.uuid()), sealed);

        Settings settings = Settings.parse("{\"Strongroom\": {\"Home\": \"/srv/strongroom\", \"RootKey\": {\"KeyFile\":"
                + " \"/c\"}, \"Retention\": {\"Laws\": [\"DE\"]}}}");
        RetentionPlan plan = new RetentionPlan(settings, Clock.systemUTC().instant());
        Map<String, Long> failures = PlanFacts.collect(
                plan,
                NO_TIER,
                open.home,
                open.keyring,
                LivingNames.read(open.home, open.keyring.home()),
                (packs, all) -> {});
        List<PlannedStudy> studies = plan.studies(open.keyring::tenantName, Map.of(), List.of());

        assertThat(failures.values()).containsExactly(1L);
        assertThat(studies).hasSize(2);
        PlannedStudy whole = studies.stream()
                .filter(study -> study.study().equals("1.2.3"))
                .findFirst()
                .orElseThrow();
        assertThat(whole.fate()).isEqualTo(Fate.KEPT);
        assertThat(whole.tenant()).isEqualTo("clinic");
        assertThat(whole.images()).isEqualTo(3);
        assertThat(whole.living()).isEqualTo(2);
        assertThat(whole.because())
                .extracting(PlannedStudy.Because::rule)
                .as("one of its series is a CT")
                .contains("DE/radiation", "DE/record")
                .doesNotContain("DE/treatment");
        assertThat(studies).filteredOn(study -> study.fate() == Fate.UNREAD).hasSize(1);
    }
}
