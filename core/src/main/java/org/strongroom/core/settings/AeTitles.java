package org.strongroom.core.settings;

import java.util.List;

/** What DICOM asks of an application entity's title. */
final class AeTitles {
    private AeTitles() {}

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
