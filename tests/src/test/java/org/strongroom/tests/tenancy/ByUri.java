package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.strongroom.tests.harness.Rest;

/**
 * However somebody writes what is another's: what goes over the line is read by Orthanc's HTTP library, by its filter and by who answers, and
 * all of them have to read the same.
 */
record ByUri(TwoClinicsPacs pacs, Rest rest) {
    private static final int MILLISECONDS = 60_000;

    /** @param souths identifiers of a study of south's, by the names of their placeholders */
    void nothingOfSouthsComesBackToNorth(Map<String, String> souths) {
        List<String> leaks = new ArrayList<>();
        for (String path : List.of(
                "/studies/" + souths.get("study"),
                "/instances/" + souths.get("instance") + "/file",
                "/instances/" + souths.get("instance") + "/preview",
                "/dicom-web/studies/" + souths.get("study-uid") + "/metadata",
                "/wado?requestType=WADO&objectUID=" + souths.get("instance-uid"),
                "/web-viewer/instances/high-" + souths.get("instance") + "_0")) {
            for (String uri : spellings(path)) {
                for (String line : List.of("GET " + uri, "POST " + uri, "HEAD " + uri)) {
                    look(line, "", leaks);
                }
            }
            look("GET " + path, "X-HTTP-Method-Override: DELETE\r\n", leaks);
            look("POST " + path, "X-HTTP-Method-Override: DELETE\r\n", leaks);
            look("POST " + path, "X-HTTP-Method-Override: GET\r\n", leaks);
        }
        assertThat(leaks).isEmpty();
        assertThat(pacs.send(rest, "south-rad", "GET", "/studies/" + souths.get("study"))
                        .statusCode())
                .as("nothing was deleted")
                .isEqualTo(200);
    }

    /** However the page's address is written: where somebody guesses from is in the audit log, and counted. */
    void whoGuessesAPasswordHasAnAddress() {
        List<String> pages = List.of("/strongroom/login", "/strongroom/login/", "/strongroom//login");
        for (String page : pages) {
            String form = "step=password&user=north-rad&password=a+guess";
            HttpResponse<byte[]> answer = rest.send(
                    "POST",
                    page,
                    form.getBytes(StandardCharsets.US_ASCII),
                    "Content-Type",
                    "application/x-www-form-urlencoded",
                    "Sec-Fetch-Site",
                    "same-origin",
                    "Test-Page", // with the same headers they would be taken for one another
                    page);
            assertThat(AnswerText.text(answer)).as(page).contains("do not belong together");
        }
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                        pacs.cli("audit", "search", "--type", "login-failed", "--user", "north-rad", "--json")
                                .orFail()
                                .output()
                                .lines())
                .hasSizeGreaterThanOrEqualTo(pages.size())
                .allMatch(event -> event.contains("\"address\":\"127.0.0.1\"")));
    }

    private static Set<String> spellings(String path) {
        int last = path.length() - 1;
        String second = path.substring(path.indexOf('/', 1) < 0 ? 1 : path.indexOf('/', 1));
        String first = path.substring(0, path.length() - second.length());
        char more = path.contains("?") ? '&' : '?';
        Set<String> spellings = new LinkedHashSet<>(List.of(
                path,
                path + "/",
                "/" + path,
                path.replace("/", "//"),
                "/." + path,
                "/app/.." + path,
                "/app/%2e%2e" + path,
                "/app/%252e%252e" + path,
                "/app/..%2f" + path.substring(1),
                "/app/../../.." + path,
                "/..;" + path,
                path + "/.",
                path + "/x/..",
                path + "%20",
                path + "%00",
                path + "%0a",
                path + ";x=y",
                path + "#x",
                path + more + "_method=GET",
                path + more + "_method=DELETE",
                path + more + "_method=PUT&_method=GET",
                path + more + "%5fmethod=DELETE",
                path + more + "x=" + "y".repeat(9000),
                "/" + "./".repeat(600) + path.substring(1),
                "/" + "/".repeat(1000) + path,
                first.toUpperCase(Locale.ROOT) + second,
                first + second.toUpperCase(Locale.ROOT),
                first + second.replace("/", "%2f"),
                first + second.replace("/", "\\"),
                first + "/%2e" + second,
                "/%" + Integer.toHexString(path.charAt(1)) + path.substring(2),
                path.substring(0, last) + "%" + Integer.toHexString(path.charAt(last)),
                "http://127.0.0.1" + path,
                "//127.0.0.1" + path,
                path.substring(1),
                "*" + path,
                path.replace('-', '_'),
                path.replace("-", "%2d"),
                path.replace(".", "%2e"),
                path.replace("UID", "uid"),
                path.replace("?", "/?"),
                path.replace("?", "%3f")));
        spellings.add(first + "/" + "\u00c0\u00af" + second); // a slash as old decoders read it
        return spellings;
    }

    /** Any 200 is one too many: pixels have no names in them. */
    private void look(String line, String header, List<String> leaks) {
        String answer = answer(line, header);
        if (answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.0 200")) {
            leaks.add(line + " " + header + " is answered");
        }
        pacs.othersThan("north").stream()
                .filter(secret -> !line.contains(secret) && answer.contains(secret))
                .forEach(secret -> leaks.add(line + " " + header + " shows " + secret));
    }

    private String answer(String line, String header) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            URI.create(pacs.address()).getPort()),
                    MILLISECONDS);
            socket.setSoTimeout(MILLISECONDS);
            String body = line.startsWith("POST") ? "{}" : "";
            String request = line + " HTTP/1.1\r\nHost: pacs\r\nConnection: close\r\nAuthorization: "
                    + TwoClinicsPacs.basic("north-tech") + "\r\n" + header + "Content-Length: " + body.length()
                    + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // what is too long, or no request at all, is not even read
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
