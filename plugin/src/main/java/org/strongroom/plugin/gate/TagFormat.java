package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How Orthanc writes the tags of what it describes. A request says so by an argument, whatever its value, or by a member of its body that
 * is true; of several the first one here counts.
 */
enum TagFormat {
    /** Names and values. */
    NAMED("simplify", "Simplify", "/simplified-tags"),
    /** Digits and values. */
    SHORT("short", "Short", "/tags?short"),
    /** Digits, and to each its name, type and value: so Orthanc Explorer asks for everything. */
    FULL("full", "Full", "/tags");

    static final Set<String> ARGUMENTS =
            Stream.of(values()).map(format -> format.argument).collect(Collectors.toUnmodifiableSet());
    static final Set<String> MEMBERS =
            Stream.of(values()).map(format -> format.member).collect(Collectors.toUnmodifiableSet());

    private final String argument;
    private final String member;
    private final String tags;

    TagFormat(String argument, String member, String tags) {
        this.argument = argument;
        this.member = member;
        this.tags = tags;
    }

    static TagFormat of(List<Map.Entry<String, String>> arguments) {
        Set<String> names = arguments.stream().map(Map.Entry::getKey).collect(Collectors.toSet());
        return Stream.of(values())
                .filter(format -> names.contains(format.argument))
                .findFirst()
                .orElse(NAMED);
    }

    /** @throws org.strongroom.core.error.StrongroomException REFUSED if a member is neither true nor false */
    static TagFormat of(ObjectNode body) {
        TagFormat found = null;
        for (TagFormat format : values()) {
            if (OrderBody.flag(body, format.member).orElse(false) && found == null) {
                found = format;
            }
        }
        return found == null ? NAMED : found;
    }

    /** The argument that has Orthanc write so; none where it does so by itself. */
    Optional<String> argument() {
        return this == NAMED ? Optional.empty() : Optional.of(argument);
    }

    /** What all tags of an image have, below its path, in this format. */
    String ofImage() {
        return tags;
    }

    /** A tag, by its name, as it stands here. */
    String key(String name) {
        return this == NAMED ? name : QidoTag.of(name).map(QidoTag::withComma).orElse(name);
    }
}
