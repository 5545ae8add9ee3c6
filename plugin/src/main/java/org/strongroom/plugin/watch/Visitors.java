package org.strongroom.plugin.watch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
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
            String text = new String(decoded, StandardCharsets.ISO_8859_1); // bytes, as they came
            int colon = text.indexOf(':');
            return colon < 1 ? Optional.empty() : Optional.of(AuditEvent.person(ascii(text.substring(0, colon))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Orthanc has let it pass without it
        }
    }

    /** Two that differ stay two: what is no letter of ASCII is written as in an address. */
    private static String ascii(String bytes) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            char one = bytes.charAt(i);
            boolean plain = one > ' ' && one <= '~' && one != '%';
            name.append(plain ? String.valueOf(one) : String.format(Locale.ROOT, "%%%02X", (int) one));
        }
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name.toString();
    }
}
