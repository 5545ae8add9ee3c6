package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What somebody of a tenant is shown. Only what is in Orthanc's index is compared: other tags it would read from everybody's files. */
record TenantSight(Mine mine, Searches searches, Shown shown) implements Sight {
    @Override
    public boolean compares(String tag) {
        return QidoTag.of(tag).filter(known -> Search.knows(known.name())).isPresent();
    }

    @Override
    public List<String> found(Search search) {
        return searches.found(mine.principal(), search);
    }

    @Override
    public Optional<JsonNode> resource(String uri) {
        return mine.resource(shown, uri);
    }

    @Override
    public boolean sees(String uri) {
        return mine.decision(uri).isPresent();
    }

    @Override
    public boolean seesWhole(String uri) {
        return mine.whole(uri);
    }
}
