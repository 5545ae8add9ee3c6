package org.strongroom.plugin.gate;

import java.util.List;
import java.util.Map;

/** Arguments of requests, those left out that mean nothing to anybody. */
final class Arguments {
    /** The time, by which jQuery makes each address another one, so that no cache answers: Orthanc Explorer says it with every GET. */
    private static final String OF_CACHES = "_";

    private Arguments() {}

    static List<Map.Entry<String, String>> meant(List<Map.Entry<String, String>> arguments) {
        return arguments.stream()
                .filter(argument -> !argument.getKey().equals(OF_CACHES))
                .toList();
    }
}
