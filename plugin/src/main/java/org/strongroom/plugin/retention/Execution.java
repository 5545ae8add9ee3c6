package org.strongroom.plugin.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.plugin.erase.ErasureOrder;

/**
 * What approved plans have erased now, by what rules, data and holds say now. Immutable.
 *
 * @param go studies to be erased
 * @param left how many studies are not, by the reason
 * @param waiting how many wait for another day, because the limit of this one is reached
 */
public record Execution(List<Study> go, Map<String, Long> left, long waiting) {
    /**
     * One study.
     *
     * @param approval by which it goes
     * @param keys all that something of it is sealed with
     * @param handed as what it was handed over before; empty if it was not
     * @param isDue whether it still goes; one that does not was handed over before, and is to be taken back
     */
    public record Study(Approval approval, List<UUID> keys, Optional<Approval.Handed> handed, boolean isDue) {
        public Study {
            keys = List.copyOf(keys);
        }
    }

    public Execution {
        go = List.copyOf(go);
        left = Map.copyOf(left);
    }

    /**
     * Decides.
     *
     * @param plan of now
     * @param grace how long nothing is done by an approval
     * @param limit how many studies that were never handed over may be now
     * @param destroyed whether a key is
     * @param withdrawn whether an erasure is
     */
    public static Execution of(
            List<Approval> approvals,
            List<PlannedStudy> plan,
            Instant now,
            Duration grace,
            long limit,
            Predicate<UUID> destroyed,
            Predicate<UUID> withdrawn) {
        Map<UUID, List<PlannedStudy>> studies = byKey(plan);
        Map<UUID, Study> go = new LinkedHashMap<>();
        Map<UUID, String> stay = new LinkedHashMap<>();
        for (Approval approval : approvals) {
            if (approval.from(grace).filter(from -> !from.isAfter(now)).isEmpty()) {
                continue;
            }
            for (UUID key : approval.keys()) {
                List<PlannedStudy> parts = studies.getOrDefault(key, List.of());
                if (parts.isEmpty() || destroyed.test(key)) {
                    continue; // erased, or purged because somebody deleted it
                }
                UUID name = parts.get(0).key();
                Optional<Approval.Handed> handed = approval.handed(key);
                Optional<String> why =
                        handed.filter(one -> withdrawn.test(one.erasure())).isPresent()
                                ? Optional.of("its erasure was withdrawn")
                                : stays(parts, approval);
                why.ifPresent(reason -> stay.putIfAbsent(name, reason));
                if (why.isEmpty()) {
                    List<UUID> keys = handed.map(Approval.Handed::keys)
                            .orElseGet(
                                    () -> parts.stream().map(PlannedStudy::key).toList());
                    go.merge(name, new Study(approval, keys, handed, true), Execution::begun);
                } else if (handed.filter(one -> !withdrawn.test(one.erasure())).isPresent()) {
                    go.merge(name, new Study(approval, handed.get().keys(), handed, false), Execution::begun);
                }
            }
        }
        go.forEach((name, study) -> stay.computeIfPresent(name, (same, why) -> study.isDue() ? null : why));
        Map<String, Long> left = new TreeMap<>();
        stay.values().forEach(why -> left.merge(why, 1L, Long::sum));
        return limited(List.copyOf(go.values()), left, limit);
    }

    /** Of two approvals the one by which it is being erased already: one erasure at a time. */
    private static Study begun(Study earlier, Study later) {
        return earlier.handed().isEmpty() && later.handed().isPresent() ? later : earlier;
    }

    private static Execution limited(List<Study> all, Map<String, Long> left, long limit) {
        List<Study> go = new ArrayList<>();
        long began = 0;
        for (Study study : all) {
            if (study.handed().isPresent()) {
                go.add(study);
            } else if (began < limit) {
                go.add(study);
                began++;
            }
        }
        return new Execution(go, left, all.size() - go.size());
    }

    /** A study goes as a whole or not at all. */
    private static Optional<String> stays(List<PlannedStudy> parts, Approval approval) {
        Set<UUID> approved = Set.copyOf(approval.keys());
        return parts.stream()
                .filter(part -> part.fate() != Fate.DUE)
                .map(part -> part.fate().word())
                .findFirst()
                .or(() -> unclear(parts))
                .or(() -> parts.stream().allMatch(part -> approved.contains(part.key()))
                        ? Optional.empty()
                        : Optional.of("nobody approved all of it"));
    }

    private static Optional<String> unclear(List<PlannedStudy> parts) {
        if (parts.stream().anyMatch(part -> part.study().isEmpty() && part.living() > 0)) {
            return Optional.of("nobody knows its study, with which it goes: delete it in Orthanc");
        }
        return parts.stream().mapToLong(PlannedStudy::living).sum() > ErasureOrder.MOST
                ? Optional.of("it has more files than an order can name: delete it in Orthanc, then shred")
                : Optional.empty();
    }

    /** Of every key all parts of its study, whoever's they are: Orthanc deletes them together. */
    private static Map<UUID, List<PlannedStudy>> byKey(List<PlannedStudy> plan) {
        Map<String, List<PlannedStudy>> byName = plan.stream()
                .collect(Collectors.groupingBy(
                        study -> study.study().isEmpty() ? study.key().toString() : study.study(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        Map<UUID, List<PlannedStudy>> byKey = new LinkedHashMap<>();
        byName.values().forEach(parts -> parts.forEach(part -> byKey.put(part.key(), parts)));
        return byKey;
    }
}
