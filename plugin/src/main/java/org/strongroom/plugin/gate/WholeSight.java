package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.hold.Restrictions;

/**
 * Everything that Orthanc has, where nobody's things are kept apart, but for what is restricted: it is asked as it stands, and compares
 * whatever it can read.
 *
 * @param readsFiles whether files are read for what its index does not have
 */
record WholeSight(Shown shown, boolean readsFiles, Restrictions restrictions) implements Sight {
    private static final String STUDY = "/studies/";
    private static final String PATIENT = "/patients/";

    /** Of the message rather than of an image: Orthanc's versions leave these out, too. */
    private static final Set<String> OF_THE_MESSAGE = Set.of("0008,0201", "5653,0010");

    @Override
    public boolean compares(String tag) {
        return !OF_THE_MESSAGE.contains(tag);
    }

    /** As many more are asked for as are left out, so that a page is not shorter for them. */
    @Override
    public List<String> found(Search search) {
        int most = Math.toIntExact(search.page().limit());
        int asked = most;
        while (true) {
            List<String> found = new ArrayList<>();
            int all = 0;
            for (JsonNode id : shown.post("/tools/find", search.everything(asked))) {
                String path = search.folder() + id.asText();
                all++;
                if (search.page().holds(found.size()) && sees(path)) {
                    found.add(path);
                }
            }
            if (all != asked || search.page().isOver(found.size())) {
                return found;
            }
            asked = (int) Math.min(Integer.MAX_VALUE, 2L * asked);
        }
    }

    @Override
    public Optional<JsonNode> resource(String uri) {
        if (!restrictions.any()) {
            return shown.resource(uri, false, false, study -> true);
        }
        if (!sees(uri)) {
            return Optional.empty();
        }
        boolean part = uri.startsWith(PATIENT) && studiesOf(uri).stream().anyMatch(this::isRestricted);
        return shown.resource(uri, false, part, study -> !isRestricted(study));
    }

    @Override
    public boolean sees(String uri) {
        if (!restrictions.any()) {
            return true;
        }
        String[] parts = uri.split("/", -1);
        String path = "/" + parts[1] + "/" + parts[2];
        if (path.startsWith(STUDY)) {
            return !isRestricted(path);
        }
        return path.startsWith(PATIENT)
                ? studiesOf(path).stream().anyMatch(study -> !isRestricted(study))
                : shown.studyOf(path).filter(study -> !isRestricted(study)).isPresent();
    }

    private boolean isRestricted(String study) {
        return restrictions.has(study.substring(STUDY.length()));
    }

    private List<String> studiesOf(String patient) {
        List<String> studies = new ArrayList<>();
        try {
            shown.get(patient).path("Studies").forEach(study -> studies.add(STUDY + study.asText()));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
        return studies;
    }

    @Override
    public boolean seesWhole(String uri) {
        return readsFiles && sees(uri);
    }
}
