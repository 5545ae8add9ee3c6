package org.strongroom.plugin.takeover;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.plugin.journal.Journal;

/** What the journal says, as it is now, that Orthanc removed. Immutable. */
public final class JournaledRemovals implements ClearSealing.Removals {
    private final Home home;
    private final Installation installation;
    private final Predicate<UUID> isClear;

    /** @param isClear which of them are of interest: only those are held in memory */
    public JournaledRemovals(Home home, Installation installation, Predicate<UUID> isClear) {
        this.home = home;
        this.installation = installation;
        this.isClear = isClear;
    }

    @Override
    public void run(Consumer<UUID> each) throws IOException {
        Set<UUID> removed = new LinkedHashSet<>();
        Journal.read(home.journal(), installation, (entry, chain) -> {
            switch (entry.type()) {
                case TOMBSTONE -> {
                    if (isClear.test(entry.id())) {
                        removed.add(entry.id());
                    }
                }
                case RESTORED, ALIAS -> removed.remove(entry.id());
                default -> {} // of no file
            }
        });
        removed.forEach(each);
    }
}
