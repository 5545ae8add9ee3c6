package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts of an HTTP request, as doors.c and loader.c put them one after the other; those of C-FIND and C-MOVE come in the same form: the AET,
 * who asks for what, and the tags; so do those of audit logs: the plugin, and what it tells.
 */
record HttpTexts(String uri, List<Map.Entry<String, String>> arguments, Map<String, String> headers) {
    static HttpTexts of(Request request) throws IOException {
        String[] texts = request.texts();
        int headers = 1 + 2 * request.queryCount();
        Map<String, String> byName = new LinkedHashMap<>();
        pairs(texts, headers, request.headerCount()).forEach(pair -> byName.put(pair.getKey(), pair.getValue()));
        return new HttpTexts(texts[0], pairs(texts, 1, request.queryCount()), byName);
    }

    private static List<Map.Entry<String, String>> pairs(String[] texts, int first, int count) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(Map.entry(texts[first + 2 * i], texts[first + 2 * i + 1]));
        }
        return pairs;
    }
}
