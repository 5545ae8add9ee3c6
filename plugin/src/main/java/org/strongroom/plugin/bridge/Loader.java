package org.strongroom.plugin.bridge;

import java.nio.file.Path;

/**
 * Where the loader enters Java (jvm.c): once for each of Orthanc's Initialize and Finalize, on a thread with a large stack.
 * Nobody else calls it.
 */
public final class Loader {
    private static Bridge current;

    private Loader() {}

    /**
     * Starts the application and its workers.
     *
     * @param distribution folder of libStrongroom.so
     * @param table the loader's functions
     * @return null, or why Orthanc must not run
     */
    public static synchronized String start(String distribution, long[] table) {
        Thread.currentThread().setContextClassLoader(Loader.class.getClassLoader());
        try {
            NativeLibraries.load(Path.of(distribution));
            current = Bridge.start(new LoaderFunctions(table));
            return null;
        } catch (Throwable e) { // anything that is thrown is why Orthanc must not run
            return Failures.describe(e);
        }
    }

    /** Stops what was started; its queues are closed already. */
    public static synchronized void stop() throws InterruptedException {
        Bridge bridge = current;
        current = null;
        if (bridge != null) {
            bridge.stop();
        }
    }
}
