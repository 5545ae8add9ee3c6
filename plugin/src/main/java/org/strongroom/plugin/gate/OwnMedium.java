package org.strongroom.plugin.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpMethod;

/**
 * Where the archive or the media of a patient of several tenants are asked for, the address of a medium of the caller's studies: Orthanc makes it, after the
 * {@link Gate} has decided about each of them. A medium names no folders after the patient. Thread-safe.
 */
final class OwnMedium {
    private static final Pattern OF_A_PATIENT = Pattern.compile("/patients/(" + Order.ID + ")/(archive|media)");
    /** In an address that everybody takes. */
    private static final int MOST = 100;

    private final Access access;
    private final Shown shown;

    OwnMedium(Access access, Shown shown) {
        this.access = access;
        this.shown = shown;
    }

    /** Where to go, without a slash before it; empty if it is not asked for, nothing of it is the caller's, or all is, or too much. */
    Optional<String> of(Principal principal, HttpAuthentication.Question question) {
        Matcher asked = OF_A_PATIENT.matcher(question.uri());
        if (!asked.matches() || !question.arguments().isEmpty() || !isOfSeveral(principal, question.uri())) {
            return Optional.empty();
        }
        List<String> own = new ArrayList<>();
        for (String study : studies("/patients/" + asked.group(1))) {
            if (decide(principal, "/studies/" + study + "/media") instanceof Decision.Allow) {
                own.add(study);
            }
            if (own.size() > MOST) {
                return Optional.empty();
            }
        }
        return own.isEmpty() ? Optional.empty() : Optional.of("tools/create-media?resources=" + String.join(",", own));
    }

    private boolean isOfSeveral(Principal principal, String uri) {
        return decide(principal, uri) instanceof Decision.Filter filter
                && filter.treatments().contains(Treatment.FILTERED);
    }

    private Decision decide(Principal principal, String uri) {
        return access.decide(principal, HttpMethod.GET, uri, List.of());
    }

    private List<String> studies(String patient) {
        List<String> studies = new ArrayList<>();
        try {
            shown.get(patient).path("Studies").forEach(study -> studies.add(study.asText()));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
        return studies;
    }
}
