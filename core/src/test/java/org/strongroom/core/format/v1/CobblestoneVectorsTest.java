package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/** Other people's Cobblestone-256 messages: ours must be the same, bit for bit, and the broken ones must not open. */
class CobblestoneVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    @TestFactory
    List<DynamicTest> messagesOfAnotherImplementation() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                CobblestoneVectorsTest.class.getResourceAsStream("cobblestone-256.txt"), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] word = line.split(" ", -1);
                tests.add(DynamicTest.dynamicTest(word[3] + " bytes", () -> sealsAndOpens(word)));
            });
        }
        assertThat(tests).hasSize(12);
        return tests;
    }

    private static void sealsAndOpens(String[] word) throws Exception {
        Key32 key = Key32.of(HEX.parseHex(word[0]));
        byte[] context = word[2].equals("-") ? new byte[0] : HEX.parseHex(word[2]);
        byte[] plain = new byte[Integer.parseInt(word[3])];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i * 31 + (i >> 8));
        }
        byte[] message = Cobblestone.seal(key, context, plain, new FixedRandom(HEX.parseHex(word[1])));
        assertThat(HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(message)))
                .isEqualTo(word[4]);
        assertThat(Cobblestone.open(key, context, message)).isEqualTo(plain);
    }

    /** The 35 vectors of project Wycheproof (github.com/C2SP/wycheproof, Apache License 2.0), as they are there. */
    @TestFactory
    List<DynamicTest> publicVectors() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode group : new ObjectMapper()
                .readTree(CobblestoneVectorsTest.class.getResourceAsStream("cobblestone-256.json"))
                .get("testGroups")) {
            for (JsonNode test : group.get("tests")) {
                tests.add(DynamicTest.dynamicTest(
                        test.get("tcId").asText() + " " + test.get("comment").asText(), () -> check(test)));
            }
        }
        assertThat(tests).hasSize(35);
        return tests;
    }

    private static void check(JsonNode test) throws Exception {
        byte[] keyBytes = HEX.parseHex(test.get("key").asText());
        byte[] context = HEX.parseHex(test.get("ctx").asText());
        byte[] message;
        try (InflaterInputStream inflated = new InflaterInputStream(
                new java.io.ByteArrayInputStream(HEX.parseHex(test.get("ct").asText())))) {
            message = inflated.readAllBytes();
        }
        List<String> flags = new ArrayList<>();
        test.get("flags").forEach(flag -> flags.add(flag.asText()));
        if (flags.contains("InvalidKeySize")) {
            assertThatThrownBy(() -> Key32.of(keyBytes)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        Key32 key = Key32.of(keyBytes);
        if (test.has("aeadKey")) {
            MessageKeys keys = MessageKeys.derive(key, java.util.Arrays.copyOf(message, 24), context);
            assertThat(keys.key()).isEqualTo(HEX.parseHex(test.get("aeadKey").asText()));
            assertThat(keys.nonce(0))
                    .isEqualTo(HEX.parseHex(test.get("baseNonce").asText()));
        }
        if (test.get("result").asText().equals("valid")) {
            byte[] plain = Cobblestone.open(key, context, message);
            assertThat(plain).hasSize(test.get("msgLength").asInt());
            assertThat(HEX.formatHex(MessageDigest.getInstance("SHA-512").digest(plain)))
                    .isEqualTo(test.get("msgSha512").asText());
            return;
        }
        assertThatThrownBy(() -> Cobblestone.open(key, context, message))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        if (flags.contains("HeaderFailure")) {
            assertThatThrownBy(() -> CobblestoneReader.open(key, context, ByteSource.of(message)))
                    .isInstanceOf(StrongroomException.class);
        }
    }
}
