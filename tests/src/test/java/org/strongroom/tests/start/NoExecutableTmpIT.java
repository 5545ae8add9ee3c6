package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** Where /tmp is mounted noexec, libraries that are unpacked to it cannot be loaded: none of ours is. */
class NoExecutableTmpIT {
    /** See tests/in-tree.sh. */
    private static final String NOEXEC = "STRONGROOM_NOEXEC_TMP";

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void everythingIsLoadedFromTheDistribution(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        String distribution = Distribution.get().folder().toString();
        try (Clinic clinic = new Clinic(debian).withPassphrase()) {
            clinic.setup().variable(NOEXEC, distribution);
            Path program = clinic.scratch().file("program", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(debian.command(program).run().status()).isZero();
            assertThat(debian.command(program).with(NOEXEC, distribution).run().status())
                    .as("a program in /tmp cannot be run")
                    .isNotZero();

            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.makeCold();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            clinic.cli("verify", "--all").orFail();
        }
    }
}
