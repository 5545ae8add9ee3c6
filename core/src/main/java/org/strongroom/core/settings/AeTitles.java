package org.strongroom.core.settings;

import java.util.List;
import java.util.Locale;

/** What DICOM asks of an application entity's title, and how Orthanc compares two. Thread-safe. */
public final class AeTitles {
    private AeTitles() {}

    /** The one spelling of all that Orthanc takes for the same: upper and lower case, and spaces around it, do not tell titles apart. */
    public static String folded(String title) {
        return title.strip().toUpperCase(Locale.ROOT);
    }

    static void check(Problems problems, String path, List<String> titles) {
        for (int i = 0; i < titles.size(); i++) {
            String title = titles.get(i);
            if (!title.matches("[\\x21-\\x7e&&[^\\\\]]([\\x20-\\x7e&&[^\\\\]]{0,14}[\\x21-\\x7e&&[^\\\\]])?")) {
                problems.add(
                        path + "[" + i + "]",
                        "\"" + title + "\" is no title: write 1 to 16 characters without backslash");
            }
        }
    }
}
