package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Senders;

/** {@code /tools/reset} unloads the plugin and loads it again in the same process, in which a JVM can be created once. */
class ResetIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void tenResetsUnderLoadLoseNothingThatWasAcknowledged(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Senders senders = new Senders(orthanc, 3);
            try (senders) {
                for (int reset = 0; reset < 10; reset++) {
                    senders.awaitMore(3);
                    orthanc.reset();
                }
                senders.awaitMore(3);
            }

            assertThat(orthanc.running()).as(orthanc.log()).isTrue();
            senders.assertNothingLost();
        }
    }
}
