package org.strongroom.core.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When the audit log is signed, and when that reaches the tiers. Immutable. */
public record AuditSettings(
        @Setting(
                        text = "So many events that wait for it are signed into the audit log at once.",
                        byDefault = "1000",
                        min = 1)
                int checkpointEvents,
        @Setting(text = "Fewer are signed when the first of them has waited this long.", byDefault = "30 s")
                Duration checkpointInterval,
        @Setting(
                        text = "So often what was signed since goes to every tier, as an anchor, and to every witness:"
                                + " nobody can change it unseen from then on.",
                        byDefault = "4 min")
                Duration anchorInterval,
        @Setting(
                        text =
                                "What was signed and is not in a tier after this long is a problem; longer than AnchorInterval.",
                        byDefault = "1 h")
                Duration anchorAlarm,
        @Setting(
                        text =
                                "Events that are older go, in bundles and from the first on, from the log here and in the tiers,"
                                        + " as far as locks and holds let them: at least \"2192 days\", six years.",
                        otherwise = "for ever")
                Optional<Duration> keep,
        @Setting(
                        text = "Whether Strongroom answers C-FIND and C-MOVE, as Orthanc would, so that they are"
                                + " recorded. With several tenants it always does.",
                        otherwise = "true with users, else false")
                Optional<Boolean> stations,
        @Setting(
                        text = "Who gets every event besides, by a name of your choice (lower-case letters, digits,"
                                + " hyphens).")
                Map<String, ForwardSettings> forward,
        @Setting(
                        text = "Who signs elsewhere that the log only grew, by a name of your choice (lower-case"
                                + " letters, digits, hyphens).")
                Map<String, WitnessSettings> witnesses) {
    public AuditSettings {
        Map<String, Duration> given =
                new TreeMap<>(Map.of("CheckpointInterval", checkpointInterval, "AnchorInterval", anchorInterval));
        Map<String, ForwardSettings> named = Collections.unmodifiableMap(new LinkedHashMap<>(forward));
        Problems.check(problems -> named.keySet().stream()
                .filter(name -> !name.matches(Settings.NAME))
                .forEach(name -> problems.add(
                        "Forward." + name, "not a destination's name: use 1 to 32 of a-z, 0-9 and hyphen")));
        forward = named;
        Map<String, WitnessSettings> others = Collections.unmodifiableMap(new LinkedHashMap<>(witnesses));
        Problems.check(problems -> others.keySet().stream()
                .filter(name -> !name.matches(Settings.NAME))
                .forEach(name ->
                        problems.add("Witnesses." + name, "not a witness's name: use 1 to 32 of a-z, 0-9 and hyphen")));
        witnesses = others;
        Problems.check(problems -> given.forEach((name, value) -> {
            if (value.compareTo(LONGEST) > 0) {
                problems.add(
                        name,
                        "\"" + Durations.format(value)
                                + "\" is too long: what is not signed and elsewhere proves nothing. Write at most"
                                + " \"1 h\"");
            }
        }));
        Problems.check(problems -> {
            requireLater(problems, "AnchorAlarm", anchorAlarm, anchorInterval);
            keep.filter(time -> time.compareTo(SHORTEST_KEPT) < 0)
                    .ifPresent(time -> problems.add(
                            "Keep",
                            "\"" + Durations.format(time) + "\" is too short: 45 CFR 164.316(b)(2)(i) asks for six"
                                    + " years. Write at least \"" + Durations.format(SHORTEST_KEPT)
                                    + "\", or nothing to keep all of it"));
            others.forEach((name, witness) ->
                    requireLater(problems, "Witnesses." + name + ".Alarm", witness.alarm(), anchorInterval));
        });
    }

    /** An alarm that comes before what it waits for could be there is none. */
    private static void requireLater(Problems problems, String name, Duration alarm, Duration interval) {
        if (alarm.compareTo(interval) <= 0) {
            problems.add(
                    name,
                    "\"" + Durations.format(alarm) + "\" is not longer than AnchorInterval, \""
                            + Durations.format(interval)
                            + "\": it would always be a problem. Write a longer time, such as \""
                            + Durations.format(interval.multipliedBy(4)) + "\", or a shorter AnchorInterval");
        }
    }

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SHORTEST_KEPT = Duration.ofDays(2192);
}
