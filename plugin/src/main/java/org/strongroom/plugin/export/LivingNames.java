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
    /** The other way round: what names mean that were not sealed under. */
    private final Map<UUID, UUID> meanings = new HashMap<>();
    /** What does not have the name that it was sealed under: it was moved away, or never was Orthanc's. */
    private final Set<UUID> nameless = new HashSet<>();

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
                    names.add(entry.id(), entry.sealed());
                }
                case MOVED -> names.move(entry.id(), entry.sealed());
                default -> {} // of no file
            }
        });
        return names;
    }

    private void add(UUID name, UUID sealed) {
        meanings.put(name, sealed);
        aliases.computeIfAbsent(sealed, file -> new ArrayList<>(1)).add(name);
    }

    private void move(UUID name, UUID sealed) {
        aliases.getOrDefault(meanings.getOrDefault(name, name), new ArrayList<>())
                .remove(name);
        nameless.add(name);
        nameless.add(sealed);
        add(name, sealed);
    }

    /** Whether Orthanc has an attachment, under its own name or another. */
    public boolean isLiving(UUID sealed) {
        return (!removed.contains(sealed) && !nameless.contains(sealed))
                || aliases.getOrDefault(sealed, List.of()).stream().anyMatch(name -> !removed.contains(name));
    }
}
