package org.strongroom.plugin.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Path and arguments in the one way in which everybody reads them. Orthanc, its HTTP library and its plugins decode,
 * fold and split differently from version to version; what any two of them could read differently is not canonical.
 * Immutable.
 *
 * @param segments of the path; empty ones do not matter to Orthanc and are left out
 * @param arguments names in lower case
 */
record CanonicalRequest(List<String> segments, List<Map.Entry<String, String>> arguments) {
    private static final int LONGEST_PATH = 1024;
    private static final int MOST_ARGUMENTS = 256;
    private static final int LONGEST_VALUE = 8192;
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~@,/-]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    CanonicalRequest {
        segments = List.copyOf(segments);
        arguments = List.copyOf(arguments);
    }

    /** Empty if it is not canonical. */
    static Optional<CanonicalRequest> of(String path, List<Map.Entry<String, String>> query) {
        if (path.length() > LONGEST_PATH
                || query.size() > MOST_ARGUMENTS
                || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            // Old HTTP libraries take dots at its beginning away.
            if (segment.startsWith(".")) {
                return Optional.empty();
            }
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        List<Map.Entry<String, String>> arguments = new ArrayList<>();
        for (Map.Entry<String, String> argument : query) {
            String name = argument.getKey();
            // The method is known without it; whoever writes it means to be read differently by somebody.
            if (!NAME.matcher(name).matches()
                    || fold(name).equals("_method")
                    || argument.getValue().length() > LONGEST_VALUE) {
                return Optional.empty();
            }
            arguments.add(Map.entry(fold(name), argument.getValue()));
        }
        return Optional.of(new CanonicalRequest(segments, arguments));
    }

    /** Names of arguments that differ in case only are taken for one: the stricter line of the table holds for all of them. */
    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    boolean has(String argument) {
        return arguments.stream().anyMatch(one -> one.getKey().equals(argument));
    }

    /** The value of an argument that is there exactly once. */
    Optional<String> only(String argument) {
        List<String> values = arguments.stream()
                .filter(one -> one.getKey().equals(argument))
                .map(Map.Entry::getValue)
                .toList();
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
}
