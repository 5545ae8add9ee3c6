package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.plugin.access.DicomWebRoots;

/**
 * What Orthanc's configuration says of DICOMweb. Immutable.
 *
 * @param root where it is answered, without a slash at its end
 * @param publicRoot where a proxy passes that on from, without a slash at its end; else {@code root}
 * @param ssl whether addresses in answers begin with https unless a proxy says otherwise
 * @param caseSensitive whether searches are
 * @param metadataOfFiles whether metadata are read from each image, and not from what Orthanc keeps of its study and patient
 */
record DicomWeb(String root, String publicRoot, boolean ssl, boolean caseSensitive, boolean metadataOfFiles) {
    private static final String FULL = "Full"; // the default
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]{1,255}");
    private static final Pattern FORWARDED = Pattern.compile("(?i)(host|proto)=\"?([^;,\"\\s]+)");

    /** @param configuration the whole of it */
    static DicomWeb of(JsonNode configuration, DicomWebRoots roots) {
        JsonNode web = configuration.path("DicomWeb");
        return new DicomWeb(
                roots.root(),
                ("/" + web.path("PublicRoot").asText(roots.root()))
                        .replaceAll("/+", "/")
                        .replaceAll("/$", ""),
                web.path("Ssl").asBoolean(false),
                web.path("QidoCaseSensitive")
                        .asBoolean(configuration.path("CaseSensitivePN").asBoolean(false)),
                Stream.of("StudiesMetadata", "SeriesMetadata")
                        .allMatch(level -> web.path(level).asText(FULL).equals(FULL)));
    }

    /** The address under which whoever asks finds {@link #root}; with a proxy between, where the proxy has been asked. */
    String address(Map<String, String> headers) {
        String host = headers.getOrDefault("x-forwarded-host", headers.getOrDefault("host", "localhost"));
        String scheme = headers.getOrDefault("x-forwarded-proto", ssl ? "https" : "http");
        Matcher forwarded = FORWARDED.matcher(headers.getOrDefault("forwarded", ""));
        while (forwarded.find()) {
            if (forwarded.group(1).equalsIgnoreCase("host")) {
                host = forwarded.group(2);
            } else {
                scheme = forwarded.group(2);
            }
        }
        return (scheme.equals("https") ? "https" : "http")
                + "://"
                + (HOST.matcher(host).matches() ? host : "localhost")
                + publicRoot;
    }
}
