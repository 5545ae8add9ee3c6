package org.strongroom.plugin.retention;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;

/**
 * Until when plans told that studies have to stay: no later plan says less before somebody has accepted it. In a sealed file of Home;
 * without it everything is told for the first time. For one thread of one process.
 */
public final class Told {
    /** Under which it is sealed (format.md §5.5). */
    private static final String NAME = "retention-told";

    private final StateFile<Contents> file;
    private final Keyring keyring;
    private final Map<UUID, Line> lines = new LinkedHashMap<>();
    private final List<Acceptance> accepted = new ArrayList<>();
    private boolean first;
    private boolean changed;

    /**
     * @param until ISO 8601
     * @param rule why
     */
    private record Line(UUID key, String until, String rule) {
        Line {
            Objects.requireNonNull(key, "key");
            LocalDate.parse(until);
            Objects.requireNonNull(rule, "rule");
        }
    }

    /** Who let a study be told until an earlier day, when, and why. */
    private record Acceptance(UUID key, Instant at, String owner, String reason, String from, String to) {}

    private record Contents(List<Line> told, List<Acceptance> accepted) {
        Contents {
            told = List.copyOf(told);
            accepted = List.copyOf(accepted);
        }
    }

    private Told(StateFile<Contents> file, Keyring keyring) {
        this.file = file;
        this.keyring = keyring;
    }

    /**
     * What is remembered.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if the file is not what was written here: nobody knows any more what was told
     */
    public static Told read(Home home, Keyring keyring) throws IOException {
        Told told = new Told(
                new StateFile<>(home.retention().resolve("told.strs"), NAME, keyring, Contents.class), keyring);
        Optional<Contents> contents = told.file.read(
                "what earlier plans told cannot be read",
                "Bring the file back from a backup of Home; without it move it away: then a plan tells everything as if"
                        + " for the first time, and shorter than before where rules or data changed");
        told.first = contents.isEmpty();
        contents.ifPresent(all -> {
            all.told().forEach(line -> told.lines.put(line.key(), line));
            told.accepted.addAll(all.accepted());
        });
        return told;
    }

    /** Whether nothing is remembered: what is shorter than it was is not seen. */
    public boolean isFirst() {
        return first;
    }

    /**
     * Until when a study stays, as it was told.
     *
     * @param until ISO 8601
     * @param rule why
     */
    public record Until(String until, String rule) {}

    /** What the last plan told of a study; empty if none did, or it stays without an end. */
    public Optional<Until> until(UUID key) {
        return Optional.ofNullable(lines.get(key)).map(line -> new Until(line.until(), line.rule()));
    }

    /** The plan, with the later date wherever an earlier plan told one; from now on that is what was told. */
    public List<PlannedStudy> keep(List<PlannedStudy> plan, Instant now) {
        return plan.stream().map(study -> keep(study, now)).toList();
    }

    private PlannedStudy keep(PlannedStudy study, Instant now) {
        if (study.fate() == Fate.UNREAD || study.until().isEmpty()) {
            return study; // stays in any case
        }
        Line before = lines.get(study.key());
        LocalDate until = LocalDate.parse(study.until());
        if (before == null || !until.isBefore(LocalDate.parse(before.until()))) {
            tell(study);
            return study;
        }
        return Resolution.isOver(LocalDate.parse(before.until()), now)
                ? study
                : study.longer(before.until(), before.rule());
    }

    /** What was told of a study is told of it under its next key, too: what has another key is not told until an earlier day. */
    public void succeed(UUID former, UUID next) {
        Line before = lines.get(former);
        Line there = lines.get(next);
        if (before != null
                && (there == null || LocalDate.parse(there.until()).isBefore(LocalDate.parse(before.until())))) {
            lines.put(next, new Line(next, before.until(), before.rule()));
            changed = true;
        }
    }

    /** From now on what rules and data say of a study is what was told. */
    public void accept(PlannedStudy study, String owner, String reason, Instant now) {
        PlannedStudy.Shortened shortened = study.shortened();
        lines.put(study.key(), new Line(study.key(), shortened.until(), shortened.rule()));
        accepted.add(new Acceptance(study.key(), now, owner, reason, study.until(), shortened.until()));
        changed = true;
    }

    private void tell(PlannedStudy study) {
        Line line = new Line(study.key(), study.until(), study.because().get(0).rule());
        changed |= !line.equals(lines.put(study.key(), line));
    }

    /** Remembers it, durably, if there is anything new; of what is erased nothing. */
    public void write() {
        changed |= lines.keySet().removeIf(keyring::isDestroyed);
        changed |= accepted.removeIf(one -> keyring.isDestroyed(one.key()));
        if (changed || first) {
            file.write(new Contents(List.copyOf(lines.values()), accepted));
            changed = false;
        }
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
