package org.strongroom.sidecar.control;

import java.util.Map;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.sidecar.limit.TemporaryLimit;

/** What the uplink may and does, and another limit for a while. */
final class UplinkRoutes {
    private final TemporaryLimit limit;

    UplinkRoutes(TemporaryLimit limit) {
        this.limit = limit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /uplink", call -> call.answer(limit.status()));
        routes.put("POST /uplink", call -> call.answer(limit.order(call.body(UplinkRequest.class))));
    }
}
