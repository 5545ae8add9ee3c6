package org.strongroom.plugin.bridge;

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

    /** Answers {@code /strongroom} and everything below it. Valid from the end of {@link #start} on. */
    RestHandler rest();

    /** Valid from the end of {@link #start} on. */
    StorageCommitment commitment();

    /** How many workers ask them, and how long Orthanc waits. */
    default BridgeLimits limits() {
        return BridgeLimits.DEFAULTS;
    }

    /** Ends everything. Called once, after the last worker has ended; a read that is still parked has failed by then. */
    void stop();
}
