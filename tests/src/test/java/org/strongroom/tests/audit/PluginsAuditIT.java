package org.strongroom.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Samples;

/** What another plugin tells Orthanc for audit logs is in Strongroom's, and names no patient whatever the plugin says. */
class PluginsAuditIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void whatAnotherPluginTellsIsInTheLog(Debian debian) throws Exception {
        try (Clinic clinic = new Clinic(debian)) {
            Path library = clinic.scratch().path().resolve("telling.so");
            Path source = Project.root().resolve("tests/src/test/c/telling_plugin.c");
            Command.of("gcc", "-shared", "-fPIC", "-O1", "-fvisibility=hidden", "-o", library, source)
                    .run()
                    .orFail();
            clinic.setup().plugin(library);
            clinic.setup().strongroom("Audit", JSON.createObjectNode().put("CheckpointInterval", "1 s"));
            OrthancProcess orthanc = clinic.start();
            String image = orthanc.rest().upload(Samples.ct(1).get(0));
            clinic.awaitSidecar();
            String study = orthanc.rest()
                    .json("/instances/" + image + "/study")
                    .path("ID")
                    .asText();
            assertThat(orthanc.rest().get("/tell/" + study)).asString().isEqualTo("told");

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> search(clinic, "--type", "orthanc").size() == 2);
            JsonNode arrival = search(clinic, "--type", "arrival").get(0);
            JsonNode view = search(clinic, "--type", "orthanc", "--user", "ann").get(0);
            assertThat(view.at("/details/key").asText())
                    .isEqualTo(arrival.at("/details/key").asText());
            assertThat(view.path("tenant").asText()).isEqualTo("clinic");
            assertThat(view.at("/details/plugin").asText()).isEqualTo("telling");
            assertThat(view.at("/details/action").asText()).isEqualTo("view");
            assertThat(view.at("/details/asker").asText()).isEqualTo("anybody");
            assertThat(view.at("/details/dataBytes").asInt()).isEqualTo(8);
            assertThat(search(clinic).toString()).doesNotContain("DOE", "JANE");
            orthanc.stop();
        }
    }

    private static List<JsonNode> search(Clinic clinic, String... filters) throws JsonProcessingException {
        List<Object> words = new ArrayList<>(List.of("audit", "search", "--json"));
        words.addAll(List.of(filters));
        List<JsonNode> events = new ArrayList<>();
        for (String line : clinic.cli(words.toArray()).output().lines().toList()) {
            events.add(JSON.readTree(line));
        }
        return events;
    }
}
