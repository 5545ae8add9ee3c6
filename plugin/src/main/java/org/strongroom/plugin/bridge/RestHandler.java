package org.strongroom.plugin.bridge;

import org.strongroom.core.error.StrongroomException;

/** Answers HTTP requests below {@code /strongroom} and of {@link PluginApplication#routes}. Called by the bridge's REST workers, several at a time. */
@FunctionalInterface
public interface RestHandler {
    /**
     * The answer. It may call Orthanc's REST API, but no route that this handler answers itself: that
     * would wait for another REST worker, and is refused.
     *
     * @param request valid until this returns
     * @throws StrongroomException answered with its kind's HTTP status and one JSON body ({@code control.md}, Errors)
     */
    RestAnswer handle(RestRequest request) throws StrongroomException;
}
