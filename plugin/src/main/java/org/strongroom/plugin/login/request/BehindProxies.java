package org.strongroom.plugin.login.request;

import java.util.List;
import org.strongroom.core.settings.AddressRange;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;

/**
 * Has those who decide about requests, and record them, see the {@linkplain Source client's} address, where a reverse proxy of the clinic's
 * own stands before Orthanc: else all that is done by HTTP would come from one place. Immutable.
 *
 * @param proxies addresses of the clinic's own
 */
public record BehindProxies(List<AddressRange> proxies) {
    public BehindProxies {
        proxies = List.copyOf(proxies);
    }

    /** The same filter, asked with the client's address. */
    public HttpFilter filter(HttpFilter filter) {
        return asked -> filter.decide(new HttpFilter.Question(
                asked.method(),
                asked.uri(),
                Source.of(asked.ip(), asked.headers(), proxies),
                asked.arguments(),
                asked.headers()));
    }

    /** The same, asked with the client's address. */
    public HttpAuthentication authentication(HttpAuthentication authentication) {
        return asked -> authentication.authenticate(new HttpAuthentication.Question(
                asked.uri(), Source.of(asked.ip(), asked.headers(), proxies), asked.arguments(), asked.headers()));
    }
}
