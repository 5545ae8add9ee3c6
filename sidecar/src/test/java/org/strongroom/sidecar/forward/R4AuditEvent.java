package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What FHIR R4 says of the structure of an AuditEvent: names, cardinalities, types and required value sets, written from the specification. */
final class R4AuditEvent {
    /** Members that may be there; with 1 those that must. */
    private static final Map<String, Integer> EVENT = Map.ofEntries(
            Map.entry("resourceType", 1),
            Map.entry("id", 0),
            Map.entry("type", 1),
            Map.entry("subtype", 0),
            Map.entry("action", 0),
            Map.entry("period", 0),
            Map.entry("recorded", 1),
            Map.entry("outcome", 0),
            Map.entry("outcomeDesc", 0),
            Map.entry("purposeOfEvent", 0),
            Map.entry("agent", 1),
            Map.entry("source", 1),
            Map.entry("entity", 0));

    private static final Map<String, Integer> CODING =
            Map.of("system", 0, "version", 0, "code", 0, "display", 0, "userSelected", 0);
    private static final Map<String, Integer> REFERENCE =
            Map.of("reference", 0, "type", 0, "identifier", 0, "display", 0);
    private static final Map<String, Integer> IDENTIFIER =
            Map.of("use", 0, "type", 0, "system", 0, "value", 0, "period", 0, "assigner", 0);
    private static final Map<String, Integer> AGENT = Map.ofEntries(
            Map.entry("type", 0),
            Map.entry("role", 0),
            Map.entry("who", 0),
            Map.entry("altId", 0),
            Map.entry("name", 0),
            Map.entry("requestor", 1),
            Map.entry("location", 0),
            Map.entry("policy", 0),
            Map.entry("media", 0),
            Map.entry("network", 0),
            Map.entry("purposeOfUse", 0));

    private R4AuditEvent() {}

    static void check(JsonNode event) {
        members(event, EVENT);
        assertThat(event.path("resourceType").asText()).isEqualTo("AuditEvent");
        assertThat(event.path("id").asText()).matches("[A-Za-z0-9.-]{1,64}");
        members(event.path("type"), CODING);
        list(event.path("subtype")).forEach(code -> members(code, CODING));
        assertThat(Set.of("C", "R", "U", "D", "E")).contains(text(event, "action"));
        assertThat(Set.of("0", "4", "8", "12")).contains(text(event, "outcome"));
        Instant.parse(text(event, "recorded"));
        for (JsonNode agent : list(event.path("agent"))) {
            members(agent, AGENT);
            assertThat(agent.path("requestor").isBoolean()).isTrue();
            reference(agent.path("who"));
            if (agent.has("network")) {
                members(agent.path("network"), Map.of("address", 0, "type", 0));
                assertThat(text(agent.path("network"), "type")).matches("[1-5]");
            }
        }
        JsonNode source = event.path("source");
        members(source, Map.of("site", 0, "observer", 1, "type", 0));
        reference(source.path("observer"));
        list(source.path("type")).forEach(code -> members(code, CODING));
        for (JsonNode entity : list(event.path("entity"))) {
            entity(entity);
        }
        texts(event);
    }

    private static void entity(JsonNode entity) {
        members(
                entity,
                Map.of(
                        "what",
                        0,
                        "type",
                        0,
                        "role",
                        0,
                        "lifecycle",
                        0,
                        "securityLabel",
                        0,
                        "name",
                        0,
                        "description",
                        0,
                        "query",
                        0,
                        "detail",
                        0));
        reference(entity.path("what"));
        members(entity.path("type"), CODING);
        members(entity.path("role"), CODING);
        for (JsonNode detail : list(entity.path("detail"))) {
            members(detail, Map.of("type", 1, "valueString", 1));
        }
    }

    private static void reference(JsonNode reference) {
        members(reference, REFERENCE);
        if (reference.has("identifier")) {
            members(reference.path("identifier"), IDENTIFIER);
        }
    }

    private static Iterable<JsonNode> list(JsonNode node) {
        assertThat(node.isArray() && !node.isEmpty())
                .as("lists are never empty")
                .isTrue();
        return node;
    }

    private static void members(JsonNode node, Map<String, Integer> allowed) {
        assertThat(node.isObject()).isTrue();
        node.fieldNames().forEachRemaining(name -> assertThat(allowed).containsKey(name));
        allowed.forEach((name, least) ->
                assertThat(node.has(name) || least == 0).as(name).isTrue());
    }

    private static String text(JsonNode node, String name) {
        assertThat(node.path(name).isTextual()).as(name).isTrue();
        return node.path(name).asText();
    }

    /** No text is empty. */
    private static void texts(JsonNode node) {
        if (node.isTextual()) {
            assertThat(node.asText()).isNotBlank();
        }
        node.forEach(R4AuditEvent::texts);
    }
}
