package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.fuzz.Fuzz;

/** Requests of every route, changed: each gets an answer of docs/control.md, never that the sidecar failed. */
class RoutesFuzzTest {
    private static final UUID KEY = UUID.fromString("0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0");
    private static final Set<Integer> ANSWERS = Set.of(200, 206, 400, 401, 403, 404, 409, 416, 422, 426, 503, 507);
    /**
     * The clock of these tests stands still, so a poll that waits would wait for ever; and so would a comparison that is not refused
     * for its index, since it waits for a plugin.
     */
    private static final Pattern WAITS = Pattern.compile(
            "[^\\n]*wait=0*[1-9]|(?![^\\n ]* [^\\n ?]*\\?(?:[^\\n ]*&)?index=%00)[^\\n]*fsck(?!/repair)");

    /** The first answer, if it is JSON of a known length: a second request may follow where a length was changed. */
    private static final Pattern JSON_LENGTH = Pattern.compile(
            "(?=[^\\n"
                    + "]*\\n"
                    + "(?:[^\\r"
                    + "]+\\r"
                    + "\\n"
                    + ")*?Content-type: application/json)(?:[^\\r"
                    + "]+\\r"
                    + "\\n"
                    + ")*?Content-length: ([0-9]+)\\r"
                    + "\\n"
                    + "(?:[^\\r"
                    + "]+\\r"
                    + "\\n"
                    + ")*\\r"
                    + "\\n",
            Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> REQUESTS = new TreeMap<>(Map.ofEntries(
            Map.entry("sealed", "GET /v1/sealed/{file}\nRange: bytes=10-19\nStrongroom-Deadline: 100\n\n"),
            Map.entry("sealed-whole", "GET /v1/sealed/{file}\n\n"),
            Map.entry("work", "GET /v1/work?asker={file}&wait=0\n\n"),
            Map.entry("work-answer", "POST /v1/work/w1\n\n{\"ok\":false,\"kind\":\"CORRUPT\",\"message\":\"no\"}"),
            Map.entry(
                    "work-attachments",
                    "POST /v1/work/w1/attachments\n\n{\"number\":0,\"attachments\":[\"{file}\"],\"clear\":[]}"),
            Map.entry("notices", "POST /v1/notices\n\n{\"opened\":[\"{key}\"],\"tombstones\":4}"),
            Map.entry("receipts", "POST /v1/receipts\n\n{\"attachments\":[\"{file}\"]}"),
            Map.entry("released", "POST /v1/released\n\n"),
            Map.entry(
                    "export",
                    "POST /v1/exports\n\n{\"export\":\"{file}\",\"keys\":[\"{key}\"],\"account\":\"root\","
                            + "\"end\":{\"images\":1,\"bytes\":2,\"written\":1,\"whole\":true}}"),
            Map.entry(
                    "log-read",
                    "POST /v1/log-reads\n\n{\"how\":\"audit search\",\"keys\":[\"{key}\"],\"account\":\"root\"}"),
            Map.entry(
                    "certificate",
                    "POST /v1/certificates\n\n{\"erasure\":\"{file}\",\"statement\":\"" + "0".repeat(64)
                            + "\",\"all\":1,\"keys\":[\"{key}\"],\"account\":\"root\"}"),
            Map.entry("uplink", "GET /v1/uplink\n\n"),
            Map.entry("uplink-limit", "POST /v1/uplink\n\n{\"limit\":\"2 Mbit/s\",\"seconds\":60}"),
            Map.entry("status", "GET /v1/status\n\n"),
            Map.entry("studies", "GET /v1/studies\n\n"),
            Map.entry("study", "GET /v1/studies/{key}\n\n"),
            Map.entry("packs", "GET /v1/packs\n\n"),
            Map.entry("ship", "POST /v1/ship\n\n{\"now\":true}"),
            Map.entry("evict", "POST /v1/evict\n\n{\"keys\":[\"{key}\"],\"dryRun\":true}"),
            Map.entry("undelete", "POST /v1/undelete\n\n{\"attachments\":[\"{file}\"],\"dryRun\":true}"),
            Map.entry("holds", "POST /v1/holds\n\n{\"hold\":\"{key}\",\"text\":\"c2VhbGVk\",\"held\":[\"{key}\"]}"),
            Map.entry("objects", "GET /v1/tiers/near/objects?prefix=packs/\n\n"),
            Map.entry("object", "GET /v1/tiers/near/objects/tier.id\nRange: bytes=0-9\n\n"),
            Map.entry("object-whole", "GET /v1/tiers/near/objects/tier.id\n\n"),
            Map.entry("add", "POST /v1/tiers/near/add\n\n{}"),
            Map.entry("fsck", "GET /v1/fsck?index=%00&storage=/nowhere\n\n"),
            Map.entry(
                    "repair",
                    "POST /v1/fsck/repair\n\n"
                            + "{\"findings\":[{\"kind\":\"orphan\",\"what\":\"w\",\"attachment\":\"{file}\","
                            + "\"tier\":null,\"object\":null,\"file\":\"spool/../installation.json\",\"repair\":\"setAside\","
                            + "\"cure\":\"c\"}]}")));

    @TempDir
    Path folder;

    private Clinic clinic;
    private Service service;
    private ControlFile control;
    private Path canary;
    private UUID file;

    @BeforeEach
    void start() throws Exception {
        clinic = new Clinic(folder, "near").open();
        file = clinic.spool.study(KEY, 1_000).get(0);
        service = new Service(clinic.rooms, false);
        control = ControlFile.read(clinic.home.control());
        canary = Files.writeString(clinic.home.installation(), "stays");
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        clinic.close();
    }

    @Test
    void everyRoute() throws Exception {
        Fuzz fuzz = Fuzz.of("routes")
                .words(
                        "/",
                        "..",
                        "%2f",
                        "%00",
                        "%zz",
                        "%ff",
                        "?",
                        "&",
                        "=",
                        "+",
                        " ",
                        "\n",
                        "null",
                        "[null]",
                        "{}",
                        "\"",
                        "-1",
                        "99999999999999999999",
                        "bytes=-",
                        "bytes=0-",
                        "bytes=-1",
                        "bytes=0-999999999999999999",
                        "http://a:b/",
                        "*",
                        "Content-Length: 5",
                        "\u00e4",
                        "{key}",
                        "{file}",
                        "POST ",
                        "GET ",
                        "HEAD ",
                        "near",
                        "packs/",
                        "keys/");
        REQUESTS.forEach((name, text) -> fuzz.drawn(name, text.getBytes(StandardCharsets.UTF_8)));
        fuzz.run(this::ask);
    }

    private void ask(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.ISO_8859_1)
                .replace("{file}", file.toString())
                .replace("{key}", KEY.toString());
        if (WAITS.matcher(text).lookingAt() || (text.contains("/holds") && isOrder(text))) {
            return;
        }
        byte[] answer = send(text);
        assertThat(canary).hasContent("stays");
        String head = new String(answer, StandardCharsets.ISO_8859_1);
        if (head.isEmpty()) {
            return; // no HTTP at all, says Java's own server, and hangs up
        }
        int status = Integer.parseInt(head.substring(9, 12));
        assertThat(ANSWERS).as(text + "\n→ " + head).contains(status);
        Matcher json = JSON_LENGTH.matcher(head);
        if (status >= 400 && json.lookingAt()) {
            byte[] body = Arrays.copyOfRange(answer, json.end(), json.end() + Integer.parseInt(json.group(1)));
            assertThat(ErrorBody.status(
                            ControlJson.readAnswer(body, ErrorBody.class).kind()))
                    .isIn(status, 403);
        }
    }

    /** That waits for minutes if somebody has asked for work before, as the plugin does. */
    private static boolean isOrder(String text) {
        try {
            ControlJson.readAnswer(
                    text.substring(Math.max(0, text.indexOf('{'))).getBytes(StandardCharsets.ISO_8859_1),
                    HoldRequest.class);
            return true;
        } catch (StrongroomException e) {
            return false;
        }
    }

    private byte[] send(String text) throws IOException {
        int blank = text.indexOf("\n\n");
        String head = blank < 0 ? text : text.substring(0, blank);
        byte[] body = (blank < 0 ? "" : text.substring(blank + 2)).getBytes(StandardCharsets.ISO_8859_1);
        String[] lines = head.split("\n", -1);
        StringBuilder request = new StringBuilder(lines[0]).append(" HTTP/1.1\r\n");
        for (int i = 1; i < lines.length; i++) {
            request.append(lines[i]).append("\r\n");
        }
        request.append("Host: 127.0.0.1\r\nConnection: close\r\nStrongroom-Protocol: 1\r\nAuthorization: Bearer ")
                .append(control.token())
                .append("\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), control.port())) {
            socket.setSoTimeout(15_000);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(body);
            socket.getOutputStream().write(all.toByteArray());
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0]; // it hung up while we still wrote
        }
    }
}
