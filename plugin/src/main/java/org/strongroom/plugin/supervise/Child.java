package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A process that ends with the command that started it. Used by one thread. */
public final class Child implements AutoCloseable {
    private final Process process;
    private final int secondsToEnd;
    private final Thread endWithUs;

    private Child(Process process, int secondsToEnd) {
        this.process = process;
        this.secondsToEnd = secondsToEnd;
        this.endWithUs = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /** @param secondsToEnd that it is given, once it was told to, before it is killed */
    public static Child start(ProcessBuilder builder, int secondsToEnd) throws IOException {
        return new Child(builder.start(), secondsToEnd);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Of one that has ended. */
    public int exitStatus() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(secondsToEnd, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        if (!process.isAlive()) {
            Runtime.getRuntime().removeShutdownHook(endWithUs);
        }
    }
}
