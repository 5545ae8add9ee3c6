package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.plugin.access.Level;

/**
 * What a QIDO-RS request asks for.
 *
 * @param level of the matches
 * @param query constraints by Orthanc's names; those of the path among them
 * @param wanted what is asked for beside the usual
 * @param everything whether {@code includefield=all}
 * @param fuzzy whether names shall match that only sound alike
 */
record QidoRequest(Level level, ObjectNode query, Set<QidoTag> wanted, boolean everything, boolean fuzzy, Page page) {
    /** The most matches in one answer, but for images of one series; PS3.18 8.3.4.4 leaves that to the server. */
    static final int MOST = 1000;

    private static final long UNLIMITED = Long.MAX_VALUE - 1; // one match more is asked for

    private static final Map<String, Level> LEVELS =
            Map.of("studies", Level.STUDY, "series", Level.SERIES, "instances", Level.INSTANCE);
    private static final Map<Level, String> UIDS =
            Map.of(Level.STUDY, "StudyInstanceUID", Level.SERIES, "SeriesInstanceUID");
    private static final String MODALITY = "Modality";
    private static final String MODALITIES = "ModalitiesInStudy";
    private static final Set<String> KEYS = Set.of("limit", "offset", "fuzzymatching", "includefield");

    /** Whether each argument is one of QIDO-RS, or a tag that is known here. */
    static boolean knows(List<Map.Entry<String, String>> arguments) {
        return arguments.stream()
                .map(Map.Entry::getKey)
                .allMatch(key -> KEYS.contains(key) || QidoTag.of(key).isPresent());
    }

    /**
     * @param path below the root, without a slash at its beginning or end
     * @param arguments which it {@link #knows}
     * @throws org.strongroom.core.error.StrongroomException REFUSED if it asks for what Orthanc would have to read files to find
     */
    static QidoRequest of(String path, List<Map.Entry<String, String>> arguments) {
        String[] parts = path.split("/", -1);
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        Set<QidoTag> wanted = new LinkedHashSet<>();
        Set<String> includes = new HashSet<>();
        Optional<String> limit = Optional.empty();
        String offset = null;
        boolean fuzzy = false;
        for (Map.Entry<String, String> argument : arguments) {
            String value = decoded(argument.getValue());
            switch (argument.getKey()) {
                case "limit" -> limit = Optional.of(value);
                case "offset" -> offset = value;
                case "fuzzymatching" -> fuzzy = value.equals("true");
                case "includefield" -> includes.addAll(List.of(value.split(",", -1)));
                default -> ask(query, wanted, QidoTag.of(argument.getKey()).orElseThrow(), value);
            }
        }
        includes.stream().flatMap(name -> QidoTag.of(name).stream()).forEach(wanted::add);
        Level level = LEVELS.get(parts[parts.length - 1]);
        if (level == Level.STUDY
                && query.has(MODALITY)) { // as the DICOMweb plugin: Orthanc compares no other of a study
            if (query.has(MODALITIES)) {
                throw Lists.refused(
                        "a search by both Modality and ModalitiesInStudy is not answered while tenants are kept apart");
            }
            query.set(MODALITIES, query.remove(MODALITY));
        }
        for (int i = 0; i + 1 < parts.length; i += 2) {
            query.put(UIDS.get(LEVELS.get(parts[i])), parts[i + 1]);
        }
        return new QidoRequest(
                level,
                query,
                Set.copyOf(wanted),
                includes.contains("all"),
                fuzzy,
                page(offset, limit, isOfOneSeries(query) ? UNLIMITED : MOST));
    }

    /** Viewers take what they get for the whole series. */
    private static boolean isOfOneSeries(ObjectNode query) {
        return UIDS.values().stream().allMatch(uid -> query.path(uid).asText().matches("[0-9.]+"));
    }

    private static Page page(String offset, Optional<String> limit, long most) {
        Page asked = Page.of(offset, limit.orElse(null));
        return new Page(asked.since(), asked.limit() == 0 ? most : Math.min(asked.limit(), most));
    }

    /** A key without a value is one that shall be in the answer. */
    private static void ask(ObjectNode query, Set<QidoTag> wanted, QidoTag tag, String value) {
        wanted.add(tag);
        String constraint = value.replace(',', '\\'); // a list has either here, and backslashes in Orthanc
        if (!constraint.isEmpty()) {
            if (!Search.knows(tag.name())) {
                throw Lists.refused("a search for this tag is not answered while tenants are kept apart");
            }
            query.put(tag.name(), constraint);
        }
    }

    /** Orthanc's newer versions have decoded it already. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** With one match more than is shown, which tells whether there are others. */
    Search search(boolean caseSensitive) {
        String folder =
                switch (level) {
                    case STUDY -> "/studies/";
                    case SERIES -> "/series/";
                    default -> "/instances/";
                };
        return new Search(folder, query, caseSensitive, new Page(page.since(), page.limit() + 1));
    }

    /** Whether an answer has this, if it is known. */
    boolean returns(QidoTag tag) {
        boolean above = tag.level().compareTo(level) <= 0;
        // Also of what the path names: viewers take the patient's name or the modality from whatever row they have.
        return wanted.contains(tag) || (above && (everything || tag.usual()));
    }
}
