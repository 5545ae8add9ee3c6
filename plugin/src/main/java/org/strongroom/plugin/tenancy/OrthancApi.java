package org.strongroom.plugin.tenancy;

import org.strongroom.core.error.StrongroomException;

/** The part of Orthanc's own REST API, plugins left out, that tells whose things are. Obligations: safe for several threads. */
public interface OrthancApi {
    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    byte[] get(String uri);

    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    byte[] post(String uri, byte[] body);

    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    void delete(String uri);
}
