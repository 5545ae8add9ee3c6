package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every date; random ones, from a seed that a failure names. */
class ResolverPropertiesTest {
    private static final int TRIES = 20_000;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);
    private static final List<String> MODALITIES =
            List.of("CT", "MR", "MG", "US", "DX", "NM", "RTPLAN", "RTDOSE", "SR", "PR", "OT", "XA");

    private static final Map<List<String>, List<Rule>> RULES = new HashMap<>();

    private static final List<String> NOBODYS =
            List.of("1800-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1904-01-01", "1911-11-11");
    private static final List<String> CLOCKS =
            List.of("1900-01-01", "1904-01-01", "1970-01-01", "1980-01-01", "1990-01-01", "2000-01-01", "2001-01-01");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** Days that go wrong elsewhere come often. */
    private LocalDate day(LocalDate first, LocalDate last) {
        LocalDate any = first.plusDays(random.nextLong(last.toEpochDay() - first.toEpochDay() + 1));
        LocalDate picked =
                switch (random.nextInt(4)) {
                    case 0 -> LocalDate.of(any.getYear(), Month.FEBRUARY, 1).with(TemporalAdjusters.lastDayOfMonth());
                    case 1 -> LocalDate.of(any.getYear(), Month.MARCH, 1);
                    case 2 -> LocalDate.of(any.getYear(), random.nextBoolean() ? 12 : 1, random.nextBoolean() ? 31 : 1);
                    default -> any;
                };
        return picked.isBefore(first) || picked.isAfter(last) ? any : picked;
    }

    /** True facts of a patient of at most 110 years: born, then studied, then arrived. */
    private StudyFacts facts() {
        LocalDate studied = day(LocalDate.of(1972, 1, 1), LocalDate.of(2026, 11, 1));
        LocalDate born = day(studied.minusYears(random.nextInt(109) + 1), studied);
        if (random.nextInt(10) == 0) {
            born = random.ints(0, NOBODYS.size())
                    .mapToObj(NOBODYS::get)
                    .map(LocalDate::parse)
                    .filter(day -> !day.isBefore(studied.minusYears(110)) || day.getYear() == 1800)
                    .findFirst()
                    .orElseThrow();
        }
        LocalDate arrived = random.nextBoolean() ? studied : day(studied, LocalDate.of(2026, 11, 1));
        Optional<LocalDate> contact =
                random.nextBoolean() ? Optional.empty() : Optional.of(day(studied, LocalDate.of(2026, 11, 1)));
        return new StudyFacts(
                "clinic",
                modalities(),
                Optional.of(DateSpan.of(studied)),
                Optional.of(DateSpan.of(born)),
                contact,
                arrived);
    }

    private Set<String> modalities() {
        return Set.copyOf(random.ints(random.nextInt(3) + 1, 0, MODALITIES.size())
                .mapToObj(MODALITIES::get)
                .toList());
    }

    private List<String> laws() {
        return random.ints(random.nextInt(3) + 1, 0, RulePack.NAMES.size())
                .mapToObj(RulePack.NAMES.stream().sorted().toList()::get)
                .toList();
    }

    private static DateSpan month(LocalDate day) {
        return new DateSpan(YearMonth.from(day).atDay(1), YearMonth.from(day).atEndOfMonth());
    }

    private static DateSpan year(LocalDate day) {
        return new DateSpan(
                LocalDate.of(day.getYear(), Month.JANUARY, 1), LocalDate.of(day.getYear(), Month.DECEMBER, 31));
    }

    /** A date that is known less well than before, perhaps. */
    private Optional<DateSpan> vaguer(Optional<DateSpan> date) {
        LocalDate day = date.orElseThrow().first();
        return switch (random.nextInt(4)) {
            case 0 -> date;
            case 1 -> Optional.of(month(day));
            case 2 -> Optional.of(year(day));
            default -> Optional.empty();
        };
    }

    @Test
    void knowingLessNeverKeepsShorter() {
        for (int i = 0; i < TRIES; i++) {
            StudyFacts exact = facts();
            StudyFacts vague = new StudyFacts(
                    exact.tenant(),
                    random.nextBoolean() ? exact.modalities() : Set.of(),
                    vaguer(exact.studied()),
                    vaguer(exact.born()),
                    exact.contact(),
                    exact.arrived());
            List<String> laws = laws();
            LocalDate known = until(exact, laws);
            assertThat(until(vague, laws))
                    .as("seed %s, try %s, %s", seed, i, laws)
                    .isAfterOrEqualTo(known);
        }
    }

    @Test
    void oneMoreLawNeverKeepsShorter() {
        for (int i = 0; i < TRIES; i++) {
            StudyFacts facts = facts();
            List<String> laws = laws();
            List<String> more = Stream.concat(laws.stream(), laws().stream()).toList();
            assertThat(until(facts, more))
                    .as("seed %s, try %s, %s", seed, i, more)
                    .isAfterOrEqualTo(until(facts, laws));
        }
    }

    @Test
    void everyTermIsWholeYearsAfterItsStart() {
        for (int i = 0; i < TRIES; i++) {
            StudyFacts facts = facts();
            LocalDate studied = lastDay(facts);
            for (Term term : Resolver.resolve(facts, rules(laws()), TODAY).terms()) {
                LocalDate start =
                        switch (term.rule().start()) {
                            case STUDY -> studied;
                            case CONTACT ->
                                facts.contact().filter(studied::isBefore).orElse(studied);
                            case BIRTH ->
                                isBirthUnknown(facts)
                                        ? studied
                                        : facts.born().orElseThrow().last();
                        };
                LocalDate until = term.until();
                assertThat(until.getYear())
                        .as("seed %s", seed)
                        .isEqualTo(start.getYear() + term.rule().years());
                boolean moved =
                        start.getMonth() == Month.FEBRUARY && start.getDayOfMonth() == 29 && !until.isLeapYear();
                assertThat(until.getMonth()).as("seed %s", seed).isEqualTo(moved ? Month.MARCH : start.getMonth());
                assertThat(until.getDayOfMonth()).as("seed %s", seed).isEqualTo(moved ? 1 : start.getDayOfMonth());
            }
        }
    }

    /** The day from which a term counts: of a study that a clock without battery dated, when it arrived. */
    private static LocalDate lastDay(StudyFacts facts) {
        return isOneOf(CLOCKS, facts.studied())
                ? facts.arrived()
                : facts.studied().orElseThrow().last();
    }

    /** A patient of 110 years is too old on the day that a clock's study arrived. */
    private static boolean isBirthUnknown(StudyFacts facts) {
        LocalDate born = facts.born().orElseThrow().first();
        return isOneOf(NOBODYS, facts.born()) || nextBirthday(born, 115).isBefore(lastDay(facts));
    }

    private static boolean isOneOf(List<String> days, Optional<DateSpan> date) {
        return days.contains(date.orElseThrow().first().toString());
    }

    /** Against an age that is counted another way: birthdays that were had. */
    @Test
    void whoIsAMinor() {
        for (int i = 0; i < TRIES; i++) {
            StudyFacts facts = facts();
            LocalDate studied = facts.studied().orElseThrow().last();
            LocalDate birthday = facts.born().orElseThrow().last();
            int age = 0;
            while (!nextBirthday(birthday, age + 1).isAfter(studied)) {
                age++;
            }
            boolean kept = Resolver.resolve(facts, rules(List.of("US-CO")), TODAY).terms().stream()
                    .anyMatch(term -> term.rule().id().equals("US-CO/minor"));
            assertThat(kept)
                    .as("seed %s, born %s, studied %s", seed, birthday, studied)
                    .isEqualTo(age < 18 || isBirthUnknown(facts));
        }
    }

    private static LocalDate nextBirthday(LocalDate born, int number) {
        YearMonth month = YearMonth.of(born.getYear() + number, born.getMonth());
        return month.isValidDay(born.getDayOfMonth())
                ? month.atDay(born.getDayOfMonth())
                : month.plusMonths(1).atDay(1);
    }

    @Test
    void aDayIsOverWhenItIsOverEverywhere() {
        List<ZoneId> zones = new ArrayList<>(List.of(ZoneOffset.ofHours(-12), ZoneOffset.ofHours(14)));
        ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).forEach(zones::add);
        for (int i = 0; i < TRIES; i++) {
            LocalDate day = day(LocalDate.of(1990, 1, 1), LocalDate.of(2100, 12, 31));
            Instant now =
                    day.atStartOfDay().toInstant(ZoneOffset.UTC).plus(Duration.ofMinutes(random.nextInt(4 * 1440)));
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            if (Resolution.isOver(day, now)) {
                assertThat(LocalDate.ofInstant(now, zone))
                        .as("seed %s, %s", seed, zone)
                        .isAfter(day);
            } else {
                assertThat(LocalDate.ofInstant(now, ZoneOffset.ofHours(-12)))
                        .as("seed %s", seed)
                        .isBeforeOrEqualTo(day);
            }
        }
    }

    private static List<Rule> rules(List<String> laws) {
        return RULES.computeIfAbsent(laws, RulePack::rules);
    }

    private static LocalDate until(StudyFacts facts, List<String> laws) {
        return Resolver.resolve(facts, rules(laws), TODAY).until().orElseThrow();
    }
}
