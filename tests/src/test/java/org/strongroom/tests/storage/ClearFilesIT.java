package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** An Orthanc that ran for years before Strongroom was switched on. */
class ClearFilesIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void oldStudiesStayVisibleAndNewOnesAreSealed(Debian debian) {
        List<byte[]> images = Samples.ct(2);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.withoutStrongroom();
            OrthancProcess orthanc = clinic.start();
            String old = orthanc.rest().upload(images.get(0));
            orthanc.stop();

            clinic.withStrongroom();
            orthanc.restart();
            String sealed = orthanc.rest().upload(images.get(1));

            assertThat(orthanc.rest().file(old)).isEqualTo(images.get(0));
            assertThat(orthanc.rest().get("/instances/" + old + "/preview")).isNotEmpty();
            assertThat(orthanc.rest().file(sealed)).isEqualTo(images.get(1));
        }
    }
}
