package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** A patient's hold is on studies that arrive after it was made. */
class HeldArrivalTest {
    @TempDir
    Path folder;

    private Keyring keyring;
    private Journal journal;
    private AuditTap audit;
    private Holds holds;
    private SealedStorage storage;

    @BeforeEach
    void open() throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Clock clock = Clock.systemUTC();
        keyring = Keyring.create(home, source, UUID.randomUUID(), clock);
        holds = new Holds(keyring, clock);
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

    private void arrive(String patient, String study) {
        byte[] image = SyntheticDicom.ct().patient(patient).study(study).toBytes();
        storage.create(new Attachment(UUID.randomUUID(), Attachment.DICOM), ByteSource.of(image), () -> true);
    }

    private Set<UUID> held() {
        return holds.open().get(0).held();
    }

    @Test
    void whatArrivesLaterIsHeldFromItsFirstImageOn() throws IOException {
        arrive("P1", "1.2.3");
        List<UUID> known = keyring.patientKeys("P1");
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.PATIENT, "P1");
        holds.carryOut(HoldOrder.add(keyring, text, known), journal, audit);
        assertThat(held()).containsExactlyElementsOf(known);

        arrive("P2", "1.2.5");
        assertThat(held()).containsExactlyElementsOf(known);
        arrive("P1", "1.2.4");
        assertThat(held())
                .containsExactlyInAnyOrderElementsOf(keyring.patientKeys("P1"))
                .hasSize(2);
    }
}
