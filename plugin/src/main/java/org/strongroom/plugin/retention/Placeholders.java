package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.time.Month;
import java.util.Set;

/**
 * Days that programs and machines write where they know none. A span that contains one may mean it: whoever writes only the year of a
 * placeholder knows no more than who writes all of it.
 */
final class Placeholders {
    /** Births of archives that must write one: the first days of a century, and the beginnings of what spreadsheets and databases count. */
    private static final Set<LocalDate> BIRTHS = Set.of(
            newYear(1800),
            LocalDate.of(1899, Month.DECEMBER, 30),
            LocalDate.of(1899, Month.DECEMBER, 31),
            newYear(1900),
            newYear(1901),
            newYear(1904),
            LocalDate.of(1911, Month.NOVEMBER, 11));

    /** Where the clock of a machine begins whose battery is empty: at every start it is that day again. */
    private static final Set<LocalDate> CLOCKS = Set.of(
            newYear(1900), newYear(1904), newYear(1970), newYear(1980), newYear(1990), newYear(2000), newYear(2001));

    private Placeholders() {}

    private static LocalDate newYear(int year) {
        return LocalDate.of(year, Month.JANUARY, 1);
    }

    /** Whether a date of birth may be nobody's. */
    static boolean isNobodysBirth(DateSpan born) {
        return BIRTHS.stream().anyMatch(born::contains);
    }

    /** Whether a date of a study may be where a clock began. */
    static boolean isOfAClock(DateSpan studied) {
        return CLOCKS.stream().anyMatch(studied::contains);
    }
}
