package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;

/** The harness itself, against an Orthanc without Strongroom: what fails here is no fault of the plugin. */
class OrthancProcessIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void plainOrthancStoresFindsAndGivesBack(Debian debian) {
        try (Scratch scratch = new Scratch()) {
            byte[] image = SyntheticDicom.ct().study("2.25.7").toBytes();
            scratch.folder("send");
            scratch.file("send/1.dcm", image);
            int port = Ports.free();
            OrthancSetup setup = new OrthancSetup(debian, scratch)
                    .debianPlugin("libOrthancDicomWeb.so")
                    .modality("VIEWER", port);
            try (OrthancProcess orthanc = setup.start()) {
                Dcmtk.store(orthanc, scratch.path().resolve("send"));

                List<String> instances = orthanc.rest().instances();
                assertThat(instances).hasSize(1);
                assertThat(Dcmtk.findStudies(orthanc)).contains("2.25.7");
                assertThat(Dcmtk.move(orthanc, "2.25.7", "VIEWER", port, scratch.folder("moved")))
                        .hasSize(1);
                assertThat(Dcmtk.get(orthanc, "2.25.7", scratch.folder("got"))).hasSize(1);
                assertThat(orthanc.rest().json("/dicom-web/studies")).hasSize(1);

                orthanc.kill();
                orthanc.restart();
                assertThat(orthanc.rest().file(instances.get(0))).isNotEmpty();
                orthanc.stop();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void anOrthancThatCannotStartIsReportedWithItsLog(Debian debian) {
        try (Scratch scratch = new Scratch()) {
            String log = new OrthancSetup(debian, scratch)
                    .set("StorageDirectory", "\"/nowhere\"")
                    .startAndFail();

            assertThat(log).contains("/nowhere");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void orthancKeepsItsIndexInPostgres(Debian debian) {
        try (Scratch scratch = new Scratch();
                Postgres postgres = new Postgres(debian)) {
            OrthancSetup setup = new OrthancSetup(debian, scratch);
            postgres.indexOf(setup);
            try (OrthancProcess orthanc = setup.start()) {
                String instance = orthanc.rest().upload(SyntheticDicom.ct().toBytes());

                assertThat(orthanc.rest().instances()).containsExactly(instance);
                assertThat(scratch.path().resolve("orthanc/index")).doesNotExist();
            }
        }
    }
}
