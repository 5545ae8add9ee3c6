package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.strongroom.core.error.StrongroomException;

/**
 * The body of an {@link Order}, read in one way. Not thread-safe.
 *
 * @param json what Orthanc is told; may be added to
 */
record OrderBody(Order order, ObjectNode json) {
    private static final int MOST = 1000;
    private static final int LONGEST_TIMEOUT = 60;
    private static final String TAG = "([0-9A-Fa-f]{4}[,-]?[0-9A-Fa-f]{4}|[A-Za-z][A-Za-z0-9]*)";
    /** Orthanc takes nearly anything for a tag ("20,d"); these it reads in one way. */
    private static final Pattern TAGS = Pattern.compile(TAG + "(\\[([0-9]{1,6}|\\*)]\\." + TAG + ")*");

    /** @throws org.strongroom.core.error.StrongroomException REFUSED if it could say something that is not understood here */
    static OrderBody read(Order order, byte[] body) {
        ObjectNode json = order.sends()
                ? whatIsSent(body)
                : object(Json.read(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body));
        requireMembers(json, order::has);
        requireTimeout(json);
        OrderBody read = new OrderBody(order, json);
        read.requireReadInOneWay();
        return read;
    }

    /** What is not known could name something. */
    static void requireMembers(ObjectNode json, Predicate<String> known) {
        json.fieldNames().forEachRemaining(member -> {
            if (!known.test(member)) {
                throw Lists.refused("a member of the body is not known here").with("member", member);
            }
        });
    }

    /** Orthanc waits for ever where it is 0. */
    static void requireTimeout(ObjectNode json) {
        JsonNode timeout = json.path("Timeout");
        if (!timeout.isMissingNode()
                && !(timeout.isInt() && timeout.asInt() >= 1 && timeout.asInt() <= LONGEST_TIMEOUT)) {
            throw Lists.refused("it is 1 to " + LONGEST_TIMEOUT + " seconds").with("member", "Timeout");
        }
    }

    private static ObjectNode object(JsonNode json) {
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw Lists.refused("the body is no JSON object");
    }

    /** Orthanc Explorer sends a bare id, others a list. */
    private static ObjectNode whatIsSent(byte[] body) {
        String bare = new String(body, StandardCharsets.UTF_8).strip();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (bare.matches(Order.ID)) {
            json.putArray("Resources").add(bare);
            return json;
        }
        JsonNode read = Json.read(body);
        if (read.isArray()) {
            json.set("Resources", read);
            return json;
        }
        if (read.isTextual()) {
            json.putArray("Resources").add(read);
            return json;
        }
        return object(read);
    }

    /** Orthanc's ids of what it names. */
    List<String> named() {
        List<String> named = new ArrayList<>();
        order.lists().forEach(list -> named.addAll(ids(json, list)));
        if (named.size() > MOST) {
            throw tooMany();
        }
        return named;
    }

    /** Orthanc's ids in one member of a body; none if that is missing. */
    static List<String> ids(ObjectNode body, String member) {
        JsonNode named = body.path(member);
        List<String> ids = new ArrayList<>();
        if (named.isTextual()) {
            ids.add(named.asText());
        } else if (named instanceof ArrayNode several) {
            several.forEach(id -> ids.add(id.isTextual() ? id.asText() : ""));
        } else if (!named.isMissingNode()) {
            throw Lists.refused("resources are named by their ids").with("member", member);
        }
        if (ids.size() > MOST || !ids.stream().allMatch(id -> id.matches(Order.ID))) {
            throw tooMany();
        }
        return ids;
    }

    private static StrongroomException tooMany() {
        return Lists.refused("resources are named by their ids, at most " + MOST + " at once");
    }

    /** Whether what was there goes. */
    boolean takesSource() {
        return order == Order.DELETE
                || (order.changes() && (!flag("KeepSource").orElse(!order.takesSource()) || writesOver()));
    }

    /** Images that keep their UIDs take the place of those that were there. */
    private boolean writesOver() {
        return lists("Keep", Tag.INSTANCE) || replaced(Tag.INSTANCE).isPresent();
    }

    private Optional<Boolean> flag(String member) {
        return flag(json, member);
    }

    static Optional<Boolean> flag(ObjectNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw Lists.refused("it is true or false").with("member", member);
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asBoolean());
    }

    boolean isForced() {
        return flag("Force").orElse(false);
    }

    /** What a tag is replaced by; empty if it is not. */
    Optional<String> replaced(Tag tag) {
        for (Map.Entry<String, JsonNode> member : json.path("Replace").properties()) {
            if (tag.isNamed(member.getKey())) {
                return Optional.of(member.getValue().asText());
            }
        }
        return Optional.empty();
    }

    /** Whether a list ({@code Keep}, {@code Remove}) has a tag. */
    boolean lists(String list, Tag tag) {
        for (JsonNode name : json.path(list)) {
            if (tag.isNamed(name.asText())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it writes what is known of the patient. */
    boolean changesPatient() {
        return Stream.concat(
                        json.path("Replace").properties().stream().map(Map.Entry::getKey),
                        StreamSupport.stream(json.path("Remove").spliterator(), false)
                                .map(JsonNode::asText))
                .anyMatch(name -> name.matches("(?i)(other|issuerof)?patient.*|ethnicgroup.*|responsible.*|0010.*"));
    }

    private void requireReadInOneWay() {
        JsonNode replaced = json.path("Replace");
        if (!replaced.isMissingNode() && !replaced.isObject()) {
            throw Lists.refused("it is an object of tags and values").with("member", "Replace");
        }
        replaced.fieldNames().forEachRemaining(OrderBody::requireTag);
        for (String list : List.of("Keep", "Remove")) {
            JsonNode tags = json.path(list);
            if (!tags.isMissingNode() && !tags.isArray()) {
                throw Lists.refused("it is a list of tags").with("member", list);
            }
            tags.forEach(name -> requireTag(name.isTextual() ? name.asText() : ""));
        }
        for (Tag tag : Tag.values()) {
            List<JsonNode> values = replaced.properties().stream()
                    .filter(member -> tag.isNamed(member.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (values.size() > 1
                    || values.stream().anyMatch(value -> !value.isTextual() || !tag.allows(value.asText()))) {
                throw Lists.refused("a UID is up to 64 digits and dots, a PatientID up to 64 printable characters of"
                                + " ASCII; each once")
                        .with("tag", tag);
            }
        }
    }

    static void requireTag(String name) {
        if (!TAGS.matcher(name).matches()) {
            throw Lists.refused("a tag is named by its keyword, or as gggg,eeee");
        }
    }

    /** Tags that make a resource what it is. */
    enum Tag {
        PATIENT_ID("PatientID", "00100020"),
        STUDY("StudyInstanceUID", "0020000d"),
        SERIES("SeriesInstanceUID", "0020000e"),
        INSTANCE("SOPInstanceUID", "00080018");

        private final String keyword;
        private final String number;

        Tag(String keyword, String number) {
            this.keyword = keyword;
            this.number = number;
        }

        boolean allows(String value) {
            return this == PATIENT_ID
                    ? value.matches("[ -\\[\\]-~]{0,64}")
                            && !value.toLowerCase(Locale.ROOT).startsWith("data:")
                    : value.matches("[0-9.]{1,64}");
        }

        /** In any of the ways in which tags are named here. */
        boolean isNamed(String name) {
            String bare = name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
            return bare.equals(number) || bare.equals(keyword.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return keyword;
        }
    }
}
