package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.io.LoopbackListener;

/** Against a service that takes every connection and never says a word. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AzureConnectionTest {
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void end() {
        over.countDown();
    }

    @Test
    void aRequestWithoutAnAnswerEndsAtItsDeadline() throws IOException {
        try (LoopbackListener silent = silence();
                AzureConnection connection = new AzureConnection(Optional.empty())) {
            HttpUriRequestBase request = new HttpUriRequestBase("GET", address(silent));
            assertEnds(connection, request);
        }
    }

    @Test
    void aBodyThatNobodyTakesEndsAtItsDeadline() throws IOException {
        try (LoopbackListener silent = silence();
                AzureConnection connection = new AzureConnection(Optional.empty())) {
            HttpUriRequestBase request = new HttpUriRequestBase("PUT", address(silent));
            request.setEntity(new InputStreamEntity(endless(), Long.MAX_VALUE, null)); // more than the system's buffers
            assertEnds(connection, request);
        }
    }

    private static void assertEnds(AzureConnection connection, HttpUriRequestBase request) {
        try (AzureDeadline deadline = connection.deadline(request, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> connection.send(request).close()).isInstanceOf(IOException.class);
            assertThat(deadline.passed()).isTrue();
        }
    }

    private LoopbackListener silence() throws IOException {
        LoopbackListener listener = new LoopbackListener("silent-service");
        listener.accept(client -> {
            try (client) {
                over.await();
            } catch (IOException | InterruptedException e) {
                return; // nobody waits for this line's end
            }
        });
        return listener;
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return length;
            }
        };
    }

    private static URI address(LoopbackListener listener) {
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    @Test
    void aBodyThatWaitsForTheUplinkIsNotBrokenOff() throws IOException {
        AtomicInteger slices = new AtomicInteger();
        AtomicBoolean brokenOff = new AtomicBoolean();
        AtomicReference<AzureDeadline> asked = new AtomicReference<>();
        InputStream held = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("it is read slice by slice");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    Thread.sleep(500);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                brokenOff.set(brokenOff.get() || asked.get().passed());
                return slices.incrementAndGet() > 4 ? -1 : 1;
            }
        };
        try (LoopbackListener silent = silence();
                AzureConnection connection = new AzureConnection(Optional.empty())) {
            HttpUriRequestBase request = new HttpUriRequestBase("PUT", address(silent));
            try (AzureDeadline deadline = connection.deadline(request, Duration.ofMillis(300))) {
                asked.set(deadline);
                request.setEntity(new InputStreamEntity(deadline.watched(held), 4, null));
                assertThatThrownBy(() -> connection.send(request).close()).isInstanceOf(IOException.class);
                assertThat(slices).as("all of it was sent").hasValueGreaterThanOrEqualTo(4);
                assertThat(brokenOff).as("while it was sent").isFalse();
                assertThat(deadline.passed()).as("the answer did not come").isTrue();
            }
        }
    }
}
