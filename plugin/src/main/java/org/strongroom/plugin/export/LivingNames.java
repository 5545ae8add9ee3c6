package org.strongroom.plugin.export;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.plugin.journal.Journal;

/** What Orthanc has removed and what not, by the journal (format.md §6). Immutable. */
public final class LivingNames {
    private final Set<UUID> removed = new HashSet<>();
    private final Map<UUID, List<UUID>> aliases = new HashMap<>();

    private LivingNames() {}

    /** Reads the journal as it is now; without one nothing was removed. */
    public static LivingNames read(Home home, Installation installation) throws IOException {
        LivingNames names = new LivingNames();
        Journal.read(home.journal(), installation, (entry, chain) -> {
            switch (entry.type()) {
                case TOMBSTONE -> names.removed.add(entry.id());
                case RESTORED -> names.removed.remove(entry.id());
                case ALIAS -> {
                    names.removed.remove(entry.id());
                    names.aliases
                            .computeIfAbsent(entry.sealed(), file -> new ArrayList<>(1))
                            .add(entry.id());
                }
                default -> {} // of no file
            }
        });
        return names;
    }

    /** Whether Orthanc has an attachment, under its own name or another. */
    public boolean isLiving(UUID sealed) {
        return !removed.contains(sealed)
                || aliases.getOrDefault(sealed, List.of()).stream().anyMatch(name -> !removed.contains(name));
    }
}
