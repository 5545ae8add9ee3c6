package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.strongroom.core.time.RunningTime;

/**
 * Connections to one blob service: no retries, no redirects, certificates always checked, and an end to every request.
 * Thread-safe.
 */
final class AzureConnection implements AutoCloseable {
    private static final Timeout CONNECT = Timeout.ofSeconds(15);
    /** As long as {@link S3Connection}'s, for its reason. */
    private static final Timeout SILENCE = Timeout.ofMinutes(3);
    /** Below the four minutes after which Azure forgets a silent connection without a word. */
    private static final TimeValue IDLE = TimeValue.ofSeconds(20);

    /** So often it is looked whether a request moves. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final int LOOKS = 4;
    private static final int CONNECTIONS = 32;

    private final CloseableHttpClient client;
    private final RunningTime time = RunningTime.system();
    private final ScheduledThreadPoolExecutor timer;

    /** @param proxy on the way to the service; none if the system's settings say where to go */
    AzureConnection(Optional<Proxy> proxy) {
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setSocketTimeout(SILENCE)
                        .setIdleTimeout(Timeout.of(IDLE.toDuration()))
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(SILENCE)
                        .setSoKeepAlive(true)
                        .build())
                .setMaxConnPerRoute(CONNECTIONS)
                .setMaxConnTotal(CONNECTIONS)
                .build();
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(pool)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(SILENCE)
                        .setResponseTimeout(SILENCE)
                        .build())
                .setUserAgent("Strongroom")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        proxy.ifPresentOrElse(
                each -> each.addTo(builder),
                () -> builder.setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault())));
        client = builder.build();
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "azure-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // closed: the request fails anyway
    }

    /** Sends a request; the caller closes the answer, whose body may still be on its way. */
    ClassicHttpResponse send(HttpUriRequestBase request) throws IOException {
        HttpHost host = new HttpHost(
                request.getScheme(),
                request.getAuthority().getHostName(),
                request.getAuthority().getPort());
        try {
            return client.executeOpen(host, request, null);
        } catch (IllegalStateException e) { // a request that was cancelled between two steps, or a closed client
            throw new IOException("the request was given up", e);
        }
    }

    /** Breaks {@code request} off when the service has kept it waiting for so long at a stretch, unless it was closed before. */
    AzureDeadline deadline(HttpUriRequestBase request, Duration silence) {
        AzureDeadline deadline = new AzureDeadline(request, silence, time);
        long look = Math.max(1, Math.min(silence.toMillis() / LOOKS, LOOK.toMillis()));
        deadline.ends(timer.scheduleWithFixedDelay(deadline::look, look, look, TimeUnit.MILLISECONDS));
        return deadline;
    }

    boolean isClosed() {
        return timer.isShutdown();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.close(CloseMode.GRACEFUL);
    }
}
