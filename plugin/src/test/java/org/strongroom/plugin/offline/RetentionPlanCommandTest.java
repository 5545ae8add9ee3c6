package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.RetentionPlan;
import org.strongroom.plugin.storage.Aliases;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.storage.StorageLimits;

/** What the plan is told of sealed files as storage makes them. */
class RetentionPlanCommandTest {
    private static final TierContents NO_TIER = new TierContents() {
        @Override
        public void packs(Consumer<PackLine> each) {}

        @Override
        public void objects(String tier, String prefix, Consumer<ObjectLine> each) {}

        @Override
        public ByteSource object(String tier, String name, long size) {
            throw new IllegalStateException("there is none");
        }
    };

    @TempDir
    Path folder;

    private Home home;
    private Keyring keyring;
    private Journal journal;
    private AuditTap audit;
    private SealedStorage storage;

    @BeforeEach
    void open() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Clock clock = Clock.systemUTC();
        keyring = Keyring.create(home, source, UUID.randomUUID(), clock);
        Holds holds = new Holds(keyring, clock);
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, clock, holds::replay);
        audit = AuditTap.open(home, clock, RunningTime.system());
        storage = new SealedStorage(
                home,
                new StorageLimits(
                        Optional.empty(), 1, Duration.ofSeconds(1), Watermark.parse("1 B"), Watermark.parse("85 %")),
                folder.resolve("orthanc"),
                keyring,
                journal,
                holds,
                new Aliases(),
                () -> {
                    throw StrongroomException.of(FailureKind.UNAVAILABLE, "no sidecar");
                },
                audit,
                Optional.empty(),
                key -> {});
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        audit.close();
        journal.close();
        keyring.close();
    }

    private Attachment arrive(SyntheticDicom image) {
        Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        storage.create(attachment, ByteSource.of(image.toBytes()), () -> true);
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
        storage.remove(arrive(SyntheticDicom.ct().patient("P1").study("1.2.3").series("1.2.3.2")));
        Attachment damaged = arrive(SyntheticDicom.ct().patient("P2").study("1.2.4"));
        byte[] sealed = Files.readAllBytes(home.spooled(damaged.uuid()));
        sealed[200] ^= 1;
        Files.write(home.spooled(damaged.uuid()), sealed);

        Settings settings = Settings.parse("{\"Strongroom\": {\"Home\": \"/srv/strongroom\", \"RootKey\": {\"KeyFile\":"
                + " \"/c\"}, \"Retention\": {\"Laws\": [\"DE\"]}}}");
        RetentionPlan plan = new RetentionPlan(settings, Clock.systemUTC().instant());
        Map<String, Long> failures =
                RetentionPlanCommand.collect(plan, NO_TIER, home, keyring, LivingNames.read(home, keyring.home()));
        List<PlannedStudy> studies = plan.studies(keyring::tenantName, Map.of(), List.of());

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
