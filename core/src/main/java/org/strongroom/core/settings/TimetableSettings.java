package org.strongroom.core.settings;

import java.time.DayOfWeek;
import java.util.BitSet;

/** One line of the uplink's timetable. Immutable. */
public record TimetableSettings(
        @Setting(text = "Days on which it begins: \"Mon-Fri\", \"Sat, Sun\", \"daily\".", byDefault = "daily")
                WeekDays days,
        @Setting(text = "When it begins, by the clock on the wall.") DayTime from,
        @Setting(text = "When it ends; at or before From, on the next day. \"24:00\" is the end of the day.")
                DayTime to,
        @Setting(text = "What may be sent meanwhile.") Rate limit) {
    /** Minutes of a week without a change of clocks. */
    public static final int WEEK = 7 * DayTime.DAY;

    public TimetableSettings {
        if (from.equals(to) || from.minutes() == DayTime.DAY) {
            DayTime begin = from;
            Problems.check(problems ->
                    problems.add("From", "\"" + begin + "\" begins nothing: for a whole day write 00:00 to 24:00"));
        }
    }

    /** The minutes of the week, from Monday 00:00 on, in which it holds. */
    public BitSet week() {
        BitSet week = new BitSet(WEEK);
        int length = Math.floorMod(to.minutes() - from.minutes() - 1, DayTime.DAY) + 1;
        for (DayOfWeek day : days.days()) {
            int begin = (day.getValue() - 1) * DayTime.DAY + from.minutes();
            int end = begin + length;
            week.set(begin, Math.min(end, WEEK));
            if (end > WEEK) {
                week.set(0, end - WEEK); // Sunday night goes on on Monday
            }
        }
        return week;
    }

    @Override
    public String toString() {
        return days + " " + from + "-" + to;
    }
}
