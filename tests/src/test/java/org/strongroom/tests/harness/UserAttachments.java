package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A long and an empty file that a user attaches to a patient, a study, a series and an instance of an Orthanc. */
public final class UserAttachments {
    public static final String TEXT = "Findings: none. ";

    private static final byte[] REPORT = TEXT.repeat(5000).getBytes(StandardCharsets.UTF_8);

    private final Rest rest;
    private final List<String> owners = new ArrayList<>();

    public UserAttachments(Rest rest) {
        this.rest = rest;
        for (String level : List.of("/patients", "/studies", "/series", "/instances")) {
            assertThat(rest.json(level)).isNotEmpty();
            owners.add(level + "/" + rest.json(level).get(0).asText() + "/attachments/");
        }
    }

    public void put() {
        for (String owner : owners) {
            rest.put(owner + "1024", REPORT);
            rest.put(owner + "1025", new byte[0]);
        }
    }

    public void assertThere() {
        for (String owner : owners) {
            assertThat(rest.get(owner + "1024/data")).as(owner).isEqualTo(REPORT);
            assertThat(rest.get(owner + "1025/data")).as(owner).isEmpty();
        }
    }

    public void delete() {
        for (String owner : owners) {
            rest.delete(owner + "1024");
        }
    }
}
