package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.strongroom.sidecar.audit.LogEntry;

/** Lines of JSON, posted; they are there if the answer says so. */
final class JsonPost implements Destination {
    private static final int MOST = 500;

    private final HttpsPost post;
    private final URI address;

    JsonPost(HttpsPost post, URI address) {
        this.post = post;
        this.address = address;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<LogEntry> events) throws IOException, InterruptedException {
        post.send("POST", address, "application/x-ndjson", JsonLines.of(events));
    }
}
