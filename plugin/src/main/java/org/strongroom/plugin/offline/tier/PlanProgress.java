package org.strongroom.plugin.offline.tier;

import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.plugin.export.Destination.Progress;

/** How many packs {@link PlanFacts} has looked into, for whoever watches. Used by one thread. */
public final class PlanProgress implements Progress, AutoCloseable {
    private final ProgressBar bar;

    public PlanProgress(Console console) {
        bar = new ProgressBar(console);
    }

    @Override
    public void show(long done, long all) {
        bar.show(done, all, done + " of " + all + " packs looked into");
    }

    @Override
    public void close() {
        bar.close();
    }
}
