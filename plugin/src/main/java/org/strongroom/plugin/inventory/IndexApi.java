package org.strongroom.plugin.inventory;

import org.strongroom.core.error.StrongroomException;

/** The part of Orthanc's REST API that is needed to walk its index. Obligations: safe for several threads. */
public interface IndexApi {
    /**
     * The answer to a GET.
     *
     * @throws StrongroomException NOT_FOUND if there is no such resource (any more)
     */
    byte[] get(String uri);

    /** The answer to {@code POST /tools/find}. */
    byte[] find(byte[] query);

    /** Whether {@code /tools/find} knows {@code ParentSeries} and answers with attachments: Orthanc 1.12.5 and newer. */
    boolean findsAttachments();
}
