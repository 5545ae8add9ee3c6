package org.strongroom.plugin.login.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void whatWasAskedForIsAskedForAgain() {
        assertThat(ReturnPath.of("/app", List.of()).link("")).isEqualTo("../app");
        List<Map.Entry<String, String>> arguments =
                List.of(Map.entry("expand", ""), Map.entry("x", "a b&%2F#ä\r\n"), Map.entry("x", "/b/c"));
        assertThat(ReturnPath.of("/studies", arguments).link(""))
                .isEqualTo("../studies?expand&x=a%20b%26%2F%23%C3%A4%0D%0A&x=/b/c");
        assertThat(ReturnPath.of("//evil.example/", List.of())).isEqualTo(ReturnPath.HOME);
        assertThat(ReturnPath.of("/strongroom/logout", arguments)).isEqualTo(ReturnPath.HOME);
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
