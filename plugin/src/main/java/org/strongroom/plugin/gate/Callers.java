package org.strongroom.plugin.gate;

import java.util.Map;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.account.Authentication;

/** Who asks. Obligations: safe for several threads. */
@FunctionalInterface
interface Callers {
    /**
     * Somebody, or {@link Principal#NOBODY}.
     *
     * @param method in upper case
     * @param headers names in lower case
     * @param peer address that speaks to Orthanc; empty if that is not known
     */
    Principal who(String method, Map<String, String> headers, String peer);

    /** Who is logged in. Whoever says something that is not so is nobody. */
    static Callers of(Login login) {
        return (method, headers, peer) -> login.identify(method, headers, peer) instanceof Authentication.User user
                ? user.principal()
                : Principal.NOBODY;
    }
}
