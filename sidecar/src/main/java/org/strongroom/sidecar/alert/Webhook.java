package org.strongroom.sidecar.alert;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.strongroom.core.control.ControlJson;
import org.strongroom.sidecar.uplink.PacedBody;
import org.strongroom.sidecar.uplink.Uplink;

/** Posts the alert; the uplink counts it, and lets it pass when nothing else may: a person has to know. */
public final class Webhook implements Alerts.Channel {
    private static final int REDIRECTS = 300;

    private final URI address;
    private final Duration longest;
    private final Uplink uplink;
    private final HttpClient client;

    public Webhook(URI address, Duration longest, Uplink uplink) {
        this.uplink = uplink;
        this.address = address;
        this.longest = longest;
        this.client = HttpClient.newBuilder().connectTimeout(longest).build();
    }

    @Override
    public void tell(Alert alert) throws IOException, InterruptedException {
        byte[] body = ControlJson.write(alert);
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PacedBody.time(body, uplink, longest))
                .header("Content-Type", "application/json")
                .POST(PacedBody.of(body, uplink))
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close(); // unread: the time allowed ends with the headers, and a body may never end
        if (answer.statusCode() >= REDIRECTS) {
            throw new IOException("status " + answer.statusCode());
        }
    }
}
