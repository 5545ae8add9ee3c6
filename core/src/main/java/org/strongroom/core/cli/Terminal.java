package org.strongroom.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person watches. */
public final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private Terminal() {}

    /** Whether standard error is a terminal. {@link System#console} asks about other streams, and not in every Java. */
    public static boolean watches() {
        return isTerminal(STANDARD_ERROR);
    }

    /** Whether standard input is a terminal: somebody can be asked. */
    public static boolean answers() {
        return isTerminal(STANDARD_INPUT);
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String device = Files.readSymbolicLink(descriptor).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException e) {
            return false; // no /proc: then no progress either
        }
    }
}
