package org.strongroom.core.dicom;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.strongroom.core.io.ByteSource;

/**
 * The metadata that Orthanc's DICOMweb plugin attaches to a series (attachment 4301, from version 1.15 on): {@code 2;}, an
 * MD5 of the instances in hexadecimal digits, {@code ;}, and a gzip stream of DICOM JSON (PS3.18 §F.2), one object per instance.
 * It names its patient all over, so it has to be under its study's key.
 */
public final class SeriesMetadata {
    private static final int PROLOGUE = 2 + 32 + 1;
    /** Of a gzip member without a name (RFC 1952 §2.3), as zlib writes it. */
    private static final int GZIP_HEADER = 10;
    /** The attributes looked for stand before most others. */
    private static final int PREFIX = 1 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SeriesMetadata() {}

    /**
     * Of whose series {@code attachment} is the metadata; empty if it is none, or does not say.
     *
     * @throws IOException only if {@code attachment} cannot be read
     */
    public static Optional<Identity> identity(ByteSource attachment) throws IOException {
        if (attachment.size() <= PROLOGUE + GZIP_HEADER) {
            return Optional.empty();
        }
        String start = new String(attachment.read(0, PROLOGUE + GZIP_HEADER), StandardCharsets.ISO_8859_1);
        if (!start.matches("(?s)2;[0-9a-f]{32};\\x1f\\x8b\\x08\\x00.{6}")) {
            return Optional.empty();
        }
        return ofFirstInstance(InflatedPrefix.of(attachment, PROLOGUE + GZIP_HEADER, true, PREFIX));
    }

    private static Optional<Identity> ofFirstInstance(byte[] json) {
        byte[] patient = new byte[0];
        byte[] study = new byte[0];
        byte[] series = new byte[0];
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY || parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (series.length == 0 && parser.nextToken() == JsonToken.FIELD_NAME) {
                String tag = parser.currentName();
                parser.nextToken();
                switch (tag) {
                    case "00100020" -> patient = value(parser);
                    case "0020000D" -> study = value(parser);
                    case "0020000E" -> series = value(parser);
                    default -> parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // not JSON, or not within the prefix
        }
        return study.length == 0 || series.length == 0
                ? Optional.empty()
                : Optional.of(new Identity(patient, study, series));
    }

    /** The first value of the attribute whose object the parser is at; empty if it has none. */
    private static byte[] value(JsonParser parser) throws IOException {
        JsonNode attribute = JSON.readTree(parser);
        return attribute.path("Value").path(0).asText("").getBytes(StandardCharsets.UTF_8);
    }
}
