package org.strongroom.core.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.audit.AuditEntry.Place;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The JSON of entries (format.md §9.1). By hand, so that members come in one order and what is not known is not there. */
final class EntryJson {
    /** Characters beyond U+FFFF take four bytes, not the twelve of two escapes: {@link Clean} counts on it. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final ObjectMapper READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EntryJson() {}

    static byte[] write(AuditEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            AuditEvent event = entry.event();
            out.writeStartObject();
            out.writeStringField("id", entry.id().toString());
            out.writeStringField("writer", entry.writer());
            out.writeNumberField("number", entry.number());
            write(out, "after", entry.after().map(Place::toString));
            out.writeStringField("time", entry.time().toString());
            if (entry.stepMillis() != 0) {
                out.writeNumberField("stepMillis", entry.stepMillis());
            }
            out.writeStringField("type", event.type().wire());
            out.writeStringField("outcome", event.outcome().wire());
            write(out, "principal", event.principal());
            write(out, "tenant", event.tenant());
            write(out, "address", event.address());
            write(out, "aet", event.aet());
            write(out, "patient", event.patient().map(Commitment::hex));
            write(out, "study", event.study().map(Commitment::hex));
            write(out, "note", event.note().map(Commitment::hex));
            write(out, "reason", event.reason());
            if (!event.details().isEmpty()) {
                out.writeObjectFieldStart("details");
                for (Map.Entry<String, String> detail : event.details().entrySet()) {
                    out.writeStringField(detail.getKey(), detail.getValue());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing but memory is written to", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get());
        }
    }

    static AuditEntry read(byte[] json) {
        if (json.length > AuditEntry.LONGEST) {
            throw corrupt();
        }
        try {
            JsonNode node = READER.readTree(json);
            if (!node.isObject()) {
                throw corrupt();
            }
            AuditEvent event = new AuditEvent(
                    AuditType.of(text(node, "type")),
                    AuditOutcome.of(text(node, "outcome")),
                    optional(node, "principal"),
                    optional(node, "tenant"),
                    optional(node, "address"),
                    optional(node, "aet"),
                    optional(node, "patient").map(Commitment::new),
                    optional(node, "study").map(Commitment::new),
                    optional(node, "note").map(Commitment::new),
                    optional(node, "reason"),
                    details(node));
            return new AuditEntry(
                    UUID.fromString(text(node, "id")),
                    text(node, "writer"),
                    number(node, "number"),
                    optional(node, "after").map(Place::parse),
                    Instant.parse(text(node, "time")),
                    node.has("stepMillis") ? number(node, "stepMillis") : 0,
                    event);
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static SortedMap<String, String> details(JsonNode entry) {
        SortedMap<String, String> details = new TreeMap<>();
        if (entry.has("details")) {
            JsonNode node = entry.get("details");
            if (!node.isObject()) {
                throw corrupt();
            }
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                details.put(name, text(node, name));
            }
        }
        return details;
    }

    private static Optional<String> optional(JsonNode node, String name) {
        return node.has(name) ? Optional.of(text(node, name)) : Optional.empty();
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw corrupt();
        }
        return value.textValue();
    }

    private static long number(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw corrupt();
        }
        return value.longValue();
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not an entry of the audit log");
    }
}
