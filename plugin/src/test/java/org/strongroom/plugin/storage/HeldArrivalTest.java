package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;

/** A patient's hold is on studies that arrive after it was made. */
class HeldArrivalTest {
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

    private void arrive(String patient, String study) {
        byte[] image = SyntheticDicom.ct().patient(patient).study(study).toBytes();
        open.storage.create(new Attachment(UUID.randomUUID(), Attachment.DICOM), ByteSource.of(image), () -> true);
    }

    private Set<UUID> held() {
        return open.holds.open().get(0).held();
    }

    @Test
    void whatArrivesLaterIsHeldFromItsFirstImageOn() throws IOException {
        arrive("P1", "1.2.3");
        List<UUID> known = open.keyring.names().ofPatient("P1");
        HoldText text = new HoldText("Dr. Roe", "case 12/26", HoldText.Kind.PATIENT, "P1");
        open.holds.carryOut(HoldOrder.add(open.keyring, text, known), open.journal, open.audit);
        assertThat(held()).containsExactlyElementsOf(known);

        arrive("P2", "1.2.5");
        assertThat(held()).containsExactlyElementsOf(known);
        arrive("P1", "1.2.4");
        assertThat(held())
                .containsExactlyInAnyOrderElementsOf(open.keyring.names().ofPatient("P1"))
                .hasSize(2);
    }
}
