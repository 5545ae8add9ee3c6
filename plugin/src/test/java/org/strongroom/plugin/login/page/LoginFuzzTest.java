package org.strongroom.plugin.login.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Authentication;

/** Whatever is sent: an answer that a browser understands, or a refusal; never a way in. */
class LoginFuzzTest {
    private static final int ROUNDS = 20_000;

    @TempDir
    Path folder;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private Clinic clinic;
    private final List<String> genuine = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
        Browser browser = new Browser(clinic, "10.0.0.7");
        browser.logIn("rad", Clinic.PASSWORD);
        browser.headers().forEach((name, value) -> genuine.add(value));
        genuine.add("Bearer " + clinic.login.tokens().make("rad", "x", List.of(), Duration.ofDays(1)));
        genuine.add("Basic b2xkLWNsaWVudDpjb3JyZWN0");
        browser.logIn("admin", Clinic.PASSWORD);
        java.util.regex.Matcher hidden =
                java.util.regex.Pattern.compile("value=\"([^\"]{43})\"").matcher(browser.page());
        while (hidden.find()) {
            genuine.add("step=confirm&ticket=" + hidden.group(1) + "&code=123456");
        }
        genuine.add("step=password&user=admin&to=Lw&fragment=a&password=");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    /** Something genuine with some of it changed: it must be told from the genuine thing. */
    private String damaged() {
        StringBuilder text = new StringBuilder(genuine.get(random.nextInt(genuine.size())));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, oddCharacter());
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 20)));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }

    private char oddCharacter() {
        String odd = "%;=&+\0\r\n\" \t,<>'/\\?#éÿ\uD800\uFFFDAz09_-";
        return odd.charAt(random.nextInt(odd.length()));
    }

    @Test
    void noDamagedCookieOrTokenIsAnybody() {
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, String> headers = new HashMap<>();
            String value = damaged();
            headers.put(random.nextBoolean() ? "cookie" : "authorization", value);
            Authentication who = clinic.login.identify("POST", headers, "10.0.0." + random.nextInt(256));
            boolean whole = genuine.stream().anyMatch(value::contains);
            assertThat(who instanceof Authentication.User && !whole && !keepsASecret(value))
                    .as("seed %d: %s", seed, value)
                    .isFalse();
        }
    }

    /** Spaces around a token, or cookies beside it, do not make it another one. */
    private boolean keepsASecret(String value) {
        return genuine.stream()
                .flatMap(text -> java.util.Arrays.stream(text.split("[ =;]")))
                .filter(word -> word.length() >= 43)
                .anyMatch(value::contains);
    }

    @Test
    void noFormBreaksAPageOrOpensTheDoor() {
        for (int i = 0; i < ROUNDS / 10; i++) {
            Map<String, String> headers = new HashMap<>();
            headers.put("test-peer", "10.0." + random.nextInt(256) + "." + random.nextInt(256));
            headers.put("sec-fetch-site", "same-origin");
            headers.put(
                    "content-type",
                    random.nextInt(20) == 0 ? damaged() : "application/x-www-form-urlencoded; charset=utf-8");
            if (random.nextInt(4) == 0) {
                headers.put("cookie", damaged());
            }
            String body = damaged();
            String path = random.nextInt(5) == 0 ? "/strongroom/logout" : "/strongroom/login";
            RestRequest request = new RestRequest(
                    random.nextInt(10) == 0 ? HttpMethod.GET : HttpMethod.POST,
                    path,
                    Map.of("to", damaged()),
                    headers,
                    ByteSource.of(body.getBytes(StandardCharsets.UTF_8)));
            try {
                RestAnswer answer = clinic.pages.handle(request);
                assertThat(answer.status()).as("seed %d: %s", seed, body).isIn(200, 303);
                assertThat(answer.headers())
                        .as("seed %d: %s", seed, body)
                        .noneMatch(header -> header.getKey().equals("Set-Cookie")
                                && !header.getValue().contains("Max-Age=0;"));
            } catch (StrongroomException e) {
                assertThat(e.kind()).as("seed %d: %s", seed, body).isEqualTo(FailureKind.REFUSED);
            }
        }
    }
}
