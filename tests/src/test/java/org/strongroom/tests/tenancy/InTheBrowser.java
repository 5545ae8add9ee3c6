package org.strongroom.tests.tenancy;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.strongroom.tests.harness.Rest;

/** Somebody who has logged in on the page, and whose browser sends its cookies and says where requests come from. */
final class InTheBrowser {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final Rest rest;
    private final String cookies;

    private InTheBrowser(Rest rest, String cookies) {
        this.rest = rest;
        this.cookies = cookies;
    }

    static InTheBrowser logIn(Rest rest, String user, String password) {
        InTheBrowser nobody = new InTheBrowser(rest, "none=0");
        HttpResponse<byte[]> answer = nobody.send(
                "POST", "/strongroom/login", form("step", "password", "to", "", "user", user, "password", password));
        return after(rest, answer);
    }

    /** Somebody who was given a share link, looks at it and presses the button: what they are answered. */
    static HttpResponse<byte[]> press(Rest rest, String link) {
        InTheBrowser nobody = new InTheBrowser(rest, "none=0");
        HttpResponse<byte[]> page = nobody.get(link);
        if (page.statusCode() != 200 || page.headers().firstValue("Set-Cookie").isPresent()) {
            throw new AssertionError("looking at a link is answered " + page.statusCode());
        }
        return nobody.send("POST", "/strongroom/shared", form("link", link.substring(link.lastIndexOf('/') + 1)));
    }

    /** Somebody with the cookies of such an answer. */
    static InTheBrowser after(Rest rest, HttpResponse<byte[]> answer) {
        String cookies = cookies(answer);
        if (cookies.isEmpty()) {
            throw new AssertionError("no session: " + answer.statusCode());
        }
        return new InTheBrowser(rest, cookies);
    }

    private static String cookies(HttpResponse<byte[]> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .collect(Collectors.joining("; "));
    }

    HttpResponse<byte[]> get(String uri) {
        return send("GET", uri, null);
    }

    /** Something of DICOMweb in this type, as it is stored. */
    HttpResponse<byte[]> stored(String uri, String type) {
        return send("GET", uri, null, "Accept", "multipart/related; type=\"" + type + "\"; transfer-syntax=*");
    }

    /** Sends a form of a page of ours with these fields: name, value, name, value … */
    HttpResponse<byte[]> act(String page, String action, String... fields) {
        Matcher csrf = CSRF.matcher(new String(get(page).body(), StandardCharsets.UTF_8));
        if (!csrf.find()) {
            throw new AssertionError("no form on " + page);
        }
        List<String> all = new ArrayList<>(List.of("csrf", csrf.group(1), "action", action));
        all.addAll(List.of(fields));
        return send("POST", page, form(all.toArray(new String[0])));
    }

    HttpResponse<byte[]> send(String method, String uri, byte[] body, String... more) {
        List<String> headers = new ArrayList<>(List.of("Cookie", cookies, "Sec-Fetch-Site", "same-origin"));
        headers.addAll(List.of(more));
        if (body != null) {
            headers.addAll(List.of("Content-Type", "application/x-www-form-urlencoded"));
        }
        return rest.send(method, uri, body, headers.toArray(new String[0]));
    }

    private static byte[] form(String... fields) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(fields[i])
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return form.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
