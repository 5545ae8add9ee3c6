package org.strongroom.core.control;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** JSON of this package's records: names are the components' names, times are ISO 8601. Thread-safe. */
public final class ControlJson {
    private static final ObjectMapper REQUESTS = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new InstantWriter())
                    .addDeserializer(Instant.class, new InstantReader()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final ObjectMapper ANSWERS =
            REQUESTS.copy().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private ControlJson() {}

    public static byte[] write(Object record) {
        try {
            return REQUESTS.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw StrongroomException.of(FailureKind.BUG, "cannot write a control message")
                    .with("type", record.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    /**
     * Reads a file or an answer: every component must be there.
     *
     * @throws StrongroomException CORRUPT if it is not one
     */
    public static <T> T readAnswer(byte[] json, Class<T> type) {
        return read(ANSWERS, json, type, FailureKind.CORRUPT);
    }

    /**
     * Reads a request: what may be left out is up to the record.
     *
     * @throws StrongroomException REFUSED if it is not one
     */
    public static <T> T readRequest(byte[] json, Class<T> type) {
        return read(REQUESTS, json, type, FailureKind.REFUSED);
    }

    private static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type, FailureKind kind) {
        T value;
        try {
            value = mapper.readValue(json, type);
        } catch (IOException e) {
            // The parser's own text quotes the input: it stays in the cause, for a debugger only.
            throw StrongroomException.of(kind, "not the JSON that the control contract asks for")
                    .with("type", type.getSimpleName())
                    .causedBy(e);
        }
        if (value == null) {
            throw StrongroomException.of(kind, "nothing where the control contract asks for JSON")
                    .with("type", type.getSimpleName());
        }
        return value;
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        private InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        private InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(in.getText());
            } catch (DateTimeParseException e) {
                throw context.weirdStringException(in.getText(), Instant.class, "not an ISO 8601 time");
            }
        }
    }
}
