package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers, of a calendar and a law book. */
class ResolverTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);

    private static StudyFacts facts(String modality, String studied, String born) {
        return new StudyFacts(
                "clinic",
                modality.isEmpty() ? Set.of() : Set.of(modality.split(" ")),
                DateSpan.parse(studied),
                DateSpan.parse(born),
                Optional.empty(),
                LocalDate.of(2024, 6, 30));
    }

    private static Resolution resolve(String laws, StudyFacts facts) {
        return Resolver.resolve(facts, RulePack.rules(List.of(laws.split(" "))), TODAY);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // law, modalities, studied, born, kept until, because of
                "DE, CT, 20240301, 19700501, 2034-03-01, DE/radiation",
                "DE, MR, 20240301, 19700501, 2034-03-01, DE/record",
                "DE, MR PR KO, 20240301, 20200501, 2034-03-01, DE/record",
                "DE, MR CT, 20240301, 20200501, 2048-05-01, DE/radiation-minor",
                "DE, CT, 20240301, 20200501, 2048-05-01, DE/radiation-minor",
                "DE, RTPLAN CT, 20240301, 19700501, 2054-03-01, DE/treatment",
                "DE, '', 20240301, 19700501, 2054-03-01, DE/treatment",
                // the day before the 18th birthday, and the day
                "DE, DX, 20240228, 20060301, 2034-03-01, DE/radiation-minor",
                "DE, DX, 20240301, 20060301, 2034-03-01, DE/radiation",
                // born on 29 February: 18 on 1 March of a year without one; until 29 February of a year with one
                "DE, DX, 20180228, 20000229, 2028-02-29, DE/radiation-minor",
                "DE, DX, 20180301, 20000229, 2028-03-01, DE/radiation",
                "US-CA, DX, 20010228, 20000229, 2019-03-01, US-CA/minor",
                // studied on 29 February
                "DE, DX, 20240229, 19700501, 2034-03-01, DE/radiation",
                "NL, DX, 20240229, 19700501, 2044-02-29, NL/record",
                // nobody knows when the patient was born: as if on that day
                "DE, DX, 20240301, -, 2052-03-01, DE/radiation-minor",
                "DE, DX, 20240301, 00000000, 2052-03-01, DE/radiation-minor",
                // a year or a month is known
                "DE, DX, 20240301, 2006, 2034-12-31, DE/radiation-minor",
                "DE, DX, 20240301, 200602, 2034-03-01, DE/radiation",
                "DE, DX, 2024, 19700501, 2034-12-31, DE/radiation",
                // born in 1900, as archives write that do not know
                "DE, DX, 20240301, 19000101, 2052-03-01, DE/radiation-minor",
                "DE, DX, 20120301, 19000101, 2040-03-01, DE/radiation-minor",
                "DE, DX, 20120301, 1900, 2040-03-01, DE/radiation-minor",
                "DE, DX, 20120301, 19000102, 2022-03-01, DE/radiation",
                "DE, DX, 20240301, 19200101, 2034-03-01, DE/radiation",
                // a machine whose clock began anew: the day of arrival
                "NL, DX, 20000101, 19700501, 2044-06-30, NL/record",
                "NL, DX, 20000102, 19700501, 2020-01-02, NL/record",
                // no study date: the day of arrival
                "NL, DX, -, 19700501, 2044-06-30, NL/record",
                // studied before birth: one of both is wrong
                "DE, DX, 19700101, 20200501, 2048-05-01, DE/radiation-minor",
                "NL, DX, 19700101, 20200501, 2044-06-30, NL/record",
                // a clock that is ahead
                "NL, DX, 20310101, 19700501, 2051-01-01, NL/record",
                "FR, DX, 20240301, 20200501, 2048-05-01, FR/young",
                "FR, DX, 20240301, 19970501, 2044-03-01, FR/record",
                "GB-ENG, DX, 20240301, 20200501, 2054-03-01, GB-ENG/any-diagnosis",
                "US, CT, 20240301, 20200501, 2029-03-01, US/radiology",
                "US, MG, 20240301, 19700501, 2034-03-01, US/mammography",
                "US, MG SR, 20240301, 19700501, 2034-03-01, US/mammography",
                "US-CO, CT, 20240301, 20200501, 2048-05-01, US-CO/minor",
                "US-TX, MG, 20240301, 19700501, 2034-03-01, US-TX/record",
                "US-CA, MG, 20240301, 19700501, 2034-03-01, US/mammography",
                "US-TX NL, MG, 20240301, 19700501, 2044-03-01, NL/record",
            })
    void theLatestRuleWins(String laws, String modalities, String studied, String born, LocalDate until, String why) {
        Resolution resolution =
                resolve(laws, facts(modalities, studied == null ? "" : studied, born == null ? "" : born));
        assertThat(resolution.until()).contains(until);
        assertThat(resolution.terms().get(0).rule().id()).isEqualTo(why);
    }

    @Test
    void seventeenYearsOldInEngland() {
        Resolution at17 = resolve("GB-ENG", facts("DX", "20240301", "20070301"));
        assertThat(at17.terms().stream().map(term -> term.rule().id() + " " + term.until()))
                .contains("GB-ENG/seventeen 2033-03-01", "GB-ENG/child 2032-03-01");
        Resolution at16 = resolve("GB-ENG", facts("DX", "20240229", "20070301"));
        assertThat(at16.terms().stream().map(term -> term.rule().id()))
                .contains("GB-ENG/child")
                .doesNotContain("GB-ENG/seventeen");
    }

    @Test
    void aLaterContactCountsAnew() {
        StudyFacts seen = facts("CT", "20240301", "19700501");
        StudyFacts again = new StudyFacts(
                seen.tenant(),
                seen.modalities(),
                seen.studied(),
                seen.born(),
                Optional.of(LocalDate.of(2030, 1, 31)),
                seen.arrived());
        assertThat(resolve("DE", again).until()).contains(LocalDate.of(2040, 1, 31));
        StudyFacts before = new StudyFacts(
                seen.tenant(),
                seen.modalities(),
                seen.studied(),
                seen.born(),
                Optional.of(LocalDate.of(2020, 1, 31)),
                seen.arrived());
        assertThat(resolve("DE", before).until()).contains(LocalDate.of(2034, 3, 1));
    }

    @Test
    void whatNoRuleIsAboutStays() {
        assertThat(Resolver.resolve(facts("CT", "20240301", "19700501"), List.of(), TODAY)
                        .until())
                .isEmpty();
    }

    @Test
    void aLawCountsFromTheDayItIsInForce() {
        Rule coming = rule(Optional.of(LocalDate.of(2027, 1, 1)), Set.of());
        StudyFacts facts = facts("CT", "20240301", "19700501");
        assertThat(Resolver.resolve(facts, List.of(coming), LocalDate.of(2026, 12, 31))
                        .terms())
                .isEmpty();
        assertThat(Resolver.resolve(facts, List.of(coming), LocalDate.of(2027, 1, 1))
                        .until())
                .contains(LocalDate.of(2064, 3, 1));
    }

    @Test
    void aRuleOfOneTenantIsNotAboutAnother() {
        StudyFacts facts = facts("CT", "20240301", "19700501");
        assertThat(Resolver.resolve(facts, List.of(rule(Optional.empty(), Set.of("north"))), TODAY)
                        .terms())
                .isEmpty();
        assertThat(Resolver.resolve(facts, List.of(rule(Optional.empty(), Set.of("clinic"))), TODAY)
                        .terms())
                .hasSize(1);
    }

    private static Rule rule(Optional<LocalDate> effective, Set<String> tenants) {
        return new Rule(
                "own/rule",
                "our board",
                Optional.empty(),
                effective,
                40,
                Start.STUDY,
                tenants,
                Set.of(),
                Set.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "CT, 20240301, 19700501, ''",
                "CT, -, 19700501, NO_STUDY_DATE",
                "CT, 202403, 19700501, PART_OF_STUDY_DATE",
                "CT, 20240701, 19700501, STUDY_AFTER_ARRIVAL",
                "CT, 20240301, 20240302, STUDY_BEFORE_BIRTH",
                "CT, 20240301, -, NO_BIRTH_DATE",
                "CT, 20240301, 1970, PART_OF_BIRTH_DATE",
                "CT, 20000101, 19500501, CLOCK_STUDY_DATE",
                "CT, 20240301, 19000101, PLACEHOLDER_BIRTH_DATE",
                "CT, 20240301, 19000102, IMPOSSIBLE_AGE",
                "'', 20240301, 19700501, NO_MODALITY",
            })
    void whatWasNotKnownIsTold(String modality, String studied, String born, String doubt) {
        Resolution resolution =
                resolve("DE", facts(modality, studied == null ? "" : studied, born == null ? "" : born));
        assertThat(resolution.doubts().stream().map(Doubt::name))
                .containsExactlyElementsOf(doubt.isEmpty() ? List.of() : List.of(doubt));
    }
}
