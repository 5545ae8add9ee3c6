package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Postgres;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.UserAttachments;

/** Orthanc's index in PostgreSQL, its files with Strongroom. */
class PostgresIndexIT {

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void everyKindIsReadBackLocalAndCold(Debian debian) {
        Map<String, byte[]> kinds = Samples.everyKind();
        try (Postgres postgres = new Postgres(debian);
                Clinic clinic = new Clinic(debian)) {
            postgres.indexOf(clinic.setup());
            OrthancProcess orthanc = clinic.start();
            Map<String, String> ids = new LinkedHashMap<>();
            kinds.forEach((name, dicom) -> ids.put(name, orthanc.rest().upload(dicom)));

            kinds.forEach((name, dicom) ->
                    assertThat(orthanc.rest().file(ids.get(name))).as(name).isEqualTo(dicom));
            UserAttachments attachments = new UserAttachments(orthanc.rest());
            attachments.put();
            clinic.makeCold();
            kinds.forEach((name, dicom) ->
                    assertThat(orthanc.rest().file(ids.get(name))).as(name).isEqualTo(dicom));
            attachments.assertThere();
            assertThat(ClearText.files(clinic.scratch().folder("orthanc")))
                    .as("an index that is not in PostgreSQL, or files in clear")
                    .isEmpty();

            String one = ids.get("ct");
            orthanc.rest().delete("/instances/" + one);
            clinic.cli("undelete", "--all").orFail();
            orthanc.stop();
            orthanc.restart();
            assertThat(orthanc.rest().file(one)).isEqualTo(kinds.get("ct"));
            clinic.cli("fsck").orFail();
            orthanc.stop();
        }
    }
}
