package org.strongroom.plugin.bridge;

/** Is told of jobs of Orthanc's, and that it answers. Called by one worker of the bridge. */
@FunctionalInterface
public interface JobEnds {
    /**
     * A job waits to begin. Returns at once.
     *
     * @param job Orthanc's id of it
     */
    default void begun(String job) {}

    /**
     * A job has ended. Orthanc waits, with other news for plugins: returns at once.
     *
     * @param job Orthanc's id of it
     * @param well as Orthanc says
     */
    void ended(String job, boolean well);

    /** Orthanc's API answers from now on. Returns at once. */
    default void orthancStarted() {}
}
