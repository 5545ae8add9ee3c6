package org.strongroom.plugin.gate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Addresses that requests come from: Orthanc tells them before a request is answered, and not to who answers. Two requests with the
 * same headers at the same time may be taken for each other: to who counts wrong passwords, and in the events of orders. Thread-safe.
 */
final class Peers {
    private static final int MOST = 1000;

    private final Map<Map<String, String>, String> byHeaders = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, String>, String> eldest) {
            return size() > MOST;
        }
    };

    synchronized void note(Map<String, String> headers, String peer) {
        byHeaders.remove(headers);
        byHeaders.put(Map.copyOf(headers), peer);
    }

    /** Empty if it is not known. */
    synchronized String of(Map<String, String> headers) {
        return byHeaders.getOrDefault(headers, "");
    }
}
