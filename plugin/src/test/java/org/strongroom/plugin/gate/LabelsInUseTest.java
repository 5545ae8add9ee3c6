package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;

class LabelsInUseTest {
    private final TwoClinics clinics = new TwoClinics();

    @Test
    void eachSeesThoseThatSomethingOfTheirsHas() {
        clinics.orthanc.labels.put("/studies/" + clinics.norths, Set.of("seen", "norths", "strongroom-tenant-north"));
        clinics.orthanc.labels.put("/studies/" + clinics.souths, Set.of("seen", "souths", "strongroom-tenant-south"));
        assertThat(labels("north-radiologist")).isEqualTo("[\"norths\",\"seen\"]\n");
        assertThat(labels("south-billing")).isEqualTo("[\"seen\",\"souths\"]\n");
        assertThat(labels("north-referrer")).isEqualTo("[]\n");
        for (String user : new String[] {"north-auditor", "nobody"}) {
            assertThatThrownBy(() -> labels(user)).isInstanceOf(StrongroomException.class);
        }
    }

    /** Labels of a patient are no tenant's if the patient is of several. */
    @Test
    void thoseOfAPatientOfTwoAreNobodys() {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.southsShared))
                .path("ParentPatient")
                .asText();
        clinics.orthanc.labels.put("/patients/" + patient, Set.of("norths"));
        assertThat(labels("south-radiologist")).isEqualTo("[]\n");
        assertThat(labels("north-radiologist")).isEqualTo("[]\n");
    }

    private String labels(String user) {
        return new String(
                clinics.ask(user, HttpMethod.GET, "/tools/labels", "").body(), StandardCharsets.UTF_8);
    }
}
