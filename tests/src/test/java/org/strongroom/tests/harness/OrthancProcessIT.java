package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @EnumSource(Debian.class)
    void anOrthancThatCannotStartIsReportedWithItsLog(Debian debian) {
        try (Scratch scratch = new Scratch()) {
            String log = new OrthancSetup(debian, scratch)
                    .set("StorageDirectory", "\"/nowhere\"")
                    .startAndFail();

            assertThat(log).contains("/nowhere");
        }
    }

    /** What README's table says is tested. */
    @ParameterizedTest
    @CsvSource({"BOOKWORM, 1.10.1, 17", "TRIXIE, 1.12.7, 21", "SID, 1.13, 25"})
    void eachDebianHasItsOrthancAndItsJava(Debian debian, String orthanc, String java) {
        Command.Result version =
                debian.command("/usr/sbin/Orthanc", "--version").run();
        assertThat(version.output()).startsWith("/usr/sbin/Orthanc " + orthanc);
        Command.Result runtime =
                debian.command("/usr/bin/java", "-version").run().orFail();
        assertThat(runtime.errors()).containsPattern("version \"" + java + "[.\"]");
    }
}
