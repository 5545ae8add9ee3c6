package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;

class SeriesMetadataTest {
    private static final String FIRST =
            """
            {"00080005":{"Value":["ISO_IR 192"],"vr":"CS"},
             "00081140":{"Value":[{"0020000D":{"Value":["1.9.9"],"vr":"UI"}}],"vr":"SQ"},
             "00100010":{"Value":[{"Alphabetic":"A^B"}],"vr":"PN"},
             "00100020":{"Value":["P-1"],"vr":"LO"},
             "0020000D":{"Value":["1.2.3"],"vr":"UI"},
             "0020000E":{"Value":["1.2.3.4"],"vr":"UI"},
             "00200013":{"Value":[1],"vr":"IS"}}""";

    @Test
    void theFirstInstanceSaysWhoseItIs() throws IOException {
        Identity identity = read(attachment("[" + FIRST + "," + FIRST.replace("P-1", "P-2") + "]"))
                .orElseThrow();
        assertThat(identity.patientId()).asString(StandardCharsets.UTF_8).isEqualTo("P-1");
        assertThat(identity.studyInstanceUid()).asString(StandardCharsets.UTF_8).isEqualTo("1.2.3");
        assertThat(identity.seriesInstanceUid())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("1.2.3.4");
        assertThat(identity.toString()).isEqualTo("***");
    }

    @Test
    void aPatientMayHaveNoId() throws IOException {
        for (String empty : new String[] {"{\"vr\":\"LO\"}", "{\"Value\":[null],\"vr\":\"LO\"}", "{\"Value\":[]}"}) {
            String json = "[" + FIRST.replace("{\"Value\":[\"P-1\"],\"vr\":\"LO\"}", empty) + "]";
            assertThat(read(attachment(json)).orElseThrow().patientId()).isEmpty();
        }
    }

    @Test
    void whatIsCutOffAfterTheFirstInstanceIsAsGood() throws IOException {
        byte[] attachment = attachment("[" + FIRST + "," + "\"\"".repeat(20_000) + "]");
        assertThat(read(Arrays.copyOf(attachment, attachment.length - 30))).isPresent();
    }

    @Test
    void anythingElseSaysNothing() throws IOException {
        byte[] good = attachment("[" + FIRST + "]");
        for (int cut = 0; cut < good.length; cut++) {
            read(Arrays.copyOf(good, cut)); // no exception
            byte[] changed = good.clone();
            changed[cut] ^= 1;
            read(changed);
        }
        assertThat(read(new byte[0])).isEmpty();
        assertThat(read("a text that is longer than what stands before the stream".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(read(attachment("{}"))).isEmpty();
        assertThat(read(attachment("[]"))).isEmpty();
        assertThat(read(attachment("[" + FIRST.replace("0020000D", "0020000F") + "]")))
                .isEmpty();
        assertThat(read(attachment("[{\"0020000D\":7,\"0020000E\":[]}]"))).isEmpty();
    }

    @Test
    void survivesMutations() throws Exception {
        Fuzz.of("series-metadata")
                .words("0020000D", "0020000E", "00100020", "Value", "[[", "{\"", "null")
                .drawn("json", ("[" + FIRST + "]").getBytes(StandardCharsets.UTF_8))
                .run(json -> read(attachment(new String(json, StandardCharsets.UTF_8))));
    }

    private static Optional<Identity> read(byte[] attachment) throws IOException {
        return SeriesMetadata.identity(ByteSource.of(attachment));
    }

    private static byte[] attachment(String json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("2;0123456789abcdef0123456789abcdef;".getBytes(StandardCharsets.US_ASCII));
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
