package org.strongroom.plugin.retention;

import java.time.LocalDate;

/** Years counted as the law that keeps longest counts them. */
final class Anniversary {
    private Anniversary() {}

    /** The same day so many years later; of 29 February it is 1 March in a year without one. */
    static LocalDate of(LocalDate day, int years) {
        LocalDate later = day.plusYears(years); // 28 February, where there is no 29th
        return later.getDayOfMonth() == day.getDayOfMonth() ? later : later.plusDays(1);
    }
}
