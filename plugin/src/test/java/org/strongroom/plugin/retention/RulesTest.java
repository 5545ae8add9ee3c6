package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.RetentionSettings;
import org.strongroom.core.settings.Settings;

class RulesTest {
    private static final Settings SETTINGS = Settings.parse(
            """
            {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"},
              "Tenants": {"clinic": {"Laws": ["US-CA"]}, "praxis": {"Sources": {"AETs": ["CT"]}}},
              "Retention": {"Laws": ["DE"], "Rules": {
                "board": {"Reason": "board decision", "Years": 40, "Modalities": ["MG"], "Tenants": ["praxis"]},
                "children": {"Reason": "our lawyer", "Years": 30, "From": "birth", "Under": 18}}}}}""");

    private static StudyFacts study(String tenant, String modality, String born) {
        return new StudyFacts(
                tenant,
                Set.of(modality),
                DateSpan.parse("20240301"),
                DateSpan.parse(born),
                Optional.empty(),
                LocalDate.of(2024, 3, 1));
    }

    private static String why(StudyFacts facts) {
        Term term = Resolver.resolve(facts, Rules.of(SETTINGS, facts.tenant()), LocalDate.of(2026, 11, 26))
                .terms()
                .get(0);
        return term.rule().id() + " " + term.until();
    }

    @Test
    void theSettingsNameThePacksThatThereAre() {
        assertThat(RetentionSettings.LAWS).isEqualTo(RulePack.NAMES);
    }

    @Test
    void aTenantsOwnLawCountsInsteadOfTheOthers() {
        assertThat(why(study("clinic", "CT", "19700501"))).isEqualTo("US-CA/record 2031-03-01");
        assertThat(why(study("praxis", "CT", "19700501"))).isEqualTo("DE/radiation 2034-03-01");
    }

    @Test
    void aClinicsOwnRulesCountBesideTheLaw() {
        assertThat(why(study("praxis", "MG", "19700501"))).isEqualTo("own/board 2064-03-01");
        assertThat(why(study("clinic", "MG", "19700501"))).isEqualTo("US/mammography 2034-03-01");
        assertThat(why(study("clinic", "MR", "20200501"))).isEqualTo("own/children 2050-05-01");
    }
}
