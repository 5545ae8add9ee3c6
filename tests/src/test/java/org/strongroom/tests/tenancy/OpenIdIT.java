package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OidcProvider;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.openid.PersonsBrowser;

/** Users of an OpenID Connect provider in a real Orthanc that two clinics share. */
class OpenIdIT {
    private static final Pattern LINK = Pattern.compile("class=\"elsewhere\" href=\"([^\"]+)\"");

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aProvidersUserSeesWhatIsTheirClinics(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            String end = pacs.address() + "/strongroom/openid";
            try (OidcProvider provider = new OidcProvider(pacs.folder("provider"), end, false)) {
                pacs.askProvider(provider);
                Rest rest = pacs.start().rest();

                Journey journey = Journey.begin(rest);
                URI back = new PersonsBrowser().logIn(journey.address(), "nora", end);
                assertThat(inOrNot(rest, back, "none=0"))
                        .as("in another browser")
                        .doesNotContain("Location");
                HttpResponse<byte[]> answer = comeBack(rest, back, journey.cookie());
                assertThat(answer.statusCode()).isEqualTo(303);
                InTheBrowser nora = InTheBrowser.after(rest, answer);
                seesNorthAlone(pacs, rest, nora);
                assertThat(inOrNot(rest, back, journey.cookie()))
                        .as("the same code again")
                        .doesNotContain("Location");

                Journey strangers = Journey.begin(rest);
                URI stranger = new PersonsBrowser().logIn(strangers.address(), "stranger", end);
                assertThat(inOrNot(rest, stranger, strangers.cookie())).contains("You were not let in");
                isInTheAuditLog(pacs);

                Journey late = Journey.begin(rest);
                URI there = new PersonsBrowser().logIn(late.address(), "nora", end);
                provider.kill();
                assertThat(inOrNot(rest, there, late.cookie())).contains("does not answer");
                assertThat(nora.get("/studies").statusCode()).isEqualTo(200);
                assertThat(pacs.logIn(rest, "north-rad").get("/studies").statusCode())
                        .isEqualTo(200);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> pacs.cli("status").output().contains("OpenID Connect"));
            }
        }
    }

    /** Somebody on their way to the provider, with Orthanc's cookie. */
    private record Journey(URI address, String cookie) {
        static Journey begin(Rest rest) {
            String page = text(rest.send("GET", "/strongroom/login", null));
            Matcher link = LINK.matcher(page);
            assertThat(link.find()).as(page).isTrue();
            URI here = URI.create(link.group(1).replace("&amp;", "&"));
            HttpResponse<byte[]> left = rest.send("GET", pathOf(here), null, "Sec-Fetch-Site", "same-origin");
            assertThat(left.statusCode()).isEqualTo(303);
            String cookie = left.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).contains("HttpOnly", "SameSite=Lax");
            return new Journey(
                    URI.create(left.headers().firstValue("Location").orElseThrow()),
                    cookie.substring(0, cookie.indexOf(';')));
        }
    }

    /** As a browser does that another site has sent here. */
    private static HttpResponse<byte[]> comeBack(Rest rest, URI back, String cookie) {
        return rest.send("GET", pathOf(back), null, "Cookie", cookie, "Sec-Fetch-Site", "cross-site");
    }

    private static String inOrNot(Rest rest, URI back, String cookie) {
        HttpResponse<byte[]> answer = comeBack(rest, back, cookie);
        return answer.headers()
                .firstValue("Location")
                .map(to -> "Location " + to)
                .orElseGet(() -> text(answer));
    }

    private static String pathOf(URI address) {
        return address.getRawPath() + "?" + address.getRawQuery();
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static void seesNorthAlone(TwoClinicsPacs pacs, Rest rest, InTheBrowser nora) {
        assertThat(Rest.parse(nora.get("/studies?expand").body()).findValuesAsText("StudyInstanceUID"))
                .containsExactlyInAnyOrder(
                        TwoClinicsPacs.NORTH + ".0", TwoClinicsPacs.NORTH + ".1", TwoClinicsPacs.NORTH + ".2");
        String souths = pacs.find(rest, "south-rad", "Study", TwoClinicsPacs.SOUTH + ".1")
                .path(0)
                .asText();
        assertThat(souths).isNotEmpty();
        HttpResponse<byte[]> refused = nora.get("/studies/" + souths);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(text(refused)).doesNotContain("SOUTHERN");
    }

    private static void isInTheAuditLog(TwoClinicsPacs pacs) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--user", "nora", "--json")
                                .orFail()
                                .output())
                        .contains("OpenID Connect"));
    }
}
