package org.strongroom.sidecar.uplink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** What a small request of the JDK's HTTP client sends, as fast as the uplink allows: what goes to no tier is counted as well. Stateless. */
public final class PacedBody {
    /** What stands before a body, about: the client does not say. */
    private static final int HEADERS = 512;
    /** The line is shared with others: so many times as long as it would need alone. */
    private static final long SHARED = 4;

    private PacedBody() {}

    /** With the priority that the calling thread has now: it is another one that sends. */
    public static BodyPublisher of(byte[] content, Uplink uplink) {
        Priority priority = Priority.current();
        if (content.length == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> new Body(content, uplink, priority)), content.length);
    }

    /** How long a request may last that has {@code longest} without a limit. */
    public static Duration time(byte[] content, Uplink uplink, Duration longest) {
        long perSecond = uplink.limit().bytesPerSecond();
        return perSecond == 0 || perSecond == Long.MAX_VALUE
                ? longest
                : longest.plusSeconds(SHARED * (HEADERS + content.length) / perSecond);
    }

    private static final class Body extends PacedStream {
        private final Uplink uplink;
        private final Priority priority;
        private boolean begun;

        private Body(byte[] content, Uplink uplink, Priority priority) {
            super(new ByteArrayInputStream(content), uplink);
            this.uplink = uplink;
            this.priority = priority;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int[] count = {0};
            priority.during(() -> {
                if (!begun) {
                    begun = true;
                    uplink.spend(HEADERS);
                }
                count[0] = super.read(target, offset, length);
            });
            return count[0];
        }
    }
}
