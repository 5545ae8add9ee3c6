package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.plugin.access.Decision;

/**
 * What a search shows of each match. Immutable.
 *
 * @param expanded whether all that Orthanc says of it, or its id alone; passed over where there are parts
 * @param parts of it, if some are named ({@code ResponseContent}), whatever this Orthanc knows of that
 */
record Content(boolean expanded, Optional<Set<Part>> parts, Detail detail) {
    /** Orthanc's ids. */
    static final Content IDS = new Content(false, Optional.empty(), Detail.USUAL);

    private static final String METADATA = "Metadata";

    /** A part, and its members. Attachments are not among them: what is attached needs a permission of its own. */
    enum Part {
        MAIN_DICOM_TAGS("MainDicomTags PatientMainDicomTags"),
        METADATA(Content.METADATA),
        CHILDREN("Children Studies Series Instances"),
        PARENT("Parent ParentPatient ParentStudy ParentSeries"),
        LABELS("Labels"),
        STATUS("Status"),
        IS_STABLE("IsStable"),
        IS_PROTECTED("IsProtected"),
        REQUESTED_TAGS("RequestedTags");

        private final String words;

        /** @param words with blanks between them: what it is called, and what its other members are */
        Part(String words) {
            this.words = words;
        }

        List<String> members() {
            return List.of(words.split(" ", -1));
        }

        static Optional<Part> of(String word) {
            return Stream.of(values())
                    .filter(part -> part.members().get(0).equals(word))
                    .findFirst();
        }
    }

    /**
     * What the body of a search says of it.
     *
     * @param folder of the matches
     * @throws org.strongroom.core.error.StrongroomException REFUSED if more is asked for, or it is not understood
     */
    static Content of(ObjectNode body, String folder) {
        Optional<Set<Part>> parts = Optional.empty();
        if (body.has("ResponseContent")) {
            Set<Part> named = EnumSet.noneOf(Part.class);
            for (JsonNode word : Search.array(body, "ResponseContent")) {
                named.add(Part.of(word.asText())
                        .orElseThrow(() -> Search.notAnswered("a search that shows this content")));
            }
            parts = Optional.of(named);
        }
        Detail detail = new Detail(Search.requested(body, folder), TagFormat.of(body));
        return new Content(body.path("Expand").asBoolean(false), parts, detail);
    }

    Entry entry(Mine mine, Shown shown) {
        if (parts.isPresent()) {
            return (uri, decision) -> parts(mine, shown, uri, decision);
        }
        return expanded ? Entry.expanded(mine, shown, detail) : Entry.id();
    }

    private Optional<JsonNode> parts(Mine mine, Shown shown, String uri, Decision decision) {
        boolean bare = detail.requested().isEmpty() && Set.of(Part.METADATA).containsAll(parts.orElseThrow());
        Optional<ObjectNode> shownParts = bare
                ? Optional.of(bare(uri))
                : mine.resource(shown, uri, decision, detail).map(whole -> kept((ObjectNode) whole));
        if (!parts.get().contains(Part.METADATA)) {
            return shownParts.map(JsonNode.class::cast);
        }
        return shownParts.flatMap(
                entry -> mine.metadata(shown, uri).<JsonNode>map(metadata -> entry.set(METADATA, metadata)));
    }

    /** DICOMweb from 1.18 on asks for metadata and nothing else, to find what a path names. */
    private static ObjectNode bare(String uri) {
        String folder = uri.substring(0, uri.lastIndexOf('/') + 1);
        return JsonNodeFactory.instance.objectNode().put("ID", Matches.id(uri)).put("Type", Search.level(folder));
    }

    private ObjectNode kept(ObjectNode whole) {
        List<String> members = new ArrayList<>(List.of("ID", "Type", "RequestedTags"));
        parts.orElseThrow().forEach(part -> members.addAll(part.members()));
        return whole.retain(members);
    }
}
