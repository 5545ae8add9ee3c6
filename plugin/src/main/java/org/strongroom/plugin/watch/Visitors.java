package org.strongroom.plugin.watch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.tenancy.Sender;

/** Who asks, where Strongroom has no users of its own: Orthanc's, if it has checked their passwords. Everybody is let through. Immutable. */
final class Visitors implements HttpFilter {
    private static final String BASIC = "basic ";
    private static final int LONGEST = 100;

    private final boolean checked;

    /** @param checked whether Orthanc has looked at the password before it asks here */
    Visitors(boolean checked) {
        this.checked = checked;
    }

    @Override
    public Decision decide(Question question) {
        return Decision.allow(new Sender("", user(question.headers()).orElse(""), question.ip()).token());
    }

    private Optional<String> user(Map<String, String> headers) {
        String header = headers.getOrDefault("authorization", "");
        if (!checked || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 1 ? Optional.empty() : Optional.of(ascii(text.substring(0, colon)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Orthanc has let it pass without it
        }
    }

    private static String ascii(String name) {
        String clean = name.replaceAll("[^!-~]", "?");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST) : clean;
    }
}
