package org.strongroom.plugin.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.io.ByteSource;

/**
 * An HTTP request as Orthanc hands it to plugins.
 *
 * @param path with a leading slash, without the query
 * @param arguments of a GET (Orthanc gives none for other methods), in their order. Whether they are percent-decoded depends on the HTTP library of this Orthanc (Debian's 1.10.1 and 1.12.7: no, 1.13.0: yes): put
 *     only letters, digits, dot, dash and underscore there, anything else in a body
 * @param headers names in lower case
 * @param body Orthanc's own buffer: throws {@link java.io.IOException} once Orthanc has given up
 * @param authentication what whoever authenticates HTTP requests has told Orthanc; empty before 1.12.9
 */
public record RestRequest(
        HttpMethod method,
        String path,
        List<Map.Entry<String, String>> arguments,
        Map<String, String> headers,
        ByteSource body,
        String authentication) {
    /** A request that repeats no argument, of nobody. */
    public RestRequest(
            HttpMethod method, String path, Map<String, String> query, Map<String, String> headers, ByteSource body) {
        this(method, path, List.copyOf(query.entrySet()), headers, body, "");
    }

    /** The same with these arguments. */
    public RestRequest with(List<Map.Entry<String, String>> others) {
        return new RestRequest(method, path, List.copyOf(others), headers, body, authentication);
    }

    /** The arguments by name; as for Orthanc itself, the last of a repeated one wins. */
    public Map<String, String> query() {
        Map<String, String> query = new LinkedHashMap<>();
        arguments.forEach(argument -> query.put(argument.getKey(), argument.getValue()));
        return query;
    }
}
