package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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

    /** Whoever's law comes with no pack writes it as a pack would. */
    @Test
    void aClinicsOwnRuleCanSayAllThatAPackCan() throws IOException {
        String pack =
                """
                {"title": "Elsewhere", "rules": [{"id": "all", "citation": "Radiation Act § 5", "text": "2019-12-05",
                  "effective": "2021-07-01", "years": 30, "start": "contact", "modalities": ["CT", "RTDOSE"],
                  "except": ["US", "MR"], "purpose": "treatment", "from": 16, "under": 18}]}""";
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"}, "Retention": {"Rules": {
                  "all": {"Reason": "Radiation Act § 5", "Text": "2019-12-05", "Effective": "2021-07-01", "Years": 30,
                    "From": "contact", "Modalities": ["CT", "RTDOSE"], "Except": ["US", "MR"], "Purpose": "treatment",
                    "FromAge": 16, "Under": 18}}}}}""");
        assertThat(Rules.of(settings, "clinic"))
                .isEqualTo(
                        RulePack.parse("own", new ObjectMapper().readTree(pack)).rules());
    }

    @Test
    void aRuleThatDoesNotCountYetKeepsNothingAndIsTold() {
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"},
                  "Tenants": {"clinic": {"Laws": ["DE"]}, "praxis": {"Sources": {"AETs": ["CT"]}}}, "Retention": {"Rules": {
                    "now": {"Reason": "old law", "Years": 5, "Effective": "2026-11-26"},
                    "then": {"Reason": "new law", "Years": 50, "Effective": "2026-11-27"}}}}}""");
        StudyFacts facts = study("praxis", "CT", "19700501");
        LocalDate day = LocalDate.of(2026, 11, 26);
        assertThat(Resolver.resolve(facts, Rules.of(settings, "praxis"), day).until())
                .contains(LocalDate.of(2029, 3, 1));
        assertThat(Resolver.resolve(facts, Rules.of(settings, "praxis"), day.plusDays(1))
                        .until())
                .contains(LocalDate.of(2074, 3, 1));
        assertThat(RetentionPlan.later(settings, Instant.parse("2026-11-26T23:59:59Z")))
                .containsExactly(Map.entry("own/then", "2026-11-27"));
        assertThat(RetentionPlan.later(settings, Instant.parse("2026-11-27T00:00:00Z")))
                .isEmpty();
    }

    /** Examinations are what is left when no object tells of radiotherapy; one that tells of it may have been both. */
    @Test
    void aPurposeAndExceptionsNarrowAClinicsOwnRule() {
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"}, "Retention": {"Rules": {
                  "treated": {"Reason": "r", "Years": 30, "Purpose": "treatment"},
                  "examined": {"Reason": "r", "Years": 20, "Purpose": "examination"},
                  "radiation": {"Reason": "r", "Years": 10, "Except": ["MR"]},
                  "grown-up": {"Reason": "r", "Years": 5, "FromAge": 18}}}}}""");
        assertThat(ids(settings, study("clinic", "RTPLAN", "19700501")))
                .containsExactly("own/treated", "own/examined", "own/radiation", "own/grown-up");
        assertThat(ids(settings, study("clinic", "MR", "20200501"))).containsExactly("own/examined");
    }

    private static List<String> ids(Settings settings, StudyFacts facts) {
        return Resolver.resolve(facts, Rules.of(settings, facts.tenant()), LocalDate.of(2026, 11, 26)).terms().stream()
                .map(term -> term.rule().id())
                .toList();
    }
}
