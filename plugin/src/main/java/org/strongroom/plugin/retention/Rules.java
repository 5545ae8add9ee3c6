package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.core.settings.RetentionRuleSettings;
import org.strongroom.core.settings.Settings;

/** The rules that settings put in force. Stateless. */
final class Rules {
    private Rules() {}

    /** All that may be about a tenant's studies: its laws, and the clinic's own rules. */
    static List<Rule> of(Settings settings, String tenant) {
        Stream<Rule> own = settings.retention().rules().entrySet().stream().map(Rules::own);
        return Stream.concat(RulePack.rules(settings.laws(tenant)).stream(), own)
                .toList();
    }

    /** Those that are not in force yet, of any tenant. */
    static List<Rule> later(Settings settings, LocalDate today) {
        return Stream.concat(settings.tenants().keySet().stream(), Stream.of(Settings.FIRST_TENANT))
                .flatMap(tenant -> of(settings, tenant).stream())
                .filter(rule -> !rule.isInForce(today))
                .distinct()
                .toList();
    }

    private static Rule own(Map.Entry<String, RetentionRuleSettings> named) {
        RetentionRuleSettings rule = named.getValue();
        return new Rule(
                "own/" + named.getKey(),
                rule.reason(),
                rule.text(),
                rule.effective(),
                rule.years(),
                Start.valueOf(rule.from().toUpperCase(Locale.ROOT)),
                Set.copyOf(rule.tenants()),
                Set.copyOf(rule.modalities()),
                Set.copyOf(rule.except()),
                rule.purpose().map(word -> Purpose.valueOf(word.toUpperCase(Locale.ROOT))),
                rule.fromAge(),
                rule.under());
    }
}
