package org.strongroom.plugin.gate;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.strongroom.plugin.bridge.RestAnswer;

/** Bodies of requests, read in one way: what two readers could understand differently is refused; and of answers. */
final class Json {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Of a request that was done. */
    static RestAnswer answer(JsonNode answer) {
        try (ByteArrayBuilder body = new ByteArrayBuilder()) { // a long list is in memory once, not as a text as well
            STRICT.writeValue(body, answer);
            body.write('\n');
            return RestAnswer.of(200, "application/json", body.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("it was made here", e);
        }
    }

    static JsonNode read(byte[] body) {
        try {
            return STRICT.readTree(body);
        } catch (IOException e) {
            throw Lists.refused("the body is not JSON");
        }
    }
}
