package org.strongroom.plugin.bridge;

import java.util.Map;
import org.strongroom.core.io.ByteSource;

/**
 * An HTTP request as Orthanc hands it to plugins.
 *
 * @param path with a leading slash, without the query
 * @param query decoded arguments; Orthanc gives them for GET only, the last of a repeated name wins
 * @param headers names in lower case
 * @param body Orthanc's own buffer: throws {@link java.io.IOException} once Orthanc has given up
 */
public record RestRequest(
        HttpMethod method, String path, Map<String, String> query, Map<String, String> headers, ByteSource body) {}
