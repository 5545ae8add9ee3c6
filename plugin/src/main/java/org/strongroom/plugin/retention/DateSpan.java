package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date of which perhaps only the year or the month is known: the days that it can be. Immutable.
 *
 * @param first the earliest day
 * @param last the latest day, not before the first
 */
record DateSpan(LocalDate first, LocalDate last) {
    /** Earlier than any study or birth: where a span begins whose beginning nobody knows. */
    static final LocalDate EVER = LocalDate.of(1, Month.JANUARY, 1);

    private static final Pattern FORM = Pattern.compile("([0-9]{4})[.-]?(?:([0-9]{2})[.-]?([0-9]{2})?)?");

    DateSpan {
        Objects.requireNonNull(first, "first");
        if (last.isBefore(first)) {
            throw new IllegalArgumentException("a span that ends before it begins");
        }
    }

    static DateSpan of(LocalDate day) {
        return new DateSpan(day, day);
    }

    /**
     * Reads a DICOM date (PS3.5, DA), also with the dots of ACR-NEMA or with hyphens. A month or day that is missing, zero or
     * impossible is unknown; so is the whole date without a year.
     */
    static Optional<DateSpan> parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches() || number(parts.group(1)) == 0) {
            return Optional.empty();
        }
        int year = number(parts.group(1));
        int month = number(parts.group(2));
        int day = number(parts.group(3));
        if (month < 1 || month > 12) {
            return Optional.of(
                    new DateSpan(LocalDate.of(year, Month.JANUARY, 1), LocalDate.of(year, Month.DECEMBER, 31)));
        }
        YearMonth within = YearMonth.of(year, month);
        return Optional.of(
                within.isValidDay(day) ? of(within.atDay(day)) : new DateSpan(within.atDay(1), within.atEndOfMonth()));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    boolean isExact() {
        return first.equals(last);
    }

    boolean contains(LocalDate day) {
        return !day.isBefore(first) && !day.isAfter(last);
    }

    /** The earliest beginning and the latest end of both. */
    DateSpan with(DateSpan other) {
        return new DateSpan(
                first.isBefore(other.first) ? first : other.first, last.isAfter(other.last) ? last : other.last);
    }

    /** Says nothing: a date of birth belongs into no log. */
    @Override
    public String toString() {
        return "***";
    }
}
