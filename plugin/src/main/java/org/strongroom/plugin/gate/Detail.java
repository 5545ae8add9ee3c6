package org.strongroom.plugin.gate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * What is asked of a resource beside its main tags, and how tags are written. Immutable.
 *
 * @param requested names of tags that Orthanc has in its index; before 1.11 it passes over them
 */
record Detail(Set<String> requested, TagFormat format) {
    static final Detail USUAL = new Detail(Set.of(), TagFormat.NAMED);
    private static final Set<String> REQUESTED = Set.of("requestedTags", "requested-tags");

    Detail {
        requested = Collections.unmodifiableSet(new TreeSet<>(requested));
    }

    /** Whether an argument says something of this. */
    static boolean isArgument(String name) {
        return REQUESTED.contains(name) || TagFormat.ARGUMENTS.contains(name);
    }

    /**
     * What a request asks for by its arguments.
     *
     * @param folder of Orthanc's that what is shown is in
     * @throws org.strongroom.core.error.StrongroomException REFUSED for tags that are not in Orthanc's index of that
     */
    static Detail of(RestRequest request, String folder) {
        Set<String> requested = new TreeSet<>();
        for (Map.Entry<String, String> argument : request.arguments()) {
            if (REQUESTED.contains(argument.getKey())) {
                for (String tag : Lists.list(argument.getValue()).split("[;,]", -1)) {
                    Search.requireShown(tag, folder);
                    requested.add(tag);
                }
            }
        }
        return new Detail(requested, TagFormat.of(request.arguments()));
    }

    /** A path, with the arguments that ask so. */
    String asked(String path) {
        List<String> arguments = new ArrayList<>();
        if (!requested.isEmpty()) {
            arguments.add("requestedTags=" + String.join(";", requested));
        }
        format.argument().ifPresent(arguments::add);
        return arguments.isEmpty() ? path : path + "?" + String.join("&", arguments);
    }
}
