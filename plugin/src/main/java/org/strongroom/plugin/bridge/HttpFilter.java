package org.strongroom.plugin.bridge;

import java.util.List;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;

/**
 * Decides which HTTP requests reach Orthanc, its plugins and us. Called by the bridge's filter workers, several at a time,
 * after Orthanc's own authentication and before it reads the body; not for calls of plugins, Lua and jobs, nor for requests
 * with a token that a plugin has had from Orthanc. If it does not answer in time the request fails.
 */
@FunctionalInterface
public interface HttpFilter {
    /**
     * What to do with the request.
     *
     * @throws StrongroomException REFUSED denies it; for everything else that is thrown Orthanc answers 500
     */
    Decision decide(Question question) throws StrongroomException;

    /**
     * A request without its body.
     *
     * @param method the effective one, overrides applied; GET also for OPTIONS, HEAD and PROPFIND, PUT for LOCK, UNLOCK, MKCOL
     *     and PROPPATCH
     * @param uri as Orthanc will route it, without arguments; empty parts ({@code //}) and a slash at the end do not matter
     * @param ip of the sender, or of the proxy before it
     * @param arguments of a GET; see {@link RestRequest#arguments}
     * @param headers names in lower case; of a repeated one Orthanc has kept the first
     */
    record Question(
            HttpMethod method,
            String uri,
            String ip,
            List<Map.Entry<String, String>> arguments,
            Map<String, String> headers) {}

    /** A denied request gets a bare 403. */
    final class Decision {
        private static final Decision DENY = new Decision(false, ArrivalContext.NO_TOKEN);

        private final boolean allowed;
        private final String token;

        private Decision(boolean allowed, String token) {
            this.allowed = allowed;
            this.token = token;
        }

        public static Decision deny() {
            return DENY;
        }

        public static Decision allow() {
            return allow(ArrivalContext.NO_TOKEN);
        }

        /**
         * Lets it pass. What Orthanc's thread stores for it arrives with {@code token}, see {@link ArrivalContext#token}.
         *
         * @throws IllegalArgumentException if it is longer than 255 characters or not printable ASCII
         */
        public static Decision allow(String token) {
            return new Decision(true, ArrivalContext.requireToken(token));
        }

        public boolean isAllowed() {
            return allowed;
        }

        public String token() {
            return token;
        }
    }
}
