package org.strongroom.plugin.gate;

import java.util.List;
import java.util.Map;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestHandler;

/** Answers instead of Orthanc, or of another plugin, with what is the caller's alone. Obligations: thread-safe. */
interface Answerer extends RestHandler {
    /** For {@link org.strongroom.plugin.bridge.PluginApplication#routes}. */
    List<String> routes();

    /** Whether a path is one of {@link #routes}. */
    boolean isFor(String path);

    /** Whether a request is answered here, and nothing is in the answer that is not the caller's. */
    boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments);

    /** Whether an answer may take minutes; then no more than {@link Jobs#MOST_WAITING} wait for one at a time. */
    default boolean mayWait() {
        return false;
    }
}
