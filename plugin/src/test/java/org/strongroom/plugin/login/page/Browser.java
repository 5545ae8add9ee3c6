package org.strongroom.plugin.login.page;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.request.Forms;

/** Somebody without JavaScript: keeps cookies, fills in the form on the page, sends its hidden fields along. */
public final class Browser {
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([a-z]+)\" value=\"([^\"]*)\">");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([a-z]+)\"");
    private static final Pattern ALERT = Pattern.compile("role=\"alert\">([^<]*)<");

    private final Clinic clinic;
    public final Map<String, String> cookies = new LinkedHashMap<>();
    public String address;
    public String site = "same-origin";
    public String referer = "";
    public RestAnswer answer;

    public Browser(Clinic clinic, String address) {
        this.clinic = clinic;
        this.address = address;
    }

    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        headers.put("test-peer", address);
        headers.put("sec-fetch-site", site);
        headers.put("referer", referer);
        if (!cookies.isEmpty()) {
            headers.put(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .reduce((a, b) -> a + "; " + b)
                            .orElseThrow());
        }
        return headers;
    }

    public Browser get(String uri) {
        URI link = URI.create(uri);
        Map<String, String> query = new HashMap<>();
        if (link.getQuery() != null) {
            for (String pair : link.getQuery().split("&", -1)) {
                query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        take(clinic.pages.handle(
                new RestRequest(HttpMethod.GET, link.getPath(), query, headers(), ByteSource.of(new byte[0]))));
        return this;
    }

    /** Sends the form of the page with these fields: name, value, name, value … */
    public Browser submit(String... fields) {
        Map<String, String> form = new LinkedHashMap<>();
        String html = form(fields);
        Matcher hidden = HIDDEN.matcher(html);
        while (hidden.find()) {
            form.put(hidden.group(1), hidden.group(2));
        }
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        Matcher action = ACTION.matcher(html);
        if (!action.find()) {
            throw new AssertionError("no form in " + page());
        }
        return post("/strongroom/" + action.group(1), form);
    }

    /** The first one that has the first of these fields. */
    private String form(String... fields) {
        for (String form : page().split("(?=<form )", -1)) {
            if (form.startsWith("<form ") && (fields.length == 0 || form.contains(" name=\"" + fields[0] + "\""))) {
                return form.substring(0, form.indexOf("</form>"));
            }
        }
        throw new AssertionError("no such form in " + page());
    }

    public Browser post(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> Forms.encode(field.getKey()) + "=" + Forms.encode(field.getValue()))
                .reduce((a, b) -> a + "&" + b)
                .orElse("");
        Map<String, String> headers = headers();
        headers.put("content-type", "application/x-www-form-urlencoded");
        take(clinic.pages.handle(new RestRequest(
                HttpMethod.POST, path, Map.of(), headers, ByteSource.of(body.getBytes(StandardCharsets.US_ASCII)))));
        return this;
    }

    public Browser logIn(String user, String password) {
        return get("/strongroom/login").submit("user", user, "password", password);
    }

    private void take(RestAnswer taken) {
        answer = taken;
        for (Map.Entry<String, String> header : taken.headers()) {
            if (header.getKey().equals("Set-Cookie")) {
                String value = header.getValue();
                String cookie = value.substring(0, value.indexOf(';'));
                int equals = cookie.indexOf('=');
                if (value.contains("Max-Age=0;")) {
                    cookies.remove(cookie.substring(0, equals));
                } else {
                    cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1));
                }
            }
        }
    }

    public String page() {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    public String title() {
        return page().replaceAll("(?s).*<title>(.*)</title>.*", "$1");
    }

    public String problem() {
        Matcher alert = ALERT.matcher(page());
        return alert.find() ? alert.group(1) : "";
    }

    public String header(String name) {
        return answer.headers().stream()
                .filter(header -> header.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    public Authentication identity() {
        return identity("GET");
    }

    public Authentication identity(String method) {
        return clinic.login.identify(method, headers(), address);
    }

    /** The text between two others on the page. */
    public String between(String start, String end) throws IOException {
        int from = page().indexOf(start);
        if (from < 0) {
            throw new IOException("not on the page: " + start);
        }
        return page().substring(from + start.length(), page().indexOf(end, from + start.length()));
    }
}
