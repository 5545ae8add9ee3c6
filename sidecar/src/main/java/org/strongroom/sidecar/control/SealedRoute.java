package org.strongroom.sidecar.control;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.control.Protocol;
import org.strongroom.sidecar.fetch.SealedReads;

/** {@code GET /v1/sealed/{uuid}}. */
final class SealedRoute implements Route {
    private static final long LONGEST_WAIT = 3_600_000;

    private final SealedReads reads;

    SealedRoute(SealedReads reads) {
        this.reads = reads;
    }

    @Override
    public void handle(Call call) throws IOException {
        UUID uuid = Call.uuid(String.join("/", call.path()));
        Optional<Duration> deadline = call.header(Protocol.DEADLINE_HEADER).map(SealedRoute::deadline);
        boolean doubt = call.header(Protocol.DOUBT_HEADER).isPresent();
        call.range(reads.size(uuid), (offset, length) -> reads.open(uuid, offset, length, deadline, doubt));
    }

    private static Duration deadline(String milliseconds) {
        try {
            return Duration.ofMillis(Math.max(0, Math.min(LONGEST_WAIT, Long.parseLong(milliseconds.trim()))));
        } catch (NumberFormatException e) {
            throw new MalformedException(Protocol.DEADLINE_HEADER + " is not a number of milliseconds", e);
        }
    }
}
