package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.strongroom.tests.harness.Rest;

/** What a request names, by the name of its placeholder. */
record Named(Map<String, String> ids) {
    /** Nobody has these. */
    static final Named NOWHERE = new Named(Map.of(
            "patient", "00000000-00000000-00000000-00000000-00000001",
            "study", "00000000-00000000-00000000-00000000-00000002",
            "series", "00000000-00000000-00000000-00000000-00000003",
            "instance", "00000000-00000000-00000000-00000000-00000004",
            "study-uid", "9.9",
            "series-uid", "9.9.1",
            "instance-uid", "9.9.1.1"));

    String fill(String path) {
        String filled = path.replace("**", "x").replace("{resources}", "{study},{series}");
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace("{" + id.getKey() + "}", id.getValue());
        }
        return filled.replaceAll("\\{[a-z-]+\\}", "x");
    }

    /** The same of a patient who is nobody's. */
    Named without(String placeholder) {
        Map<String, String> rest = new HashMap<>(ids);
        rest.put(placeholder, NOWHERE.ids().get(placeholder));
        return new Named(rest);
    }

    /** A study of its user's, with one series of one image. */
    static Named of(TwoClinicsPacs pacs, Rest rest, String user, String study) {
        JsonNode found = pacs.find(rest, user, "Study", study);
        assertThat(found).as(study).hasSize(1);
        String id = found.get(0).asText();
        JsonNode whole = pacs.json(rest, user, "/studies/" + id);
        String series = whole.path("Series").path(0).asText();
        return new Named(Map.of(
                "patient",
                whole.path("ParentPatient").asText(),
                "study",
                id,
                "series",
                series,
                "instance",
                pacs.json(rest, user, "/series/" + series)
                        .path("Instances")
                        .path(0)
                        .asText(),
                "study-uid",
                study,
                "series-uid",
                study + ".1",
                "instance-uid",
                study + ".1.1"));
    }
}
