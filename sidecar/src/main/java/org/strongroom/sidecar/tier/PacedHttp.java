package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.uplink.PacedStream;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * An HTTP client whose bodies ask the uplink for leave, here and not above, because the SDK reads a body a second time where it signs
 * it. A request whose body does not move is ended, however long a moving one takes. Thread-safe.
 */
final class PacedHttp implements SdkHttpClient {
    private static final Duration WATCH = Duration.ofSeconds(5);
    /** What stands between the headers of a request, about. */
    private static final int BETWEEN = 4;

    private final SdkHttpClient client;
    private final Uplink uplink;
    private final Duration silence;
    private final RunningTime time = RunningTime.system();
    private final Set<Paced> sending = ConcurrentHashMap.newKeySet();
    private final Pulse watch;

    /** @param silence a body that moves no byte for so long is given up */
    PacedHttp(SdkHttpClient client, Uplink uplink, Duration silence) {
        this.client = client;
        this.uplink = uplink;
        this.silence = silence;
        this.watch = new Pulse("uplink-watch", silence.compareTo(WATCH) < 0 ? silence : WATCH, this::endSilent);
    }

    private void endSilent() {
        Duration now = time.now();
        for (Paced each : sending) {
            if (each.isSilent(now)) {
                each.request.abort();
            }
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        if (request.contentStreamProvider().isEmpty()) {
            return client.prepareRequest(request);
        }
        Paced paced = new Paced(headers(request.httpRequest()));
        ContentStreamProvider content = request.contentStreamProvider().get();
        paced.request = client.prepareRequest(HttpExecuteRequest.builder()
                .request(request.httpRequest())
                .contentStreamProvider(() -> paced.open(content.newStream()))
                .metricCollector(request.metricCollector().orElse(null))
                .build());
        return paced;
    }

    private static int headers(SdkHttpRequest request) {
        int bytes = request.encodedPath().length();
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            for (String value : header.getValue()) {
                bytes += header.getKey().length() + value.length() + BETWEEN;
            }
        }
        return bytes;
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        watch.close();
        client.close();
    }

    /** One request with a body. */
    private final class Paced implements ExecutableHttpRequest {
        private final int headers;
        private ExecutableHttpRequest request;
        /** When the client last took bytes; null while it is not its turn to take any. */
        private volatile Duration moved;

        private Paced(int headers) {
            this.headers = headers;
        }

        private boolean isSilent(Duration now) {
            Duration last = moved;
            return last != null && now.minus(last).compareTo(silence) > 0;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            uplink.spend(headers); // they belong to what the line carries
            sending.add(this);
            try {
                return request.call();
            } finally {
                sending.remove(this);
            }
        }

        @Override
        public void abort() {
            request.abort();
        }

        private InputStream open(InputStream content) {
            return new PacedStream(content, uplink) {
                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    moved = null;
                    int count = super.read(target, offset, length);
                    moved = count < 0 ? null : time.now(); // from the end on the client's own time-out holds
                    return count;
                }
            };
        }
    }
}
