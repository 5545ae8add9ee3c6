package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** Where the settings come from: a folder of files, variables of the environment; and the other file that a root key may be in. */
class ConfigurationIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aFolderWithVariablesAndAKeyFile(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        byte[] key = new byte[32];
        new Random(32).nextBytes(key);
        try (Clinic clinic = new Clinic(debian)) {
            Path keyFile = clinic.scratch().file("key", key);
            clinic.setup()
                    .asFolder()
                    .variable("CLINIC_FOLDER", clinic.scratch().path().toString())
                    .strongroom("Home", TextNode.valueOf("${CLINIC_FOLDER}/home"))
                    .strongroom(
                            "RootKey",
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("KeyFile", "${NO_SUCH_VARIABLE:-" + keyFile + "}"));
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            assertThat(clinic.wholeSealedFiles()).hasSize(1);
            clinic.makeCold();
            clinic.cli("verify", "--all").orFail();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            orthanc.stop();

            Files.writeString(keyFile, HexFormat.of().formatHex(key) + "\n");
            orthanc.restart();
            assertThat(orthanc.rest().file(id))
                    .as("the same key in hexadecimal digits")
                    .isEqualTo(image);
            orthanc.stop();

            key[0] ^= 1;
            Files.write(keyFile, key);
            assertThat(clinic.setup().startAndFail()).contains("Strongroom.RootKey does not open this Home's keys");
        }
    }
}
