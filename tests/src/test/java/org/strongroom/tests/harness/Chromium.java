package org.strongroom.tests.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Debian's Chromium without a window, with one page, told what to do by the DevTools protocol. Its profile is a folder of the test's. Not
 * thread-safe.
 */
public final class Chromium implements AutoCloseable {
    /** A script that says whether an image is drawn: more than a few colours are. */
    public static final String DRAWN =
            """
            [...document.querySelectorAll('canvas')].filter(each => each.width * each.height > 0).some(canvas => {
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              return new Set(new Uint32Array(pixels.buffer)).size > 8;
            })""";

    private static final String PROGRAM = "/usr/bin/chromium";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();

    /** One that runs, and shows nothing. */
    public Chromium(Path profile) {
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new IllegalStateException(
                    "no " + PROGRAM + ": tests/debian-packages.txt names what has to be installed");
        }
        List<String> words = new ArrayList<>(List.of(
                PROGRAM,
                "--headless=new",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        words.add("--no-sandbox"); // which is not for root, nor in every container; it sees nobody's pages but ours
        words.add("about:blank");
        try {
            Files.createDirectories(profile);
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .buildAsync(page(profile.resolve("DevToolsActivePort")), new Answers())
                    .join();
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    private static URI page(Path portFile) {
        HttpClient client = HttpClient.newHttpClient();
        URI[] found = new URI[1];
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            String port = Files.readAllLines(portFile).get(0);
            HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                    .timeout(PATIENCE)
                    .build();
            for (JsonNode target : JSON.readTree(
                    client.send(list, HttpResponse.BodyHandlers.ofString()).body())) {
                if (target.path("type").asText().equals("page")) {
                    found[0] = URI.create(target.path("webSocketDebuggerUrl").asText());
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    /** What the browser says; events are passed over. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
            text.append(data);
            if (whole) {
                try {
                    JsonNode answer = JSON.readTree(text.toString());
                    CompletableFuture<JsonNode> waiting =
                            asked.remove(answer.path("id").asInt());
                    if (waiting != null) {
                        waiting.complete(answer);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    text.setLength(0);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            nothingMore(new IllegalStateException("Chromium has closed the line: " + status + " " + reason));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            nothingMore(error);
        }

        private void nothingMore(Throwable why) {
            asked.values().forEach(waiting -> waiting.completeExceptionally(why));
        }
    }

    /** One command of the protocol, and its result. */
    public JsonNode send(String method, ObjectNode parameters) {
        int id = last.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        socket.sendText(command.toString(), true).join();
        JsonNode said = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (said.has("error")) {
            throw new IllegalStateException(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    public static ObjectNode parameters() {
        return JSON.createObjectNode();
    }

    /** What a script gives that runs in the page. */
    public JsonNode run(String script) {
        JsonNode result = send(
                "Runtime.evaluate",
                parameters()
                        .put("expression", script)
                        .put("awaitPromise", true)
                        .put("returnByValue", true)
                        .put("userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(result.path("exceptionDetails").toString());
        }
        return result.path("result").path("value");
    }

    /** Waits until the script gives true in a page that is whole; pages may come and go meanwhile. */
    public void until(String script) {
        String whole = "document.readyState === 'complete' && (" + script + ")";
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> run(whole).asBoolean());
        } catch (ConditionTimeoutException e) {
            String page = run("location.href + '\\n' + document.documentElement.innerText")
                    .asText();
            throw new AssertionError("not so in a minute: " + script + "\n" + page, e);
        }
    }

    /** Opens an address, and waits until it is there. */
    public void open(String address) {
        // Else the same page with another fragment would stay as it is.
        send("Page.navigate", parameters().put("url", "about:blank"));
        until("location.href === 'about:blank' && document.readyState === 'complete'");
        send("Page.navigate", parameters().put("url", address));
        until("location.href !== 'about:blank' && document.readyState === 'complete'");
    }

    /** What it sends along to this address, as a header says it. */
    public String cookies(String address) {
        ObjectNode parameters = parameters();
        parameters.putArray("urls").add(address);
        List<String> cookies = new ArrayList<>(List.of("none=0"));
        for (JsonNode cookie : send("Network.getCookies", parameters).path("cookies")) {
            cookies.add(
                    cookie.path("name").asText() + "=" + cookie.path("value").asText());
        }
        return String.join("; ", cookies);
    }

    /** Types into the field of this name. */
    public void type(String field, String text) {
        run("document.querySelector('[name=" + field + "]').focus()");
        send("Input.insertText", parameters().put("text", text));
    }

    /** Clicks the first of what this selector finds. */
    public void click(String selector) {
        run("document.querySelector('" + selector + "').click()");
    }

    /** From now on, keys are played; none is there yet. */
    public void playKeys() {
        send("WebAuthn.enable", parameters());
    }

    /** Plugs in a key that somebody touches whenever it is asked; gives its id. */
    public String plugKey() {
        ObjectNode options = parameters();
        options.putObject("options")
                .put("protocol", "ctap2")
                .put("transport", "usb")
                .put("hasResidentKey", false)
                .put("hasUserVerification", false)
                .put("isUserVerified", false)
                .put("automaticPresenceSimulation", true);
        return send("WebAuthn.addVirtualAuthenticator", options)
                .path("authenticatorId")
                .asText();
    }

    /** What the key counts. */
    public int signatures(String key) {
        return send("WebAuthn.getCredentials", parameters().put("authenticatorId", key))
                .path("credentials")
                .path(0)
                .path("signCount")
                .asInt();
    }

    public void pullKey(String key) {
        send("WebAuthn.removeVirtualAuthenticator", parameters().put("authenticatorId", key));
    }

    @Override
    public void close() {
        socket.abort();
        end();
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
