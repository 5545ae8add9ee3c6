package org.strongroom.plugin.bridge;

import java.util.List;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;

/**
 * Says who sends an HTTP request, in place of Orthanc's own authentication, on Orthanc 1.12.9 and newer only. Called by the bridge's authentication
 * workers, several at a time, before {@link HttpFilter} and also for requests with a token that a plugin has had from Orthanc. While it is there,
 * Orthanc's registered users and AuthenticationEnabled mean nothing. If it does not answer in time the request fails.
 */
@FunctionalInterface
public interface HttpAuthentication {
    /**
     * Who it is.
     *
     * @throws StrongroomException REFUSED forbids it; for everything else that is thrown the request fails
     */
    Answer authenticate(Question question) throws StrongroomException;

    /** A request without its method and body; see {@link HttpFilter.Question}. */
    record Question(String uri, String ip, List<Map.Entry<String, String>> arguments, Map<String, String> headers) {}

    /** What Orthanc does with the request. */
    final class Answer {
        /** With the numbers of doors.c. */
        public static final int GRANTED = 0;

        public static final int UNAUTHORIZED = 1;
        public static final int FORBIDDEN = 2;
        public static final int REDIRECT = 3;

        private final int status;
        private final String text;

        private Answer(int status, String text) {
            this.status = status;
            this.text = text;
        }

        /** Lets it pass to the filter; {@link RestRequest#authentication} will be {@code payload}. */
        public static Answer granted(String payload) {
            return new Answer(GRANTED, payload);
        }

        /** A bare 401. */
        public static Answer unauthorized() {
            return new Answer(UNAUTHORIZED, "");
        }

        /** A bare 403. */
        public static Answer forbidden() {
            return new Answer(FORBIDDEN, "");
        }

        /** A 307 to a path of Orthanc's, without a slash before it. */
        public static Answer redirect(String path) {
            return new Answer(REDIRECT, path);
        }

        public int status() {
            return status;
        }

        /** The payload, or where to go. */
        public String text() {
            return text;
        }
    }
}
