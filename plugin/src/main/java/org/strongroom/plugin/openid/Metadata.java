package org.strongroom.plugin.openid;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.strongroom.core.settings.WebAddress;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0 §4). Immutable.
 *
 * @param postsSecret whether the client's secret goes into the form, since the provider does not take it as a header
 * @param namesItself whether it says who it is when a browser comes back (RFC 9207)
 */
record Metadata(
        URI authorization, URI token, URI keys, Optional<URI> userInfo, boolean postsSecret, boolean namesItself) {
    static final String PATH = ".well-known/openid-configuration";

    /** @throws Trouble if it speaks for another issuer, or names addresses that nobody should go to */
    static Metadata of(WebAddress issuer, ProviderHttp.Answer answer) throws Trouble {
        JsonNode json = answer.json();
        if (answer.status() != 200 || !json.isObject()) {
            throw new Trouble(
                    issuer.below(PATH) + " is answered " + answer.status() + " and no description; see Issuer");
        }
        if (!json.path("issuer").asText().equals(issuer.toString())) {
            throw new Trouble(issuer.below(PATH)
                    + " speaks for another issuer; write Issuer letter by letter as it says \"issuer\"");
        }
        JsonNode ways = json.path("token_endpoint_auth_methods_supported");
        boolean posts = has(ways, "client_secret_post") && !has(ways, "client_secret_basic");
        return new Metadata(
                address(json, "authorization_endpoint"),
                address(json, "token_endpoint"),
                address(json, "jwks_uri"),
                json.has("userinfo_endpoint") ? Optional.of(address(json, "userinfo_endpoint")) : Optional.empty(),
                posts,
                json.path("authorization_response_iss_parameter_supported").asBoolean());
    }

    private static boolean has(JsonNode list, String text) {
        return StreamSupport.stream(list.spliterator(), false)
                .anyMatch(each -> each.asText().equals(text));
    }

    private static URI address(JsonNode json, String name) throws Trouble {
        String text = json.path(name).asText();
        try {
            // What follows a ? is the provider's own affair, and stays.
            WebAddress.parse(text.replaceFirst("\\?[^#]*$", ""));
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new Trouble("the provider's " + name + " is no https:// address", e);
        }
    }
}
