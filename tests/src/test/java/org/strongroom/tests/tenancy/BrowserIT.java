package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Chromium;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;

/**
 * A radiologist of north with Chromium and a security key (Chromium plays the key, and signs as one does): sets up an app and the key, logs
 * in with each, looks at a study of north's in Orthanc Explorer and in the web viewer, and at none of south's.
 */
class BrowserIT {
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    /** The login page sends whoever has logged in to Orthanc's first page. */
    private static final String IN = "!location.pathname.startsWith('/strongroom/')";

    /** Orthanc's ids of one with one series. */
    private record Study(String id, String series) {
        static Study of(TwoClinicsPacs pacs, Rest rest, String user, String uid) {
            String id = pacs.find(rest, user, "Study", uid).get(0).asText();
            return new Study(
                    id,
                    pacs.json(rest, user, "/studies/" + id)
                            .path("Series")
                            .get(0)
                            .asText());
        }
    }

    @Test
    void aReaderLogsInWithAnAppAndWithAKeyAndSeesTheirClinicsStudies() {
        // 1.13.0: sends a browser that is not logged in to the login page; its web viewer is there.
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(Debian.SID)) {
            String orthanc = pacs.reachedByName();
            Rest rest = pacs.start().rest();
            // Now: HTTP Basic ends with the second factor.
            Study north = Study.of(pacs, rest, "north-rad", TwoClinicsPacs.NORTH + ".1");
            Study south = Study.of(pacs, rest, "south-rad", TwoClinicsPacs.SOUTH + ".1");
            try (Chromium chromium = new Chromium(pacs.folder("chromium"))) {
                chromium.playKeys();
                Reader reader = new Reader(chromium, orthanc, rest);
                reader.password();
                chromium.until(IN);
                String secret = reader.setUpApp();
                reader.logOut();

                reader.password();
                chromium.until("document.title === 'One more step'");
                assertThat(chromium.run("document.querySelector('form[data-key]') === null")
                                .asBoolean())
                        .isTrue();
                reader.code(secret);
                chromium.until(IN);

                String key = chromium.plugKey();
                reader.addKey(secret);
                reader.logOut();
                assertThat(reader.status("/studies/" + north.id())).isNotEqualTo(200);

                reader.password();
                chromium.until("document.title === 'One more step'");
                assertThat(reader.status("/studies/" + north.id()))
                        .as("the password alone")
                        .isNotEqualTo(200);
                int before = chromium.signatures(key);
                reader.key();
                chromium.until(IN);
                assertThat(chromium.signatures(key)).isGreaterThan(before);

                seesNorth(reader, north);
                doesNotSeeSouth(reader, south);

                reader.logOut();
                chromium.pullKey(key);
                chromium.plugKey();
                reader.password();
                chromium.until("document.title === 'One more step'");
                reader.key();
                chromium.until("document.querySelector('[role=status]').textContent.includes('No security key')");
                assertThat(reader.status("/studies/" + north.id()))
                        .as("with another key")
                        .isNotEqualTo(200);
            }
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--user", "north-rad")
                                    .orFail()
                                    .output())
                            .contains(
                                    "security key added",
                                    "second factor set up",
                                    "password and code",
                                    "password and security key"));
        }
    }

    private static void seesNorth(Reader reader, Study study) {
        assertThat(reader.status("/studies/" + study.id())).isEqualTo(200);
        reader.explore(study.id());
        reader.chromium.until(
                "location.hash.includes('" + study.id() + "') && document.body.innerText.includes('NORTHERN')");
        everyListOfOrthancExplorerHasNorthsAlone(reader);
        reader.chromium.open(reader.orthanc + "/web-viewer/app/viewer.html?series=" + study.series());
        reader.chromium.until("performance.getEntriesByType('resource')"
                + ".some(each => each.name.includes('/web-viewer/instances/') && each.responseStatus === 200)");
        reader.chromium.until(Chromium.DRAWN);
    }

    private static void everyListOfOrthancExplorerHasNorthsAlone(Reader reader) {
        for (String page : new String[] {"#all-patients", "#all-studies", "#lookup-result"}) {
            String name = page.replace("#all-", "#find-").replace("#lookup-result", "#lookup");
            reader.chromium.open(reader.orthanc + "/app/explorer.html" + name);
            if (name.equals("#lookup")) {
                reader.chromium.until("$.mobile.activePage.attr('id') === 'lookup'");
                reader.chromium.click("#lookup-submit");
            }
            reader.chromium.until("document.querySelector('" + page + "').textContent.includes('SHARED^NORTHERN')");
            assertThat(reader.chromium
                            .run("document.querySelector('" + page + "').textContent")
                            .asText())
                    .contains("ONE^NORTHERN")
                    .doesNotContain("SOUTHERN");
        }
    }

    private static void doesNotSeeSouth(Reader reader, Study study) {
        assertThat(reader.status("/studies/" + study.id())).isEqualTo(403);
        assertThat(reader.status("/series/" + study.series())).isEqualTo(403);
        assertThat(reader.status("/web-viewer/series/" + study.series())).isEqualTo(403);
        reader.explore(study.id());
        reader.chromium.until("performance.getEntriesByType('resource')" + ".some(each => each.name.includes('/studies/"
                + study.id() + "') && each.responseStatus === 403)");
        assertThat(reader.chromium.run("document.documentElement.innerText").asText())
                .doesNotContain("SOUTHERN", "ONE-SOUTH");
        reader.chromium.open(reader.orthanc + "/web-viewer/app/viewer.html?series=" + study.series());
        reader.chromium.until("performance.getEntriesByType('resource')"
                + ".some(each => each.name.includes('/web-viewer/series/') && each.responseStatus === 403)");
        assertThat(reader.chromium
                        .run("performance.getEntriesByType('resource')"
                                + ".some(each => each.name.includes('/web-viewer/instances/'))")
                        .asBoolean())
                .isFalse();
    }

    /** Somebody before the browser. */
    private static final class Reader {
        final Chromium chromium;
        final String orthanc;
        final Rest rest;
        /** Of the last code: none is good twice. */
        private long step;

        Reader(Chromium chromium, String orthanc, Rest rest) {
            this.chromium = chromium;
            this.orthanc = orthanc;
            this.rest = rest;
        }

        /** Begins at Orthanc's first page, from where Orthanc sends them to the login page. */
        void password() {
            chromium.open(orthanc + "/app/explorer.html");
            chromium.until("location.pathname === '/strongroom/login' && document.title === 'Log in'");
            chromium.type("user", "north-rad");
            chromium.type("password", TwoClinicsPacs.PASSWORD);
            chromium.click("button");
        }

        void code(String secret) {
            chromium.type("code", nextCode(secret));
            chromium.click("form:not([data-key]) button");
        }

        void key() {
            chromium.until("!document.querySelector('form[data-key] button').disabled");
            chromium.click("form[data-key] button");
        }

        String setUpApp() {
            chromium.open(orthanc + "/strongroom/account");
            chromium.click("input[value=setup] ~ button");
            chromium.until("document.title === 'Set up a second factor'");
            String secret =
                    chromium.run("document.querySelector('code').textContent").asText();
            chromium.type("code", nextCode(secret));
            chromium.click("form:not([data-key]) button");
            chromium.until("document.title === 'Your recovery codes'");
            assertThat(chromium.run("document.querySelectorAll('li').length").asInt())
                    .isEqualTo(10);
            chromium.click("button");
            chromium.until("document.title === 'Your account'");
            return secret;
        }

        void addKey(String secret) {
            chromium.open(orthanc + "/strongroom/account");
            chromium.click("input[value=add-key] ~ button");
            chromium.until("document.title === 'One more step'");
            code(secret);
            chromium.until("document.title === 'Add a security key'");
            chromium.type("name", "blue");
            key();
            chromium.until("document.title === 'Your account'");
            assertThat(chromium.run("document.body.innerText").asText()).contains("blue", "an app, security keys: 1");
        }

        void logOut() {
            chromium.open(orthanc + "/strongroom/logout");
            chromium.click("button");
            chromium.until("document.title === 'Log in'");
        }

        void explore(String study) {
            chromium.open(orthanc + "/app/explorer.html#study?uuid=" + study);
        }

        /** What this browser is answered: our own pages let no script ask. */
        int status(String uri) {
            return rest.send("GET", uri, null, "Cookie", chromium.cookies(orthanc), "Sec-Fetch-Site", "same-origin")
                    .statusCode();
        }

        /** Of this step, or of the next one if that was used: it is good, too. */
        private String nextCode(String secret) {
            step = Math.max(step + 1, stepNow());
            await().atMost(STEP.multipliedBy(2)).until(() -> stepNow() >= step - 1);
            return code(secret, Instant.ofEpochSecond(step * STEP.toSeconds()));
        }

        private static long stepNow() {
            return Clock.systemUTC().instant().getEpochSecond() / STEP.toSeconds();
        }

        private static String code(String secret, Instant time) {
            BigInteger bits = BigInteger.ZERO;
            for (int i = 0; i < secret.length(); i++) {
                bits = bits.shiftLeft(5).or(BigInteger.valueOf(BASE32.indexOf(secret.charAt(i))));
            }
            byte[] bytes = new byte[20];
            for (int i = bytes.length - 1; i >= 0; i--, bits = bits.shiftRight(8)) {
                bytes[i] = bits.byteValue();
            }
            try {
                TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator(STEP);
                return generator.generateOneTimePasswordString(
                        new SecretKeySpec(bytes, generator.getAlgorithm()), time);
            } catch (InvalidKeyException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
