package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** What the README tells an administrator to write, as it stands there: with a tier on another disk, and not a word for trials. */
class SmallestConfigurationIT {
    private static final Pattern README = Pattern.compile("(?s)```json\\n(\\{[^`]*?\"Strongroom\".*?)```");
    /** A file system of its own on every Linux. */
    private static final Path OTHER_DISK = Path.of("/dev/shm");

    private Path offsite;

    @BeforeEach
    void mount() throws IOException {
        offsite = Scratch.own(Files.createTempDirectory(OTHER_DISK, "strongroom-it-"));
    }

    @AfterEach
    void unmount() throws IOException {
        Scratch.delete(offsite);
    }

    @Test
    void storesShipsEvictsAndOpens() throws IOException {
        List<byte[]> images = Samples.ct(3);
        try (Clinic clinic = new Clinic(Debian.TRIXIE).withPassphrase()) {
            assertThat(Files.getFileStore(offsite))
                    .isNotEqualTo(Files.getFileStore(clinic.scratch().path()));
            JsonNode section = section(clinic);
            clinic.setup().set("Strongroom", section.toString());
            OrthancProcess orthanc = clinic.start();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();

            clinic.makeCold();

            assertThat(clinic.wholeSealedFiles()).isEmpty();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            assertThat(orthanc.log()).doesNotContain("AllowSameDisk");
        }
    }

    /** The README's section, with this clinic's places. */
    private JsonNode section(Clinic clinic) throws IOException {
        Matcher block = README.matcher(Files.readString(Project.root().resolve("README.md")));
        assertThat(block.find()).as("a configuration in the README").isTrue();
        String text = block.group(1)
                .replace("\"/var/lib/strongroom\"", '"' + clinic.home().toString() + '"')
                .replace(
                        "\"/etc/strongroom/passphrase\"",
                        '"' + clinic.scratch().path().resolve("passphrase").toString() + '"')
                .replace("\"/mnt/offsite\"", '"' + offsite.toString() + '"');
        JsonNode section = Rest.parse(text.getBytes(StandardCharsets.UTF_8)).path("Strongroom");
        assertThat(section.toString()).doesNotContain("AllowSameDisk").contains(offsite.toString());
        return section;
    }
}
