package org.strongroom.plugin.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
    private static final URI LOGIN = URI.create("https://pacs.example.org/orthanc/strongroom/login");

    private static String link(String target) {
        return ReturnPath.decode(
                        Base64.getUrlEncoder().withoutPadding().encodeToString(target.getBytes(StandardCharsets.UTF_8)))
                .link("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "\\\\evil.example",
                "javascript:alert(1)",
                "",
                "app",
                "/a b",
                "/a\r\nSet-Cookie: x=y",
                "/a\u0000",
                "/ä",
                "/a#b",
                "/strongroom/login",
                "/strongroom/login?to=x",
                "/strongroom/logout"
            })
    void whatCouldLeadElsewhereLeadsHome(String target) {
        assertThat(link(target)).isEqualTo("../");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/app/explorer.html", "/studies/12-34?expand&x=%2F", "/ohif/viewer?StudyInstanceUIDs=1.2"})
    void pathsOfThisServerStay(String target) {
        assertThat(link(target)).isEqualTo(".." + target);
    }

    @ParameterizedTest
    @CsvSource({
        "/,strongroom/login",
        "/app,strongroom/login",
        "/app/explorer.html,../strongroom/login",
        "/dicom-web/studies/1/series?a=/b/c,../../../strongroom/login"
    })
    void theWayToTheLoginPageWorksBelowAnyPath(String uri, String link) {
        assertThat(ReturnPath.toLogin(uri)).startsWith(link + "?to=");
        URI at = URI.create("https://pacs.example.org/orthanc" + uri);
        URI login = at.resolve(ReturnPath.toLogin(uri));
        assertThat(login).hasHost("pacs.example.org").hasPath("/orthanc/strongroom/login");
        String back = ReturnPath.decode(login.getQuery().substring(3)).link("");
        assertThat(login.resolve(back)).isEqualTo(at);
    }

    @Test
    void aFragmentIsKeptIfItIsOne() {
        ReturnPath path = new ReturnPath("/app/explorer.html");
        assertThat(path.link("study?uuid=1-2")).endsWith("#study?uuid=1-2");
        for (String wrong : new String[] {"a b", "a\r\nb", "a\"b", "<", "x".repeat(513)}) {
            assertThat(path.link(wrong)).isEqualTo("../app/explorer.html");
        }
    }

    @Test
    void nothingLeadsToAnotherServer() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String alphabet = "/\\.:@?#%aA0-_ \t\r\n;&=[]<>\"'ä\u0000";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String encoded = random.nextInt(4) == 0
                    ? text.toString()
                    : Base64.getUrlEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
            String link = ReturnPath.decode(encoded).link("");
            assertThat(link)
                    .as("seed %d: %s", seed, text)
                    .matches("\\.\\./[!-~]*")
                    .doesNotContain("\\");
            assertThat(browserHost(link)).as("seed %d: %s", seed, text).isEqualTo("pacs.example.org");
        }
    }

    /** As a browser resolves: a percent sign that escapes nothing is one character more. */
    private static String browserHost(String link) {
        return LOGIN.resolve(link.replaceAll("%(?![0-9a-fA-F]{2})", "%25")).getHost();
    }
}
