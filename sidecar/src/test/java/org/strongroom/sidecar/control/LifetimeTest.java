package org.strongroom.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.Protocol;
import org.strongroom.sidecar.work.WorkDesk;

class LifetimeTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
    private final Lifetime lifetime = new Lifetime(false, new WorkDesk(now::get), now::get);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch compared = new CountDownLatch(1);
    private ControlServer server;

    @BeforeEach
    void serve() throws Exception {
        Route fsck = call -> {
            begun.countDown();
            compared.await();
            call.answer(Map.of());
        };
        server =
                new ControlServer(Map.of("GET /fsck", fsck, "GET /status", call -> call.answer(Map.of())), lifetime, 1);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private CompletableFuture<HttpResponse<Void>> get(String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1" + path))
                        .header("Authorization", "Bearer " + server.token())
                        .header(Protocol.VERSION_HEADER, String.valueOf(Protocol.VERSION))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private void passes(int seconds) {
        now.updateAndGet(time -> time.plusSeconds(seconds));
    }

    @Test
    void aCommandThatBeganBeforeOrthancWasGoneIsNotCutOff() throws Exception {
        lifetime.released();
        passes(10);
        CompletableFuture<HttpResponse<Void>> answer = get("/fsck");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        passes(3_600);
        assertThat(lifetime.isOver()).as("in the middle of an answer").isFalse();
        compared.countDown();
        assertThat(answer.get().statusCode()).isEqualTo(200);
        awaitAnswered();
        passes(10);
        assertThat(lifetime.isOver()).as("between two requests").isFalse();
        passes(10);
        assertThat(lifetime.isOver()).as("nothing more comes").isTrue();
    }

    /** The answer is there before its thread is done with it. */
    private void awaitAnswered() throws InterruptedException {
        for (int look = 0; look < 3_000 && lifetime.isAnswering(); look++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(lifetime.isAnswering()).as("still, after half a minute").isFalse();
    }

    @Test
    void whoWaitsForItsEndDoesNotKeepIt() throws Exception {
        lifetime.released();
        passes(10);
        assertThat(get("/status").get().statusCode()).isEqualTo(200);
        passes(10);
        assertThat(lifetime.isOver()).isTrue();
    }
}
