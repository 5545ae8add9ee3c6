package org.strongroom.plugin.access;

import java.util.Set;

/** What becomes of a request. */
public sealed interface Decision {
    /** Orthanc may answer. */
    record Allow(Route route) implements Decision {}

    /** It is refused. */
    record Deny(Reason reason) implements Decision {}

    /** Only an answer with these treatments may be given; who has none refuses. */
    record Filter(Route route, Set<Treatment> treatments) implements Decision {
        public Filter {
            treatments = Set.copyOf(treatments);
        }
    }
}
