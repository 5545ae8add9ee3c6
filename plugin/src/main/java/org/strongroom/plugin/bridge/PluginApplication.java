package org.strongroom.plugin.bridge;

import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;

/**
 * What the loader starts: the class {@value #CLASS_NAME} with a public constructor without arguments. One object lives
 * from Orthanc's Initialize to its Finalize; after {@code /tools/reset} a new one is made.
 */
public interface PluginApplication {
    /** The class that is started. There is no setting for it. */
    String CLASS_NAME = "org.strongroom.plugin.Strongroom";

    /**
     * Makes everything ready: Orthanc asks as soon as this returns. Orthanc's REST API does not answer yet. Whatever is
     * thrown stops Orthanc; then {@link #stop} is not called.
     */
    void start(Orthanc orthanc) throws StrongroomException;

    /** Valid from the end of {@link #start} on. */
    StorageArea storageArea();

    /** Answers {@code /strongroom}, everything below it, and {@link #routes}. Valid from the end of {@link #start} on. */
    RestHandler rest();

    /** Valid from the end of {@link #start} on. */
    StorageCommitment commitment();

    /** Asked before every HTTP request from outside. Empty: nobody is asked, and nothing is registered. */
    default Optional<HttpFilter> httpFilter() {
        return Optional.empty();
    }

    /**
     * Whole paths beside {@code /strongroom} that {@link #rest} answers instead of Orthanc, as regular expressions (what Boost and
     * Java have in common). Where a plugin that was loaded earlier answers one, Orthanc asks that one.
     */
    default List<String> routes() {
        return List.of();
    }

    /** Whether {@link StorageArea#create} is told where contents come from. */
    default boolean wantsArrivals() {
        return false;
    }

    /** Asked before the filter on Orthanc 1.12.9 and newer; older ones go on as without it. Empty: nothing is registered. */
    default Optional<HttpAuthentication> httpAuthentication() {
        return Optional.empty();
    }

    /** Answers C-FIND instead of Orthanc, except for worklists. Empty: Orthanc answers, and nothing is registered. */
    default Optional<FindAnswerer> finds() {
        return Optional.empty();
    }

    /** Answers C-MOVE instead of Orthanc. Empty: Orthanc answers, and nothing is registered. */
    default Optional<MoveAnswerer> moves() {
        return Optional.empty();
    }

    /** Is told of jobs that end. Empty: nothing is registered. */
    default Optional<JobEnds> jobEnds() {
        return Optional.empty();
    }

    /** Is told what other plugins tell for audit logs; nobody tells on Orthancs before 1.12.9. Empty: nothing is registered. */
    default Optional<AuditLogs> auditLogs() {
        return Optional.empty();
    }

    /** How many workers ask them, and how long Orthanc waits. */
    default BridgeLimits limits() {
        return BridgeLimits.DEFAULTS;
    }

    /** Ends everything. Called once, after the last worker has ended; a read that is still parked has failed by then. */
    void stop();
}
