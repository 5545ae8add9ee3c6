package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * What the body of {@code /tools/find} asks for. Only what Orthanc answers from its index: other tags it would read from files, and
 * tell more than a role may see.
 */
record Search(String folder, ObjectNode query, boolean caseSensitive, boolean expand, Page page) {
    private static final Map<String, String> FOLDERS =
            Map.of("Patient", "/patients/", "Study", "/studies/", "Series", "/series/", "Instance", "/instances/");
    private static final Set<String> MEMBERS = Set.of("Level", "Query", "CaseSensitive", "Expand", "Since", "Limit");
    /** Which tags of a patient Orthanc keeps, it keeps from whoever sent the first image. */
    private static final Set<String> PATIENT =
            Set.of("PatientName", "PatientBirthDate", "PatientSex", "OtherPatientIDs");

    private static final Set<String> OTHERS = Set.of(
            "PatientID",
            "StudyInstanceUID",
            "StudyDate",
            "StudyTime",
            "StudyID",
            "StudyDescription",
            "AccessionNumber",
            "ReferringPhysicianName",
            "InstitutionName",
            "ModalitiesInStudy",
            "SeriesInstanceUID",
            "SeriesDate",
            "SeriesTime",
            "SeriesNumber",
            "SeriesDescription",
            "Modality",
            "BodyPartExamined",
            "StationName",
            "ProtocolName",
            "SOPInstanceUID",
            "InstanceNumber");

    /** @throws org.strongroom.core.error.StrongroomException REFUSED if more is asked for, or it is not understood */
    static Search of(JsonNode body) {
        body.fieldNames().forEachRemaining(name -> require(MEMBERS.contains(name), "a search with this member"));
        String folder = FOLDERS.get(body.path("Level").asText());
        require(folder != null && body.path("Query").isObject(), "a search without level and query");
        ObjectNode query = (ObjectNode) body.get("Query");
        for (Map.Entry<String, JsonNode> tag : query.properties()) {
            require(knows(tag.getKey()) && tag.getValue().isTextual(), "a search for this tag");
        }
        return new Search(
                folder,
                query,
                body.path("CaseSensitive").asBoolean(false),
                body.path("Expand").asBoolean(false),
                Page.of(text(body, "Since"), text(body, "Limit")));
    }

    /** Whether this tag may be searched for. */
    static boolean knows(String tag) {
        return PATIENT.contains(tag) || OTHERS.contains(tag);
    }

    private static String text(JsonNode body, String name) {
        return body.has(name) ? body.get(name).asText() : null;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw Lists.refused(what + " is not answered while tenants are kept apart");
        }
    }

    /** Whether a match would tell what somebody else calls the patient. */
    boolean asksForPatient() {
        return PATIENT.stream().anyMatch(query::has);
    }

    /**
     * The same search of all that Orthanc has, answered with identifiers.
     *
     * @param most how many are of use. Orthanc is told where it asks for nothing else: some of its versions limit what they have not
     *     yet compared with the whole query, and would leave out matches
     */
    byte[] everything(int most) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        String plain = FOLDERS.entrySet().stream()
                .filter(level -> level.getValue().equals(folder))
                .findFirst()
                .orElseThrow()
                .getKey();
        body.put("Level", plain).put("CaseSensitive", caseSensitive).put("Expand", false);
        body.set("Query", query);
        if (query.isEmpty()) {
            body.put("Limit", most);
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
