package org.strongroom.plugin.tenancy;

import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.Orthanc;

/** The part of Orthanc's own REST API, plugins left out, that tells whose things are. Obligations: safe for several threads. */
public interface OrthancApi {
    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    byte[] get(String uri);

    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    byte[] post(String uri, byte[] body);

    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    void put(String uri, byte[] body);

    /** @throws StrongroomException NOT_FOUND if there is no such resource */
    void delete(String uri);

    /**
     * As {@link #get}, of a plugin's route.
     *
     * @throws StrongroomException NOT_FOUND if no plugin has it
     */
    default byte[] getOfPlugin(String uri) {
        throw StrongroomException.of(FailureKind.NOT_FOUND, "no plugin has this route");
    }

    /** Orthanc itself. */
    static OrthancApi of(Orthanc orthanc) {
        return new OrthancApi() {
            @Override
            public byte[] get(String uri) {
                return orthanc.restApiGet(uri);
            }

            @Override
            public byte[] getOfPlugin(String uri) {
                HttpAnswer answer = orthanc.callRestApi(HttpMethod.GET, uri, Map.of(), new byte[0], true);
                if (answer.status() != 200) {
                    throw answer.status() == 404
                            ? StrongroomException.of(FailureKind.NOT_FOUND, "no plugin has this route")
                            : StrongroomException.of(FailureKind.UNAVAILABLE, "a plugin does not answer")
                                    .with("status", answer.status());
                }
                return answer.body();
            }

            @Override
            public byte[] post(String uri, byte[] body) {
                return orthanc.restApiPost(uri, body);
            }

            @Override
            public void put(String uri, byte[] body) {
                orthanc.restApiPut(uri, body);
            }

            @Override
            public void delete(String uri) {
                HttpAnswer answer = orthanc.callRestApi(HttpMethod.DELETE, uri, Map.of(), new byte[0], false);
                if (answer.status() != 200) {
                    throw answer.status() == 404
                            ? StrongroomException.of(FailureKind.NOT_FOUND, "there was nothing to delete")
                            : StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc did not delete it")
                                    .with("status", answer.status());
                }
            }
        };
    }
}
