package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An editor that knows {@code orthanc-config/strongroom.schema.json} marks what Strongroom refuses for its form, and nothing that it takes. */
class SchemaTest {
    private static final Path FRAGMENTS = Path.of("../orthanc-config");
    private static final Path SCHEMA = FRAGMENTS.resolve("strongroom.schema.json");

    private final Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(ConfigurationText.parse(ConfigurationText.read(SCHEMA), "schema"));

    static List<Path> fragments() throws IOException {
        try (Stream<Path> files = Files.list(FRAGMENTS)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.equals(SCHEMA))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fragments")
    void takesTheReadyFragments(Path fragment) {
        assertThat(problems(ConfigurationText.read(fragment))).isEmpty();
    }

    @Test
    void takesWhatStrongroomTakesAndRefusesWhatIsWrongInForm() throws IOException {
        List<String> taken = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Path folder : SettingsCorpusTest.cases()) {
            boolean good = Files.readString(folder.resolve("expected")).startsWith("{");
            List<Error> problems = problems(SettingsCorpusTest.merged(folder));
            if (good && !problems.isEmpty()) {
                refused.add(folder.getFileName() + ": " + problems);
            } else if (!good && problems.isEmpty()) {
                taken.add(folder.getFileName().toString());
            }
        }
        assertThat(refused)
                .as("where a variable was, Orthanc leaves text; an editor sees the variable")
                .singleElement()
                .asString()
                .startsWith("variables: ");
        assertThat(taken)
                .as("wrong in what it means, or in what one setting means beside another")
                .containsExactly(
                        "agreements-refused",
                        "agreements-wrong",
                        "archive-refused",
                        "classes-by-age-refused",
                        "directory-refused",
                        "directory-roles-refused",
                        "directory-tenants-refused",
                        "login-refused",
                        "login-roles",
                        "openid-refused",
                        "openid-wrong",
                        "places-of-tenants-outside",
                        "places-of-tenants-refused",
                        "recovery-kit-refused",
                        "recycling",
                        "residency-refused",
                        "residency-together",
                        "residency-unknown",
                        "retention-tenants-refused",
                        "root-key-of-a-tier",
                        "root-key-refused",
                        "titles-refused",
                        "uplink-overlap");
    }

    @Test
    void takesVariablesForWhateverTheyStandFor() {
        String json =
                """
                {"Strongroom": {"Home": "${HOME}/strongroom", "Copies": "${COPIES:-2}", "KeepHeads": "${HEADS}",
                "RootKey": {"KeyFile": "${KEY}"}, "Uplink": {"Limit": "${LIMIT}"}}}""";
        assertThat(problems(json)).isEmpty();
        assertThat(problems(json.replace("${", ""))).hasSize(5);
    }

    private List<Error> problems(String json) {
        JsonNode configuration = ConfigurationText.parse(json, "the configuration");
        return schema.validate(configuration);
    }
}
