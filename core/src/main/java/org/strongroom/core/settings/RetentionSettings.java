package org.strongroom.core.settings;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** How long studies have to be kept. Immutable. */
public record RetentionSettings(
        @Setting(
                        text = "Whose law counts, by ISO 3166: DE, FR, GB-ENG, NL, US, US-CA, US-CO, US-TX. A state"
                                + " brings its country. What each asks for is in docs/operations.md; your lawyer decides"
                                + " whether that is all.",
                        otherwise = "only Rules; what no rule is about stays")
                List<String> laws,
        @Setting(
                        text =
                                "Rules of your own, by a name of your choice. Of all that are about a study the latest date counts.")
                Map<String, RetentionRuleSettings> rules,
        @Setting(
                        text =
                                "Who may order that something is erased for good, and agree to it: two of them have to (shred, retention approve).",
                        otherwise = "nothing is erased")
                List<String> approvers,
        @Setting(
                        text =
                                "For this long after the second approval of a retention plan nothing is deleted by it (retention undo).",
                        byDefault = "30 days")
                Duration grace,
        @Setting(
                        text =
                                "At most this many studies are erased by retention plans in 24 hours; who approves more has to say"
                                        + " how many.",
                        byDefault = "50",
                        min = 1)
                int dailyLimit) {
    /** The laws that come with Strongroom. */
    public static final Set<String> LAWS = Set.of("DE", "FR", "GB-ENG", "NL", "US", "US-CA", "US-CO", "US-TX");

    public RetentionSettings {
        laws = List.copyOf(laws);
        approvers = List.copyOf(approvers);
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        List<String> named = laws;
        List<String> people = approvers;
        Map<String, RetentionRuleSettings> own = rules;
        Problems.check(problems -> {
            checkLaws(problems, "Laws", named);
            for (String name : people) {
                if (name.isBlank() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
                    problems.add("Approvers", "not a name: write 1 to 100 characters in one line");
                }
            }
            for (String name : own.keySet()) {
                if (!Pattern.matches(Settings.NAME, name)) {
                    problems.add("Rules." + name, "not a rule's name: write 1 to 32 of a-z, 0-9 and hyphen");
                }
            }
        });
    }

    static void checkLaws(Problems problems, String path, List<String> laws) {
        for (String law : laws) {
            if (!LAWS.contains(law)) {
                problems.add(
                        path,
                        "no rules of \"" + law + "\" come with Strongroom: write them as Retention.Rules, or name "
                                + String.join(", ", new TreeSet<>(LAWS)));
            }
        }
    }
}
