package org.strongroom.sidecar.alert;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.strongroom.core.control.ControlJson;

/** Posts the alert. */
public final class Webhook implements Alerts.Channel {
    private static final int REDIRECTS = 300;

    private final URI address;
    private final Duration longest;
    private final HttpClient client;

    public Webhook(URI address, Duration longest) {
        this.address = address;
        this.longest = longest;
        this.client = HttpClient.newBuilder().connectTimeout(longest).build();
    }

    @Override
    public void tell(Alert alert) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(longest)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ControlJson.write(alert)))
                .build();
        HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close(); // unread: the time allowed ends with the headers, and a body may never end
        if (answer.statusCode() >= REDIRECTS) {
            throw new IOException("status " + answer.statusCode());
        }
    }
}
