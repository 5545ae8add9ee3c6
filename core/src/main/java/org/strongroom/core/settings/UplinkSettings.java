package org.strongroom.core.settings;

import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** What may be sent to all tiers together. Immutable. */
public record UplinkSettings(
        @Setting(
                        text = "Limit for everything that is sent, to all tiers together, whenever the timetable says"
                                + " nothing else: \"512 kbit/s\", \"100 KB/s\", \"unlimited\", or \"off\" for"
                                + " nothing. What is read back is not limited; sending waits for it.",
                        byDefault = "unlimited")
                Rate limit,
        @Setting(text = "Other limits at certain times of the week; no two at one time.")
                List<TimetableSettings> timetable,
        @Setting(
                        text = "Time zone of the timetable, for example \"Europe/Berlin\"; summer time is minded.",
                        otherwise = "this machine's")
                Optional<ZoneId> timeZone) {
    public UplinkSettings {
        timetable = List.copyOf(timetable);
        List<TimetableSettings> lines = timetable;
        Problems.check(problems -> {
            for (int i = 0; i < lines.size(); i++) {
                for (int j = 0; j < i; j++) {
                    checkApart(problems, lines.get(j), lines.get(i), "Timetable[" + i + "]");
                }
            }
        });
    }

    private static void checkApart(Problems problems, TimetableSettings first, TimetableSettings second, String path) {
        BitSet both = first.week();
        both.and(second.week());
        if (!both.isEmpty()) {
            problems.add(
                    path,
                    "\"" + second + "\" and \"" + first + "\" hold at one time: let one end before the other begins");
        }
    }
}
