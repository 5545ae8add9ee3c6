package org.strongroom.plugin.offline.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.Told;

/** What a person is told beside the images: of their studies, and of nobody else's. */
class KeptAboutTest extends OneStudyCommands {
    private JsonNode about(List<UUID> keys) throws IOException {
        Settings settings = Settings.parse("{\"Strongroom\": {\"Home\": \"" + home.root()
                + "\", \"RootKey\": {\"KeyFile\": \"" + folder.resolve("root.key") + "\"}}}");
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            return new ObjectMapper()
                    .readTree(KeptAbout.json(
                            new Place(settings, home),
                            keyring,
                            Clock.systemUTC(),
                            "patient P1",
                            new TenantKeys("clinic", keys)));
        }
    }

    @Test
    void howLongAndWhyItIsKept() throws IOException {
        UUID other;
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            other = keyring.studyKey(bytes("P2"), bytes("1.2.4")).id();
            Told told = Told.read(home, keyring);
            PlannedStudy planned = new PlannedStudy(
                    key,
                    "1.2.3",
                    "clinic",
                    1,
                    1,
                    Fate.KEPT,
                    "2034-03-03",
                    List.of(new PlannedStudy.Because("DE/radiation", "StrlSchG § 85", "", "2034-03-03")),
                    List.of(),
                    List.of(),
                    null);
            told.keep(List.of(planned), Clock.systemUTC().instant());
            told.write();
        }
        assertThat(run("hold", "add", "--patient", "P1", "--owner", "court", "--reason", "case 12/26"))
                .isZero();
        assertThat(run("hold", "add", "--study", "1.2.4", "--owner", "court", "--reason", "case 13/26"))
                .isZero();

        JsonNode about = about(List.of(key));
        assertThat(about.path("tenant").asText()).isEqualTo("clinic");
        assertThat(about.path("studies")).hasSize(1);
        JsonNode study = about.path("studies").path(0);
        assertThat(study.path("study").asText()).isEqualTo("1.2.3");
        assertThat(study.path("until").asText()).isEqualTo("2034-03-03");
        assertThat(study.path("rule").asText()).isEqualTo("DE/radiation");
        assertThat(study.path("holds")).hasSize(1);
        assertThat(about.path("holds")).hasSize(1);
        assertThat(about.path("holds").path(0).path("reason").asText()).isEqualTo("case 12/26");
        assertThat(about.toString()).doesNotContain("13/26", "1.2.4");

        assertThat(about(List.of(other)).path("studies").path(0).path("until").isNull())
                .as("no plan was made")
                .isTrue();
        assertThat(run("hold", "add", "--tenant", "clinic", "--owner", "court", "--reason", "case 14/26"))
                .isZero();
        assertThat(about(List.of(other)).path("holds")).hasSize(2);
    }

    @Test
    void itIsOfAPersonOnly() {
        String to = folder.resolve("out").toString();
        assertThat(run("export", "--all", "--about", "--to", to, "--no-dicomdir"))
                .isEqualTo(1);
        assertThat(err).contains("--patient or --study");
    }
}
