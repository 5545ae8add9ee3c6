package org.strongroom.sidecar.control;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.control.IndexBatch;
import org.strongroom.core.control.Notices;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.ReceiptsAnswer;
import org.strongroom.core.control.ReceiptsRequest;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.control.WorkItems;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.receipt.Receipts;
import org.strongroom.sidecar.work.WorkDesk;

/** What the plugin asks and tells: work, receipts, notices, that Orthanc stops. */
final class PluginRoutes {
    private final WorkDesk desk;
    private final StudyTable studies;
    private final Receipts receipts;
    private final Lifetime lifetime;
    private final ClearBoard clear;
    private final ControlDesk.Orders orders;
    private final InstantSource clock;

    PluginRoutes(
            WorkDesk desk,
            StudyTable studies,
            Receipts receipts,
            Lifetime lifetime,
            ClearBoard clear,
            ControlDesk.Orders orders,
            InstantSource clock) {
        this.desk = desk;
        this.studies = studies;
        this.receipts = receipts;
        this.lifetime = lifetime;
        this.clear = clear;
        this.orders = orders;
        this.clock = clock;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /work", this::work);
        routes.put("POST /work/", this::answer);
        routes.put("POST /notices", this::notices);
        routes.put("POST /receipts", this::receipts);
        routes.put("POST /released", call -> {
            lifetime.released();
            desk.leaves();
            call.answer(Map.of());
        });
    }

    private void work(Call call) throws IOException, InterruptedException {
        long wait;
        try {
            wait = Long.parseLong(call.query("wait").orElse("0"));
        } catch (NumberFormatException e) {
            throw new MalformedException("wait is not a number of seconds", e);
        }
        Duration patience = Duration.ofSeconds(Math.max(0, Math.min(Protocol.MAX_WAIT_SECONDS, wait)));
        call.answer(new WorkItems(desk.take(asker(call), patience)));
    }

    private static UUID asker(Call call) {
        try {
            return UUID.fromString(call.query("asker").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("asker is not a UUID", e);
        }
    }

    private void answer(Call call) throws IOException {
        List<String> path = call.path();
        if (path.size() == 2 && path.get(1).equals("attachments")) {
            if (!desk.deliver(path.get(0), call.body(IndexBatch.class))) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "nobody waits for this any more");
            }
            call.answer(Map.of());
            return;
        }
        desk.answer(String.join("/", call.path()), call.body(WorkAnswer.class));
        call.answer(Map.of());
    }

    private void receipts(Call call) throws IOException {
        ReceiptsRequest asked = call.body(ReceiptsRequest.class);
        if (asked.complete()) {
            orders.complete(asked.attachments());
        }
        call.answer(new ReceiptsAnswer(receipts.of(asked.attachments())));
    }

    private void notices(Call call) throws IOException {
        Notices notices = call.body(Notices.class);
        studies.used(notices.opened(), clock.instant());
        if (notices.tombstones() != null) {
            orders.journalGrew();
        }
        if (notices.clear() != null) {
            clear.told(notices.clear());
        }
        call.answer(Map.of());
    }
}
