package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;

class StatisticsTest {
    private final TwoClinics clinics = new TwoClinics();

    @Test
    void theyAreOfTheCallersStudies() {
        long disk = 5L << 20;
        clinics.orthanc.statistics(clinics.northsShared, 1, 3, 700);
        clinics.orthanc.statistics(clinics.norths, 2, 40, disk);
        clinics.orthanc.statistics(clinics.northsOther, 1, 1, 1);
        clinics.orthanc.statistics(clinics.southsShared, 1000, 1000, disk << 10);
        clinics.orthanc.statistics(clinics.souths, 1000, 1000, disk << 10);
        JsonNode norths = ask("north-radiologist");
        assertThat(norths.toString())
                .isEqualTo("{\"CountInstances\":44,\"CountPatients\":3,\"CountSeries\":4,\"CountStudies\":3,"
                        + "\"TotalDiskSize\":\"5243581\",\"TotalDiskSizeMB\":5,"
                        + "\"TotalUncompressedSize\":\"10487162\",\"TotalUncompressedSizeMB\":10}");
        assertThat(ask("south-billing").path("CountStudies").asInt()).isEqualTo(2);
        clinics.orthanc.statistics(clinics.norths, 0, 0, 0);
        clinics.orthanc.failing.put("/studies/" + clinics.norths + "/statistics", FailureKind.NOT_FOUND);
        assertThat(ask("north-radiologist").path("CountStudies").asInt())
                .as("what is gone meanwhile")
                .isEqualTo(2);
    }

    @Test
    void theyAreNobodyElses() {
        for (String user : new String[] {"north-auditor", "nobody"}) {
            assertThatThrownBy(() -> ask(user))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        }
    }

    @Test
    void tooManyAreNotAddedUp() {
        TwoClinics large = new TwoClinics(10_000, 2);
        assertThat(ask(large, "south-radiologist").path("CountStudies").asInt()).isEqualTo(2);
        assertThatThrownBy(() -> ask(large, "north-radiologist")).hasMessageContaining("more studies");
    }

    private JsonNode ask(String user) {
        return ask(clinics, user);
    }

    private static JsonNode ask(TwoClinics clinics, String user) {
        return PlayedOrthanc.read(
                clinics.ask(user, HttpMethod.GET, "/statistics", "").body());
    }
}
