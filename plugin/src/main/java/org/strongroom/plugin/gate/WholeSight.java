package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that Orthanc has, where nobody's things are kept apart: it is asked as it stands, and compares whatever it can read.
 *
 * @param readsFiles whether files are read for what its index does not have
 */
record WholeSight(Shown shown, boolean readsFiles) implements Sight {
    /** Of the message rather than of an image: Orthanc's versions leave these out, too. */
    private static final Set<String> OF_THE_MESSAGE = Set.of("0008,0201", "5653,0010");

    @Override
    public boolean compares(String tag) {
        return !OF_THE_MESSAGE.contains(tag);
    }

    @Override
    public List<String> found(Search search) {
        List<String> found = new ArrayList<>();
        int most = Math.toIntExact(search.page().limit());
        for (JsonNode id : shown.post("/tools/find", search.everything(most))) {
            if (search.page().holds(found.size())) {
                found.add(search.folder() + id.asText());
            }
        }
        return found;
    }

    @Override
    public Optional<JsonNode> resource(String uri) {
        return shown.resource(uri, false, false, study -> true);
    }

    @Override
    public boolean sees(String uri) {
        return true;
    }

    @Override
    public boolean seesWhole(String uri) {
        return readsFiles;
    }
}
