package org.strongroom.plugin.bridge;

import java.util.Map;
import org.strongroom.core.io.ByteSource;

/**
 * An HTTP request as Orthanc hands it to plugins.
 *
 * @param path with a leading slash, without the query
 * @param query arguments of a GET (Orthanc gives none for other methods), the last of a repeated name wins. Whether they
 *     are percent-decoded depends on the HTTP library of this Orthanc (Debian's 1.10.1 and 1.12.7: no, 1.13.0: yes): put
 *     only letters, digits, dot, dash and underscore there, anything else in a body
 * @param headers names in lower case
 * @param body Orthanc's own buffer: throws {@link java.io.IOException} once Orthanc has given up
 */
public record RestRequest(
        HttpMethod method, String path, Map<String, String> query, Map<String, String> headers, ByteSource body) {}
