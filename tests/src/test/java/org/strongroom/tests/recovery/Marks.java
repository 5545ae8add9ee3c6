package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.strongroom.tests.harness.Rest;

/** What people leave at a study that no image says: a label, a piece of metadata, a file. Immutable. */
record Marks(String study) {
    private static final byte[] REPORT = "Findings: none. ".repeat(5000).getBytes(StandardCharsets.UTF_8);

    /** Leaves them at the study of any instance but one. */
    static Marks put(Rest rest, String otherThan) {
        String instance = rest.instances().stream()
                .filter(id -> !id.equals(otherThan))
                .findFirst()
                .orElseThrow();
        Marks marks = new Marks("/studies/"
                + rest.json("/instances/" + instance + "/study").path("ID").asText());
        rest.put(marks.study + "/labels/second-opinion", new byte[0]);
        rest.put(marks.study + "/metadata/1024", "seen".getBytes(StandardCharsets.UTF_8));
        rest.put(marks.study + "/attachments/1024", REPORT);
        return marks;
    }

    void assertThere(Rest rest) {
        assertThat(rest.json(study + "/labels").toString()).isEqualTo("[\"second-opinion\"]");
        assertThat(rest.get(study + "/metadata/1024"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("seen");
        assertThat(rest.get(study + "/attachments/1024/data")).isEqualTo(REPORT);
    }
}
