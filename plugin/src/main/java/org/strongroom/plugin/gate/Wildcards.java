package org.strongroom.plugin.gate;

import java.util.Locale;
import java.util.stream.Stream;

/** What Orthanc would find by a value in a search, for values that it is not asked about. */
final class Wildcards {
    private Wildcards() {}

    /** @param asked a list with backslashes, or a value with {@code *} and {@code ?} */
    static boolean find(String asked, String value, boolean caseSensitive) {
        String wanted = caseSensitive ? asked : asked.toLowerCase(Locale.ROOT);
        String here = caseSensitive ? value : value.toLowerCase(Locale.ROOT);
        return wanted.indexOf('\\') >= 0
                ? Stream.of(wanted.split("\\\\", -1)).anyMatch(here::equals)
                : fits(wanted, here);
    }

    /** No regular expression: with many stars a stranger could have it try for hours. */
    private static boolean fits(String pattern, String value) {
        int at = 0;
        int star = -1;
        int afterStar = 0;
        int in = 0;
        while (in < value.length()) {
            char next = at < pattern.length() ? pattern.charAt(at) : '\0';
            if (next == '*') {
                star = at++;
                afterStar = in;
            } else if (at < pattern.length() && (next == '?' || next == value.charAt(in))) {
                at++;
                in++;
            } else if (star >= 0) { // the last star stands for one more
                at = star + 1;
                in = ++afterStar;
            } else {
                return false;
            }
        }
        return pattern.substring(at).chars().allMatch(rest -> rest == '*');
    }
}
