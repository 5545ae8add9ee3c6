package org.strongroom.plugin.login.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.core.settings.AddressRange;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;

class BehindProxiesTest {
    private static final BehindProxies PROXIES = new BehindProxies(List.of(AddressRange.parse("10.0.0.1")));
    private static final Map<String, String> HEADERS = Map.of("x-forwarded-for", "198.51.100.7", "accept", "*/*");
    private static final List<Map.Entry<String, String>> ARGUMENTS = List.of(Map.entry("limit", "1"));

    @Test
    void whoeverIsAskedSeesTheClientAndAllElseAsItWas() {
        List<HttpFilter.Question> asked = new ArrayList<>();
        HttpFilter filter = PROXIES.filter(question -> {
            asked.add(question);
            return HttpFilter.Decision.deny();
        });
        for (String peer : List.of("10.0.0.1", "10.0.0.2")) {
            assertThat(filter.decide(new HttpFilter.Question(HttpMethod.PUT, "/x", peer, ARGUMENTS, HEADERS))
                            .isAllowed())
                    .isFalse();
        }
        assertThat(asked)
                .containsExactly(
                        new HttpFilter.Question(HttpMethod.PUT, "/x", "198.51.100.7", ARGUMENTS, HEADERS),
                        new HttpFilter.Question(HttpMethod.PUT, "/x", "10.0.0.2", ARGUMENTS, HEADERS));
    }

    @Test
    void soDoesWhoAsksWhoItIs() {
        List<HttpAuthentication.Question> asked = new ArrayList<>();
        HttpAuthentication authentication = PROXIES.authentication(question -> {
            asked.add(question);
            return HttpAuthentication.Answer.forbidden();
        });
        assertThat(authentication
                        .authenticate(new HttpAuthentication.Question("/x", "10.0.0.1", ARGUMENTS, HEADERS))
                        .status())
                .isEqualTo(HttpAuthentication.Answer.FORBIDDEN);
        assertThat(asked).containsExactly(new HttpAuthentication.Question("/x", "198.51.100.7", ARGUMENTS, HEADERS));
    }

    /** What is no address may be a name, and whoever sends it would choose who is asked for that. */
    @Test
    void whatOnlyLooksLikeAnAddressIsNone() {
        for (String said : List.of("999.999.999.999", "198.51.100.256", "198.51.100")) {
            assertThat(Source.of("10.0.0.1", Map.of("x-forwarded-for", said), List.of(AddressRange.parse("10.0.0.1"))))
                    .isEqualTo("10.0.0.1");
        }
        assertThat(Source.of(
                        "10.0.0.1",
                        Map.of("x-forwarded-for", "198.51.100.255"),
                        List.of(AddressRange.parse("10.0.0.1"))))
                .isEqualTo("198.51.100.255");
    }
}
