package org.strongroom.core.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code drills.json} in Home: the last trial recovery from each tier. Written by {@code strongroom drill} alone. Immutable.
 *
 * @param tiers by name
 */
public record Drills(Map<String, DrillResult> tiers) {
    public static final Drills NONE = new Drills(Map.of());

    public Drills {
        tiers = Map.copyOf(tiers);
    }

    /**
     * What {@code file} says; {@link #NONE} if it is not there.
     *
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static Drills read(Path file) throws IOException {
        try {
            return ControlJson.readAnswer(Files.readAllBytes(file), Drills.class);
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    /** The same without tiers that are not among these. */
    public Drills of(Set<String> names) {
        Map<String, DrillResult> some = new TreeMap<>(tiers);
        some.keySet().retainAll(names);
        return new Drills(some);
    }

    /** The same with a newer result of one tier. */
    public Drills with(String tier, DrillResult result) {
        Map<String, DrillResult> all = new TreeMap<>(tiers);
        all.put(tier, result);
        return new Drills(all);
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        DurableFiles.replace(file, ControlJson.write(this));
    }
}
