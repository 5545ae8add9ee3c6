package org.strongroom.core.cli;

import java.io.PrintWriter;

/** One line that is written over again, where a person watches; nothing elsewhere. Not thread-safe. */
public final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final String START_OF_EMPTY_LINE = "\r\033[K";

    private final PrintWriter err;
    private final boolean shown;
    private boolean drawn;

    public ProgressBar(Console console) {
        this.err = console.err();
        this.shown = console.terminal() && !console.json();
    }

    /** Shows that {@code done} of {@code all} is reached, with some words. */
    public void show(long done, long all, String words) {
        if (!shown) {
            return;
        }
        double part = all <= 0 ? 1 : Math.min(1, Math.max(0, (double) done / all));
        int full = (int) (part * WIDTH);
        err.print(START_OF_EMPTY_LINE + "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + (int) (part * 100)
                + " % " + words);
        err.flush();
        drawn = true;
    }

    /** Removes the line, so that what follows starts at its beginning. */
    @Override
    public void close() {
        if (drawn) {
            err.print(START_OF_EMPTY_LINE);
            err.flush();
            drawn = false;
        }
    }
}
