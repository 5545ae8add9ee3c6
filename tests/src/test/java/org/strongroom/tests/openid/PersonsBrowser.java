package org.strongroom.tests.openid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody at the provider's pages: logs in by name, agrees, and goes wherever they are sent, as far as {@code end}. */
public final class PersonsBrowser {
    private static final Pattern FORM = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final int MOST_PAGES = 20;

    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /** Where the provider sends the browser back to, with what it brings. */
    public URI logIn(URI address, String name, String end) {
        URI at = address;
        Optional<String> form = Optional.empty();
        for (int i = 0; i < MOST_PAGES; i++) {
            if (at.toString().startsWith(end)) {
                return at;
            }
            HttpResponse<String> answer = send(at, form);
            form = Optional.empty();
            Optional<String> location = answer.headers().firstValue("Location");
            if (location.isPresent()) {
                at = at.resolve(location.get());
                continue;
            }
            Matcher next = FORM.matcher(answer.body());
            if (!next.find()) {
                throw new AssertionError(
                        "no form on a page of the provider: " + answer.statusCode() + " " + answer.body());
            }
            at = at.resolve(next.group(1));
            String prompt = answer.body().contains("name=\"login\"")
                    ? "prompt=login&login=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&password=any"
                    : "prompt=consent";
            form = Optional.of(prompt);
        }
        throw new AssertionError("the provider's pages do not end");
    }

    private HttpResponse<String> send(URI at, Optional<String> form) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(Duration.ofSeconds(20));
        form.ifPresent(text -> request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(text)));
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
