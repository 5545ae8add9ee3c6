package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** Home is lost, passphrase and one tier were kept: every image that has a receipt comes back. */
class HomeLostIT {
    private static final int DICOM = 1;

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aTierAndThePassphraseOpenEverything(Debian debian) throws IOException {
        Map<String, byte[]> kinds = Samples.everyKind();
        try (Clinic clinic = new Clinic(debian).withPassphrase()) {
            OrthancProcess orthanc = clinic.start();
            kinds.values().forEach(orthanc.rest()::upload);
            clinic.ship();
            orthanc.kill();
            clinic.endSidecars();
            Files.move(clinic.home(), clinic.scratch().path().resolve("burnt"));

            Path passphrase = clinic.scratch().path().resolve("passphrase");
            KeySource source = KeySource.of(new RootKeySettings(Optional.of(passphrase), Optional.empty()));
            Home made =
                    LostHome.of(clinic.tier("offsite"), clinic.scratch().path().resolve("made"));
            try (Keyring keyring = Keyring.open(made, source, Clock.systemUTC())) {
                assertThat(images(clinic.tier("offsite"), keyring)).containsExactlyInAnyOrderElementsOf(kinds.values());
            }
        }
    }

    private static List<byte[]> images(Path tier, Keyring keyring) throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (Path file : ClearText.files(tier.resolve("packs"))) {
            PackReader pack = PackReader.open(ByteSource.of(Files.readAllBytes(file)));
            for (PackMember member : pack.layout().index().members()) {
                SealedReader reader = SealedReader.open(
                        pack.sealedFile(member),
                        keyring.installation(),
                        member.header().attachment(),
                        keyring::keyOf);
                reader.verify();
                if (member.header().contentType() == DICOM) {
                    images.add(reader.read(0, Math.toIntExact(reader.size())));
                }
            }
        }
        return images;
    }
}
