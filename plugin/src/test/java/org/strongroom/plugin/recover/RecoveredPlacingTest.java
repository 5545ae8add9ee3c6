package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tenant's studies go where they went, and never to what another tenant has in the same bucket. */
class RecoveredPlacingTest {
    private static final String BUCKET = "{'S3': {'Bucket': 'clinic', 'Endpoint': 'https://s3.example.org'%s}}";

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private static String under(String prefix) {
        return BUCKET.formatted(", 'Prefix': '" + prefix + "'");
    }

    /** The tiers of tenant south, which had the one called south-tier, in a configuration that has {@code now}. */
    private static List<String> south(String former, String now) throws IOException {
        ObjectNode said = (ObjectNode) json("{'Tenants': {'south': {'Tiers': ['south-tier']}}}");
        ObjectNode section = (ObjectNode) json("{}");
        section.set("Tiers", json(now));
        RecoveredPlacing.fit(said, json(former), section);
        JsonNode tiers = said.at("/Tenants/south/Tiers");
        return tiers.isMissingNode()
                ? List.of("every tier")
                : tiers.valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void twoTiersInOneBucketAreTwoPlaces() throws IOException {
        String tiers = "{'north-tier': " + under("north/") + ", 'south-tier': " + under("south/") + "}";
        String without = tiers.replace("north/", "north").replace("south/", "south");
        assertThat(south(tiers, tiers)).containsExactly("south-tier");
        assertThat(south(tiers, without)).as("no slash").containsExactly("south-tier");
        assertThat(south(tiers, "{'north-tier': " + BUCKET.formatted("") + ", 'b': " + under("south") + "}"))
                .containsExactly("b");
        assertThat(south(tiers, "{'north-tier': " + under("north") + "}"))
                .as("another tenant's place")
                .containsExactly("every tier");
        String azure = tiers.replace("S3", "Azure").replace("Bucket", "Container");
        assertThat(south(azure, azure)).containsExactly("south-tier");
    }

    @Test
    void ofTwoNamesForOnePlaceTheOneThatItHadCounts() throws IOException {
        String tiers = "{'a': " + under("south") + ", 'south-tier': " + under("south") + "}";
        assertThat(south(tiers, tiers)).containsExactly("south-tier");
        assertThat(south("{'south-tier': {'Directory': '/mnt/far/'}}", "{'z': {'Directory': '/mnt/far'}}"))
                .containsExactly("z");
        assertThat(south("{'south-tier': {'Directory': '/mnt/far'}}", "{'south-tier': {'Directory': '/mnt/new'}}"))
                .as("it was moved")
                .containsExactly("south-tier");
    }

    /** Whoever was told of it and wrote the name there means the tier that has it now. */
    @Test
    void aTierThatTheConfigurationNamesForTheTenantIsNotMissing() throws IOException {
        String former = "{'north-tier': " + under("north") + ", 'south-tier': " + under("south") + "}";
        ObjectNode section = (ObjectNode) json("{'Tiers': {'south-tier': " + under("north") + "}}");
        String said = "{'Tenants': {'south': {'Tiers': ['south-tier']}}}";
        assertThat(RecoveredPlacing.fit((ObjectNode) json(said), json(former), section))
                .extracting(RecoveredAccess.Missing::value)
                .containsExactly("south-tier");
        section.setAll((ObjectNode) json(said));
        assertThat(RecoveredPlacing.fit((ObjectNode) json(said), json(former), section))
                .isEmpty();
    }

    /** Of three tiers, two of which are where the tenant's studies may be. */
    private static int copies(String south) throws IOException {
        String tier = "'%s': {'Directory': '/mnt/%s', 'Jurisdiction': '%s'}";
        String tiers = "{" + tier.formatted("a", "a", "EU") + ", " + tier.formatted("b", "b", "EU") + ", "
                + tier.formatted("c", "c", "US") + "}";
        ObjectNode said = (ObjectNode) json("{'Tenants': {'south': {'Jurisdictions': ['eu'], " + south + "}}}");
        RecoveredPlacing.fit(said, json(tiers), (ObjectNode) json("{'Tiers': " + tiers + "}"));
        return said.at("/Tenants/south/Copies").asInt();
    }

    @Test
    void copiesAreNoMoreThanPermittedTiers() throws IOException {
        assertThat(copies("'Copies': 3")).isEqualTo(2);
        assertThat(copies("'Copies': 2")).isEqualTo(2);
        assertThat(copies("'Copies': 2, 'Tiers': ['b', 'c']")).isEqualTo(1);
        assertThat(copies("'Copies': 2, 'Tiers': ['a', 'b', 'c']")).isEqualTo(2);
        assertThat(copies("'Copies': 1, 'Tiers': ['c']")).as("Orthanc says so").isEqualTo(1);
    }
}
