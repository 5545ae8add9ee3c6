package org.strongroom.core.settings;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;

/** Names as they stand in JSON, and the one that was probably meant. */
final class SettingNames {
    private SettingNames() {}

    static String of(RecordComponent component) {
        String name = component.getName();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** The known name nearest to {@code unknown}, or null if none is near enough to be meant. */
    static String nearest(String unknown, Collection<String> known) {
        String best = null;
        int least = Math.max(2, unknown.length() / 2) + 1;
        for (String candidate : known) {
            int distance = distance(unknown.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                best = candidate;
                least = distance;
            }
        }
        return best;
    }

    /** Levenshtein's distance: insertions, deletions and replacements. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
