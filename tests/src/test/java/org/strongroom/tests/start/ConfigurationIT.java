package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.SoftHsm;

/**
 * Where the settings come from: a folder of files, variables of the environment; and where a root key may be besides in a passphrase
 * file.
 */
class ConfigurationIT {

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aFolderWithVariablesAndAKeyFile(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        byte[] key = new byte[32];
        new Random(32).nextBytes(key);
        try (Clinic clinic = new Clinic(debian)) {
            Path keyFile = clinic.scratch().file("key", key);
            clinic.setup()
                    .asFolder()
                    .variable("CLINIC_FOLDER", clinic.scratch().path().toString())
                    .environment("JAVA_HOME", clinic.oldJava().toString())
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

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void theRootKeyIsInAToken(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            SoftHsm token = new SoftHsm(clinic.scratch(), "clinic");
            token.keeps(clinic.setup(), SoftHsm.PIN);
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.makeCold();
            clinic.cli("verify", "--all").orFail();
            orthanc.stop();
            orthanc.restart();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            clinic.awaitSidecar();
            Path environment = Path.of(
                    "/proc", String.valueOf(clinic.sidecar().orElseThrow().pid()), "environ");
            assertThat(Files.readString(environment)).contains("PATH=").doesNotContain(SoftHsm.PIN);
            orthanc.stop();
            ClearText.of(List.of(SoftHsm.PIN)).assertAbsentFrom(clinic.home());

            token.keeps(clinic.setup(), "pin-wrong");
            assertThat(clinic.setup().startAndFail())
                    .contains("Token does not take the PIN")
                    .doesNotContain("pin-wrong")
                    .doesNotContain(SoftHsm.PIN);
            token.keeps(clinic.setup(), SoftHsm.PIN);

            token.destroy();
            assertThat(clinic.setup().startAndFail())
                    .contains("Strongroom.RootKey.Pkcs11.Token is not there")
                    .contains("clinic");
            new SoftHsm(clinic.scratch(), "clinic");
            assertThat(clinic.setup().startAndFail()).contains("has another key than the one that wrapped");
        }
    }
}
