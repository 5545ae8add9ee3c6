package org.strongroom.sidecar.tier;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is signed of a request, so that nobody on the way can make another one of it: Microsoft's "Authorize with Shared Key",
 * the form for blobs since 2015-02-21.
 */
final class AzureSignature {
    private static final String[] STANDARD = {
        "content-encoding",
        "content-language",
        "content-length",
        "content-md5",
        "content-type",
        "date",
        "if-modified-since",
        "if-match",
        "if-none-match",
        "if-unmodified-since",
        "range"
    };

    private AzureSignature() {}

    /**
     * The text that is signed.
     *
     * @param headers by name in lower case, sorted; those that begin with {@code x-ms-} are signed as well
     * @param resource the account and the path of the request's address, as it is sent
     * @param query by name in lower case, sorted; values not encoded
     */
    static String text(
            String method, Map<String, String> headers, long bodySize, String resource, Map<String, String> query) {
        StringBuilder text = new StringBuilder(method);
        for (String name : STANDARD) {
            boolean length = name.equals("content-length");
            String value = length && bodySize > 0 ? Long.toString(bodySize) : headers.getOrDefault(name, "");
            text.append('\n').append(value);
        }
        text.append('\n');
        headers.forEach((name, value) -> {
            if (name.startsWith("x-ms-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append(resource);
        return text
                + query.entrySet().stream()
                        .map(each -> "\n" + each.getKey() + ":" + each.getValue())
                        .collect(Collectors.joining());
    }
}
