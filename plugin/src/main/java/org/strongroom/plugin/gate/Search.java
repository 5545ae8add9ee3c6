package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;

/**
 * What the body of {@code /tools/find} asks for. Only what Orthanc answers from its index: other tags it would read from files, and
 * tell more than a role may see.
 *
 * @param refinement members of the body that Orthanc gets as they are: labels, an order, and what the matches are below
 */
record Search(
        String folder, ObjectNode query, boolean caseSensitive, Page page, Content content, ObjectNode refinement) {
    private static final String STUDY = "StudyInstanceUID";
    private static final String LABELS = "Labels";
    private static final String CONSTRAINT = "LabelsConstraint";
    private static final Set<String> CONSTRAINTS = Set.of("All", "Any", "None");
    private static final Map<String, String> FOLDERS =
            Map.of("Patient", "/patients/", "Study", "/studies/", "Series", "/series/", "Instance", "/instances/");
    private static final Set<String> ORDERS =
            Set.of("DicomTag", "DicomTagAsInt", "DicomTagAsFloat", "Metadata", "MetadataAsInt", "MetadataAsFloat");

    private static final Set<String> MEMBERS = Set.of(
            "Level",
            "Query",
            "CaseSensitive",
            "Expand",
            "Since",
            "Limit",
            "RequestedTags",
            "ResponseContent",
            LABELS,
            CONSTRAINT,
            "OrderBy",
            "ParentPatient",
            "ParentStudy",
            "ParentSeries");
    /** What a search may be below, and where that is. */
    private static final Map<String, String> PARENTS =
            Map.of("ParentPatient", "/patients/", "ParentStudy", "/studies/", "ParentSeries", "/series/");

    private static final List<String> DOWNWARDS = List.of("/patients/", "/studies/", "/series/", "/instances/");
    /** Which tags of a patient Orthanc keeps, it keeps from whoever sent the first image. */
    private static final Set<String> PATIENT =
            Set.of("PatientName", "PatientBirthDate", "PatientSex", "OtherPatientIDs");

    /** Orthanc 1.10.1 knows this one by its digits only. */
    private static final Map<String, String> DIGITS = Map.of("OtherPatientIDs", "0010,1000");

    private static final Set<String> OTHERS = Set.of(
            "PatientID",
            STUDY,
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

    /** What Orthanc counts or gathers; what it counts of a patient may be another's. */
    private static final Map<String, Set<String>> GATHERED = Map.of(
            "/studies/",
            Set.of("NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances", "SOPClassesInStudy"),
            "/series/",
            Set.of("NumberOfSeriesRelatedInstances"));

    /** For Orthanc's ids, without labels or order. */
    Search(String folder, ObjectNode query, boolean caseSensitive, Page page) {
        this(folder, query, caseSensitive, page, Content.IDS, JsonNodeFactory.instance.objectNode());
    }

    /** @throws StrongroomException REFUSED if more is asked for, or it is not understood */
    static Search of(JsonNode body) {
        body.fieldNames()
                .forEachRemaining(name -> require(
                        MEMBERS.contains(name) || TagFormat.MEMBERS.contains(name), "a search with this member"));
        String folder = folder(body.path("Level").asText());
        require(!folder.isEmpty() && body.path("Query").isObject(), "a search without level and query");
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> tag : body.get("Query").properties()) {
            String name = name(tag.getKey());
            require(knows(name) && tag.getValue().isTextual() && !query.has(name), "a search for this tag");
            query.set(name, tag.getValue());
        }
        return new Search(
                folder,
                query,
                body.path("CaseSensitive").asBoolean(false),
                Page.of(text(body, "Since"), text(body, "Limit")),
                Content.of((ObjectNode) body, folder),
                refinement(body, folder));
    }

    /** In any of the words that Orthanc takes for a level: DICOMweb's WADO-URI asks for an "instance". Empty if it is none. */
    static String folder(String level) {
        return switch (level.toUpperCase(Locale.ROOT)) {
            case "PATIENT", "PATIENTS" -> "/patients/";
            case "STUDY", "STUDIES" -> "/studies/";
            case "SERIES" -> "/series/";
            case "INSTANCE", "INSTANCES", "IMAGE", "IMAGES" -> "/instances/";
            default -> "";
        };
    }

    /** Of a tag that is written as Orthanc takes it: its name, or its digits as {@code 0010,0020}, {@code 0010-0020} or {@code 00100020}. */
    private static String name(String tag) {
        return tag.matches("[0-9A-Fa-f]{4}[,-]?[0-9A-Fa-f]{4}")
                ? QidoTag.of(tag.replaceAll("[,-]", "")).map(QidoTag::name).orElse(tag)
                : tag;
    }

    /** What resources in a folder are, in Orthanc's word. */
    static String level(String folder) {
        return FOLDERS.entrySet().stream()
                .filter(level -> level.getValue().equals(folder))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Names of tags that a body asks for beside the main ones. */
    static Set<String> requested(JsonNode body, String folder) {
        Set<String> requested = new TreeSet<>();
        for (JsonNode tag : array(body, "RequestedTags")) {
            String name = name(tag.asText());
            requireShown(name, folder);
            requested.add(name);
        }
        return requested;
    }

    /** Whether a tag may be shown beside the main ones of what is in a folder. */
    static void requireShown(String tag, String folder) {
        require(isInIndex(tag, folder), "a search that shows this tag");
    }

    private static boolean isInIndex(String tag, String folder) {
        boolean gathered = GATHERED.getOrDefault(folder, Set.of()).contains(tag);
        boolean below = folder.equals("/series/") || folder.equals("/instances/");
        return gathered || (isOf(tag, folder) && !(below && isOfPatient(tag)));
    }

    /** Whether the index has this tag of what is in a folder, or of what that is in. */
    static boolean isOf(String tag, String folder) {
        Level level = QidoTag.of(tag).map(QidoTag::level).orElse(Level.STUDY);
        return knows(tag)
                && switch (folder) {
                    case "/patients/" -> isOfPatient(tag);
                    case "/studies/" -> level == Level.STUDY;
                    case "/series/" -> level != Level.INSTANCE;
                    default -> true;
                };
    }

    private static boolean isOfPatient(String tag) {
        return PATIENT.contains(tag) || tag.equals("PatientID");
    }

    private static ObjectNode refinement(JsonNode body, String folder) {
        ObjectNode refinement = JsonNodeFactory.instance.objectNode();
        for (JsonNode label : array(body, LABELS)) {
            require(label.isTextual(), "a search for this label");
        }
        require(
                !body.has(CONSTRAINT)
                        || CONSTRAINTS.contains(body.path(CONSTRAINT).asText()),
                "a search with this constraint of labels");
        for (String name : List.of(LABELS, CONSTRAINT)) {
            if (body.has(name)) {
                refinement.set(name, body.get(name)); // an empty list may mean: without any
            }
        }
        List<String> parents = PARENTS.keySet().stream().filter(body::has).toList();
        require(parents.size() < 2, "a search below several"); // Orthanc heeds one of them
        for (String name : parents) {
            require(body.get(name).asText().matches("[0-9a-f]{8}(-[0-9a-f]{8}){4}"), "a search below this");
            require(
                    DOWNWARDS.indexOf(PARENTS.get(name)) <= DOWNWARDS.indexOf(folder),
                    "a search for what is above " + name);
            refinement.set(name, body.get(name));
        }
        for (JsonNode order : array(body, "OrderBy")) {
            String type = order.path("Type").asText();
            require(
                    ORDERS.contains(type) && (type.startsWith("Metadata") || knows(key(order))),
                    "a search in this order");
            refinement.withArray("/OrderBy").add(order);
        }
        return refinement;
    }

    /** A list in a body; missing if it is. */
    static JsonNode array(JsonNode body, String name) {
        require(!body.has(name) || body.get(name).isArray(), "a search whose " + name + " is no list");
        return body.path(name);
    }

    private static String key(JsonNode order) {
        return order.path("Key").asText();
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
            throw notAnswered(what);
        }
    }

    static StrongroomException notAnswered(String what) {
        return Lists.refused(what + " is not answered while tenants are kept apart");
    }

    /** Paths of what the matches are below. */
    List<String> parents() {
        return PARENTS.entrySet().stream()
                .filter(parent -> refinement.has(parent.getKey()))
                .map(parent ->
                        parent.getValue() + refinement.get(parent.getKey()).asText())
                .toList();
    }

    /**
     * Whether a match would tell what somebody else calls the patient: Orthanc keeps that of a patient from whoever came first. It
     * keeps it of each study as well, from the study's own first image, and that is what studies and what is in them are found by.
     */
    boolean findsByAnothersTags() {
        return isOfPatients() && (asksForPatient() || asksForLabels());
    }

    private boolean asksForPatient() {
        return PATIENT.stream().anyMatch(query::has);
    }

    /**
     * The same, asking for the studies of the patients by the studies' own tags; empty where patients are asked for by labels, and by
     * tags of what is below them, by which Orthanc finds no patient.
     */
    Optional<Search> ofStudies() {
        if (asksForLabels() || asksForWhatIsBelow()) {
            return Optional.empty();
        }
        ObjectNode below = refinement.deepCopy().retain(PARENTS.keySet());
        return Optional.of(new Search("/studies/", query, caseSensitive, page, Content.IDS, below));
    }

    /** Whether it asks for patients by what is below them, by which no Orthanc finds any; some of them fail. */
    boolean findsNobody() {
        return isOfPatients() && asksForWhatIsBelow();
    }

    /** Of a tag without a value Orthanc asks nothing. */
    private boolean asksForWhatIsBelow() {
        return query.properties().stream()
                .anyMatch(tag ->
                        !isOfPatient(tag.getKey()) && !tag.getValue().asText().isEmpty());
    }

    /**
     * The same, of what Orthanc may find of one study only; of the study instead of the patient where the patient's id could mean
     * something else in a search. Empty if it asks for another.
     *
     * @param study as Orthanc describes it
     */
    Optional<Search> around(JsonNode study) {
        String tag = isOfPatients() ? "PatientID" : STUDY; // patients are not found by what is below them
        String value = study.path(isOfPatients() ? "PatientMainDicomTags" : "MainDicomTags")
                .path(tag)
                .asText();
        if (!value.matches("[A-Za-z0-9._-][A-Za-z0-9. _-]*")) {
            return isOfPatients() ? ofStudies().flatMap(other -> other.around(study)) : Optional.empty();
        }
        String asked = query.path(tag).asText();
        if (!asked.isEmpty() && !Wildcards.find(asked, value, caseSensitive)) {
            return Optional.empty();
        }
        ObjectNode narrower = query.deepCopy().put(tag, value);
        return Optional.of(new Search(folder, narrower, caseSensitive, page, content, refinement));
    }

    /** The same in any order. */
    Search unordered() {
        ObjectNode other = refinement.deepCopy();
        other.remove("OrderBy");
        return with(other);
    }

    /** Whether a place among the matches would tell that. */
    boolean isOrderedByPatient() {
        JsonNode orders = refinement.path("OrderBy");
        return StreamSupport.stream(orders.spliterator(), false)
                .anyMatch(order -> isOfPatients() || PATIENT.contains(key(order)));
    }

    /** Without any, "None" asks for what has none. */
    private boolean asksForLabels() {
        return namesLabels() || asksForNone();
    }

    private boolean namesLabels() {
        return !refinement.path(LABELS).isEmpty();
    }

    private boolean asksForNone() {
        return refinement.path(CONSTRAINT).asText().equals("None");
    }

    /** Whether it asks for studies that have no label at all; newer Orthancs understand that. */
    boolean asksForBareStudies() {
        return isOfStudies() && !namesLabels() && asksForNone();
    }

    /** The same, asking for studies that have none of these labels and may have others. */
    Search forStudiesWithout(Set<String> labels) {
        ObjectNode other = refinement.deepCopy();
        other.remove(List.of(LABELS, CONSTRAINT));
        return with(other).leavingOut(labels);
    }

    /** The same without studies that have one of these labels; unchanged where that cannot be said beside what it asks of labels. */
    Search leavingOut(Set<String> labels) {
        if (!isOfStudies() || labels.isEmpty() || (namesLabels() && !asksForNone())) {
            return this;
        }
        ObjectNode other = refinement.deepCopy();
        ArrayNode all = other.withArray("/" + LABELS);
        labels.forEach(all::add);
        return with(other.put(CONSTRAINT, "None"));
    }

    private Search with(ObjectNode other) {
        return new Search(folder, query, caseSensitive, page, content, other);
    }

    private boolean isOfStudies() {
        return folder.equals("/studies/");
    }

    private boolean isOfPatients() {
        return folder.equals("/patients/");
    }

    /**
     * The same search of all that Orthanc has, answered with identifiers.
     *
     * @param most how many are of use. Orthanc is told where it asks for nothing else: some of its versions limit what they have not
     *     yet compared with the whole query, and would leave out matches
     */
    byte[] everything(int most) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Level", level(folder)).put("CaseSensitive", caseSensitive).put("Expand", false);
        ObjectNode tags = body.putObject("Query");
        query.properties().forEach(tag -> tags.set(DIGITS.getOrDefault(tag.getKey(), tag.getKey()), tag.getValue()));
        body.setAll(refinement);
        if (query.isEmpty()) {
            body.put("Limit", most);
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
