package org.strongroom.plugin.login.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.settings.AddressRange;

/** What is believed of a request's headers, and what is not. */
class HeadersTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin,-,-,true",
                "none,-,-,true",
                "same-site,-,-,false",
                "cross-site,https://pacs.example.org,pacs.example.org,false",
                "-,https://pacs.example.org,pacs.example.org,true",
                "-,http://10.0.0.5:8042,10.0.0.5:8042,true",
                "-,http://10.0.0.5:8043,10.0.0.5:8042,false",
                "-,https://evil.example,pacs.example.org,false",
                "-,https://pacs.example.org.evil.example,pacs.example.org,false",
                "-,https://pacs.example.org@evil.example,pacs.example.org,false",
                "-,null,pacs.example.org,false",
                "-,https:pacs.example.org,pacs.example.org,false",
                "-,ht tp://x,pacs.example.org,false",
                "-,-,pacs.example.org,false",
                "-,https://pacs.example.org,-,false"
            })
    void whereARequestComesFrom(String site, String origin, String host, boolean own) {
        Map<String, String> headers = new HashMap<>();
        put(headers, "sec-fetch-site", site);
        put(headers, "origin", origin);
        put(headers, "host", host);
        assertThat(CrossSite.isOwn(headers)).isEqualTo(own);
        assertThat(CrossSite.permits("POST", headers)).isEqualTo(own);
        assertThat(CrossSite.permits("PATCH", headers)).isEqualTo(own);
        assertThat(CrossSite.permits("GET", headers)).isTrue();
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7,'1.2.3.4',10.0.0.7",
        "proxy.example,'1.2.3.4',proxy.example",
        "127.0.0.1,'',127.0.0.1",
        "127.0.0.1,'198.51.100.7',198.51.100.7",
        "127.0.0.1,'1.2.3.4, 198.51.100.7',198.51.100.7",
        "127.0.0.1,'1.2.3.4, 198.51.100.7, 10.0.0.1',198.51.100.7",
        "127.0.0.1,'10.0.0.1',10.0.0.1",
        "127.0.0.1,'1.2.3.4, evil',127.0.0.1",
        "127.0.0.1,'2001:db8::7',2001:db8::7"
    })
    void aClientIsWhoAProxyOfOursSays(String peer, String said, String source) {
        Map<String, String> headers = Map.of("x-forwarded-for", said);
        List<AddressRange> proxies = List.of(AddressRange.parse("127.0.0.0/8"), AddressRange.parse("10.0.0.1"));
        assertThat(Source.of(peer, headers, proxies)).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7,10.0.0.7",
        "2001:db8:1:2:3:4:5:6,20010db800010002",
        "2001:db8:1:2::1,20010db800010002",
        "::ffff:10.0.0.7,10.0.0.7",
        "odd,odd"
    })
    void aNetworkOfIpv6IsOnePlace(String address, String place) {
        assertThat(Source.network(address)).isEqualTo(place);
    }

    @Test
    void cookiesForUnencryptedLinesHaveAnotherName() {
        String token = "A".repeat(43);
        Cookies secure = new Cookies(false);
        Cookies trial = new Cookies(true);
        assertThat(trial.write(Cookies.Kind.SESSION, token, java.time.Duration.ofHours(1)))
                .startsWith("strongroom=" + token)
                .contains("HttpOnly; SameSite=Lax")
                .doesNotContain("Secure");
        Map<String, String> headers = Map.of("cookie", "a=b; strongroom=" + token + ";c=d");
        assertThat(trial.read(headers, Cookies.Kind.SESSION)).contains(token);
        assertThat(secure.read(headers, Cookies.Kind.SESSION))
                .as("a page over http could have set it")
                .isEmpty();
        assertThat(trial.read(headers, Cookies.Kind.DEVICE)).isEmpty();
    }
}
