package org.strongroom.plugin.gate;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.UnaryOperator;
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
    private final UnaryOperator<String> call;
    private volatile boolean proven;
    private volatile boolean told;

    /** @param call asks Orthanc, plugins included, with this value of the header; the answer's body, or anything else */
    FirstAsked(UnaryOperator<String> call) {
        this.call = call;
    }

    boolean holds() {
        if (!proven) {
            proven = answersItself();
            if (!proven && !told) {
                told = true;
                LOG.log(
                        Level.ERROR,
                        "Another plugin answers QIDO-RS before Strongroom is asked, so it is refused. List libStrongroom.so first in Plugins");
            }
        }
        return proven;
    }

    private boolean answersItself() {
        try {
            return call.apply(secret).equals(reply());
        } catch (StrongroomException e) {
            return false;
        }
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
