package org.strongroom.plugin.login.emergency;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.plugin.keys.Keyring;

/** What users have opened in emergencies, for a person at the command line; another process may be writing it. */
public final class EmergencyLog {
    private EmergencyLog() {}

    /** Each as words by name, the oldest first; PHI. What people typed has no control characters any more. */
    public static List<Map<String, String>> read(Path folder, Keyring keyring) throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        for (Emergency one : Emergencies.written(folder, keyring)) {
            Map<String, String> words = new LinkedHashMap<>();
            words.put("emergency", one.id());
            words.put("user", one.user());
            words.put("tenants", String.join(", ", one.tenants()));
            words.put("patientId", printable(one.patientId()));
            words.put("reason", printable(one.reason()));
            words.put("begun", one.begun().toString());
            words.put("until", one.until().toString());
            one.findReview().ifPresent(review -> {
                words.put("reviewedBy", review.by());
                words.put("reviewedAt", review.at().toString());
                words.put("note", printable(review.note()));
            });
            all.add(words);
        }
        return all;
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
