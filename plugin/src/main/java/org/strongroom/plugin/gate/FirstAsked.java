package org.strongroom.plugin.gate;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * Whether Orthanc asks Strongroom where another plugin would answer from everybody's studies. Orthanc asks the plugin that was loaded
 * first, and says nothing about it; so it is tried, once, before the first request passes. Thread-safe.
 */
final class FirstAsked {
    /** In a call from inside only: nobody outside knows the secret. */
    static final String HEADER = "x-strongroom-asks";

    private static final Logger LOG = System.getLogger(FirstAsked.class.getName());

    private final String secret = UUID.randomUUID().toString();
    private final String uri;
    private final BinaryOperator<String> call;
    /** Empty until the call has had an answer: the order of the plugins does not change while Orthanc runs. */
    private volatile Optional<Boolean> first = Optional.empty();

    /**
     * @param root of DICOMweb, without a slash at its end
     * @param call asks Orthanc, plugins included, for a URI with a value of the header; the answer's body, or anything else
     */
    FirstAsked(String root, BinaryOperator<String> call) {
        // Of a study that nobody has: another plugin would list all studies.
        this.uri = root + "/studies?StudyInstanceUID=2.25."
                + new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
        this.call = call;
    }

    boolean holds() {
        return first.orElseGet(this::ask);
    }

    private synchronized boolean ask() {
        if (first.isEmpty()) {
            try {
                first = Optional.of(call.apply(uri, secret).equals(reply()));
            } catch (StrongroomException e) {
                LOG.log(Level.DEBUG, "Who answers QIDO-RS could not be found out; it is tried again", e);
                return false;
            }
            if (!first.get()) {
                LOG.log(
                        Level.ERROR,
                        "Another plugin answers QIDO-RS before Strongroom is asked, so it is refused. List libStrongroom.so first in Plugins");
            }
        }
        return first.get();
    }

    private String reply() {
        return "strongroom " + secret;
    }

    boolean isCall(RestRequest request) {
        return secret.equals(request.headers().get(HEADER));
    }

    RestAnswer answer() {
        return RestAnswer.of(200, "text/plain", reply().getBytes(StandardCharsets.UTF_8));
    }
}
