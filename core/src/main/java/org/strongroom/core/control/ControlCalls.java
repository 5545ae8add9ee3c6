package org.strongroom.core.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** HTTP as docs/control.md wants it: headers, ranges, errors, and an end to every wait. Thread-safe. */
final class ControlCalls {
    static final String START = "start Orthanc (or the sidecar's own service) and try again";

    private static final int THREADS = 4;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofSeconds(5))
            .sslContext(noTls())
            .executor(threads())
            .build();
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");
    private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/([0-9]+)");

    private final ControlFile peer;

    ControlCalls(ControlFile peer) {
        this.peer = peer;
    }

    /** All there from the beginning: Java's client would end for good when it wanted one that the system does not give. Nothing waits in them. */
    private static Executor threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "strongroom-control");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.prestartAllCoreThreads();
        return threads;
    }

    /** Nothing leaves this machine, and Java's own would read every certificate authority that it knows first. */
    private static SSLContext noTls() {
        try {
            SSLContext none = SSLContext.getInstance("TLS");
            none.init(null, new TrustManager[0], null);
            return none;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    <T> T get(String path, Duration timeout, Class<T> type) {
        return ControlJson.readAnswer(
                send(request(path).GET(), timeout, BodyHandlers.ofByteArray()).body(), type);
    }

    <T> T post(String path, Object body, Duration timeout, Class<T> type) {
        return ControlJson.readAnswer(post(path, ControlJson.write(body), timeout), type);
    }

    byte[] post(String path, byte[] json, Duration timeout) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        return send(request, timeout, BodyHandlers.ofByteArray()).body();
    }

    byte[] range(String path, long offset, int length, Duration deadline, boolean doubt, Duration timeout) {
        String last = String.valueOf(Math.addExact(offset, length) - 1);
        HttpRequest.Builder request = ranged(path, offset + "-" + last, deadline);
        if (doubt) {
            request.header(Protocol.DOUBT_HEADER, "1");
        }
        HttpResponse<byte[]> answer = send(request, timeout, info -> new RangeBody(length));
        Matcher range = contentRange(answer);
        boolean right =
                range.group(1).equals(String.valueOf(offset)) && range.group(2).equals(last);
        if (!right || answer.body().length != length) {
            throw broken(answer, "the sidecar sent another range");
        }
        return answer.body();
    }

    /** The size of a whole, learned from a range of one byte. */
    long size(String path, Duration deadline, Duration timeout) {
        HttpResponse<byte[]> answer = send(ranged(path, "0-0", deadline), timeout, BodyHandlers.ofByteArray());
        return wholeSize(answer);
    }

    byte[] whole(String path, int most, Duration timeout) {
        HttpResponse<byte[]> answer = send(ranged(path, "0-" + most, null), timeout, BodyHandlers.ofByteArray());
        long size = wholeSize(answer);
        if (size > most) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the object is longer than anything of its kind")
                    .with("path", path)
                    .with("bytes", size);
        }
        if (answer.body().length != size) {
            throw broken(answer, "the sidecar sent another range");
        }
        return answer.body();
    }

    <T> void lines(String path, Class<T> type, Consumer<T> each) {
        HttpResponse<InputStream> answer =
                send(request(path).GET(), Duration.ofMinutes(10), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(ControlJson.readAnswer(line.getBytes(StandardCharsets.UTF_8), type));
            }
        } catch (IOException e) {
            throw unreachable("the sidecar's answer ended early", e);
        }
    }

    private HttpRequest.Builder ranged(String path, String range, Duration deadline) {
        HttpRequest.Builder request = request(path).GET().header("Range", "bytes=" + range);
        return deadline == null
                ? request
                : request.header(Protocol.DEADLINE_HEADER, String.valueOf(deadline.toMillis()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + peer.port() + path))
                .header("Authorization", "Bearer " + peer.token())
                .header(Protocol.VERSION_HEADER, String.valueOf(Protocol.VERSION));
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, Duration timeout, BodyHandler<T> handler) {
        // The client's own time-out ends when the headers are there; this one bounds the body as well.
        CompletableFuture<HttpResponse<T>> pending =
                HTTP.sendAsync(request.build(), info -> info.statusCode() < 300 ? handler.apply(info) : failing(info));
        try {
            return pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable("the sidecar did not answer in time", e).with("milliseconds", timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while the sidecar was asked", e);
        } catch (ExecutionException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof StrongroomException failure) {
                    throw failure;
                }
            }
            throw unreachable("the sidecar does not answer", e.getCause());
        } finally {
            pending.cancel(true);
        }
    }

    /** Turns an answer from 300 on into the failure it reports. */
    private static <T> HttpResponse.BodySubscriber<T> failing(HttpResponse.ResponseInfo info) {
        return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofByteArray(), body -> {
            throw failure(info, body);
        });
    }

    private static StrongroomException failure(HttpResponse.ResponseInfo info, byte[] body) {
        int status = info.statusCode();
        Matcher unsatisfied =
                UNSATISFIED.matcher(info.headers().firstValue("Content-Range").orElse(""));
        if (status == 416 && unsatisfied.matches()) {
            return StrongroomException.of(FailureKind.REFUSED, "the range is not in the object")
                    .with("bytes", unsatisfied.group(1));
        } else if (status == 401) {
            return StrongroomException.of(FailureKind.UNAVAILABLE, "another sidecar than the one announced listens")
                    .cure(START);
        }
        try {
            return ControlJson.readAnswer(body, ErrorBody.class).toException();
        } catch (StrongroomException e) {
            return StrongroomException.of(FailureKind.BUG, "the sidecar failed without saying why")
                    .with("status", status)
                    .causedBy(e);
        }
    }

    private Matcher contentRange(HttpResponse<byte[]> answer) {
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().firstValue("Content-Range").orElse(""));
        if (answer.statusCode() != 206 || !range.matches()) {
            throw broken(answer, "the sidecar did not answer with a range");
        }
        return range;
    }

    private long wholeSize(HttpResponse<byte[]> answer) {
        String size = contentRange(answer).group(3);
        if (size.equals("*")) {
            throw broken(answer, "the sidecar did not tell the size");
        }
        return Long.parseLong(size);
    }

    private static StrongroomException broken(HttpResponse<?> answer, String text) {
        return StrongroomException.of(FailureKind.BUG, text)
                .with("path", answer.uri().getPath())
                .with("status", answer.statusCode());
    }

    private StrongroomException unreachable(String text, Throwable cause) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, text)
                .with("port", peer.port())
                .cure(START)
                .causedBy(cause);
    }
}
