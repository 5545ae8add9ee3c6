package org.strongroom.plugin.bridge;

import java.time.Duration;

/**
 * Workers per queue, and how long an Orthanc thread waits for an answer before it gets an error. Removals have one worker:
 * they only append to a journal. So has C-FIND: Orthanc asks for one at a time. Authentication has as many as the filter.
 *
 * @param findDeadline of a C-FIND
 * @param moveDeadline of the plan of a C-MOVE, and of one sub-operation
 * @param createDeadline from the arrival of the image to {@link StorageArea.Commit#enter}
 */
public record BridgeLimits(
        int createWorkers,
        int readWorkers,
        int restWorkers,
        int filterWorkers,
        int moveWorkers,
        Duration createDeadline,
        Duration readDeadline,
        Duration removeDeadline,
        Duration restDeadline,
        Duration filterDeadline,
        Duration findDeadline,
        Duration moveDeadline) {
    public static final BridgeLimits DEFAULTS = new BridgeLimits(
            8,
            4,
            4,
            4,
            4,
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));

    public BridgeLimits {
        requireWorkers("createWorkers", createWorkers);
        requireWorkers("readWorkers", readWorkers);
        requireWorkers("restWorkers", restWorkers);
        requireWorkers("filterWorkers", filterWorkers);
        requireWorkers("moveWorkers", moveWorkers);
        requireWait("createDeadline", createDeadline);
        requireWait("readDeadline", readDeadline);
        requireWait("removeDeadline", removeDeadline);
        requireWait("restDeadline", restDeadline);
        requireWait("filterDeadline", filterDeadline);
        requireWait("findDeadline", findDeadline);
        requireWait("moveDeadline", moveDeadline);
    }

    /** The same with other workers for HTTP. */
    public BridgeLimits withRestWorkers(int count) {
        return new BridgeLimits(
                createWorkers,
                readWorkers,
                count,
                filterWorkers,
                moveWorkers,
                createDeadline,
                readDeadline,
                removeDeadline,
                restDeadline,
                filterDeadline,
                findDeadline,
                moveDeadline);
    }

    private static void requireWorkers(String name, int count) {
        if (count < 1 || count > 64) {
            throw new IllegalArgumentException(name + " must be 1 to 64: " + count);
        }
    }

    private static void requireWait(String name, Duration wait) {
        if (wait.compareTo(Duration.ofMillis(1)) < 0 || wait.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + " must be 1 ms to one day: " + wait);
        }
    }
}
