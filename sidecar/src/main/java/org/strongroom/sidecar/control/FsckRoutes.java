package org.strongroom.sidecar.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.IndexLine;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.RepairRequest;
import org.strongroom.core.control.RepairResult;
import org.strongroom.sidecar.fsck.Fsck;
import org.strongroom.sidecar.fsck.Repairs;

/** Comparing everything, and repairing what a person has seen. */
final class FsckRoutes {
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Fsck fsck;
    private final Repairs repairs;
    private final Runnable wakeShipping;

    FsckRoutes(Fsck fsck, Repairs repairs, Runnable wakeShipping) {
        this.fsck = fsck;
        this.repairs = repairs;
        this.wakeShipping = wakeShipping;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /fsck", this::compare);
        routes.put("GET /index", this::index);
        routes.put("POST /fsck/repair", call -> {
            RepairResult result = repairs.repair(call.body(RepairRequest.class));
            wakeShipping.run();
            call.answer(result);
        });
    }

    private void compare(Call call) throws IOException, InterruptedException {
        Optional<Fsck.OfflineIndex> index = call.query("index")
                .map(file -> new Fsck.OfflineIndex(
                        path(file), path(call.query("storage").orElse("/"))));
        Call.Lines[] lines = new Call.Lines[1];
        try {
            boolean indexLost = call.query("indexLost").filter("true"::equals).isPresent();
            fsck.run(index, indexLost, pause(call), line -> {
                if (lines[0] == null) {
                    lines[0] = call.lines(); // only now: a refusal before it has a status of its own
                }
                lines[0].line(line);
                if (line instanceof FsckLine.Progress) {
                    lines[0].flush();
                }
            });
            lines[0].close();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void index(Call call) throws IOException {
        Path file = path(call.query("index").orElseThrow(() -> new MalformedException("no index")));
        Call.Lines[] lines = new Call.Lines[1];
        fsck.index(file, (attachment, bytes) -> {
            if (lines[0] == null) {
                lines[0] = call.lines(); // only now: a refusal before it has a status of its own
            }
            lines[0].line(new IndexLine(attachment, bytes));
        });
        (lines[0] == null ? call.lines() : lines[0]).close();
    }

    private static Duration pause(Call call) {
        try {
            Duration pause = call.query("pause")
                    .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)))
                    .orElse(Protocol.FSCK_PAUSE);
            if (pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
                throw new MalformedException("a pause of more than an hour, or less than none");
            }
            return pause;
        } catch (NumberFormatException e) {
            throw new MalformedException("not a number of seconds", e);
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new MalformedException("not a path", e);
        }
    }
}
