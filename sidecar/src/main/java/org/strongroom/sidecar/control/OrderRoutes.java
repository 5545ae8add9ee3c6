package org.strongroom.sidecar.control;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.PrefetchRequest;
import org.strongroom.core.control.PrefetchResult;
import org.strongroom.core.control.ShipRequest;
import org.strongroom.core.control.ShipResult;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.UrgentRequest;
import org.strongroom.core.control.UrgentResult;
import org.strongroom.sidecar.evict.Evictor;
import org.strongroom.sidecar.evict.PartlyEvicted;
import org.strongroom.sidecar.fetch.Prefetch;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.purge.HoldDesk;
import org.strongroom.sidecar.purge.Undelete;

/** What a person orders: ship, urgent, evict, prefetch, undelete, hold, erase, assign. */
final class OrderRoutes {
    private final ControlDesk.Orders orders;
    private final Evictor evictor;
    private final Prefetch prefetch;
    private final Undelete undelete;
    private final HoldDesk holds;
    private final StatusReport status;
    private final StudyTable studies;
    private final Consumer<List<AuditEvent>> audit;
    private final InstantSource clock;

    OrderRoutes(
            ControlDesk.Orders orders,
            Evictor evictor,
            Prefetch prefetch,
            Undelete undelete,
            HoldDesk holds,
            StatusReport status,
            StudyTable studies,
            Consumer<List<AuditEvent>> audit,
            InstantSource clock) {
        this.orders = orders;
        this.evictor = evictor;
        this.prefetch = prefetch;
        this.undelete = undelete;
        this.holds = holds;
        this.status = status;
        this.studies = studies;
        this.audit = audit;
        this.clock = clock;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /ship", this::ship);
        routes.put("POST /urgent", this::urgent);
        routes.put("POST /evict", this::evict);
        routes.put("POST /prefetch", this::prefetch);
        routes.put("POST /undelete", this::undelete);
        routes.put("POST /holds", this::hold);
        routes.put("POST /erasures", this::erase);
        routes.put("POST /assignments", this::assign);
    }

    private void evict(Call call) throws IOException {
        EvictRequest request = call.body(EvictRequest.class);
        EvictResult result;
        try {
            result = evictor.evict(request);
        } catch (PartlyEvicted e) {
            throw e.told(gone -> tell(request, gone));
        }
        tell(request, result);
        call.answer(result);
    }

    private void tell(EvictRequest request, EvictResult result) {
        if (!request.dryRun()) {
            AuditEvent event = ordered(AuditType.EVICT)
                    .with("instances", result.instances())
                    .with("bytes", result.bytes());
            audit.accept(List.of(request.all() ? event.with("what", "all") : about(request.keys(), event)));
        }
    }

    /** An order for many is told with their number. */
    private static AuditEvent about(List<UUID> keys, AuditEvent event) {
        return keys.size() == 1 ? event.with("key", keys.get(0)) : event.with("keys", keys.size());
    }

    private void prefetch(Call call) throws IOException {
        PrefetchRequest request = call.body(PrefetchRequest.class);
        if (request.stop()) { // what comes after it may fail
            prefetch.ask(new PrefetchRequest(List.of(), false, true));
            audit.accept(List.of(ordered(AuditType.TIER).with("order", "prefetch stop")));
        }
        PrefetchResult result = prefetch.ask(request);
        if (request.begin() && !request.keys().isEmpty()) {
            audit.accept(List.of(about(request.keys(), ordered(AuditType.TIER).with("order", "prefetch"))));
        }
        call.answer(result);
    }

    private void undelete(Call call) throws IOException, InterruptedException {
        UndeleteRequest request = call.body(UndeleteRequest.class);
        UndeleteResult result = undelete.undelete(request);
        if (!request.dryRun()) {
            AuditEvent event = ordered(AuditType.UNDELETE)
                    .with("instances", result.instances())
                    .with(
                            "kept",
                            result.kept().stream().mapToLong(Kept::instances).sum());
            audit.accept(List.of(
                    request.hold() != null
                            ? event.with("hold", request.hold())
                            : request.all()
                                    ? event.with("what", "all")
                                    : request.attachments().size() == 1
                                            ? event.with(
                                                    "attachment",
                                                    request.attachments().get(0))
                                            : event.with(
                                                    "attachments",
                                                    request.attachments().size())));
        }
        call.answer(result);
    }

    private static AuditEvent ordered(AuditType type) {
        return AuditEvent.of(type).by(AuditEvent.COMMAND_LINE);
    }

    private void hold(Call call) throws IOException, InterruptedException {
        holds.carryOut(call.body(HoldRequest.class));
        call.answer(Map.of());
    }

    private void erase(Call call) throws IOException, InterruptedException {
        holds.carryOut(call.body(ErasureRequest.class));
        call.answer(Map.of());
    }

    private void assign(Call call) throws IOException, InterruptedException {
        holds.carryOut(call.body(AssignmentRequest.class));
        call.answer(Map.of());
    }

    private void ship(Call call) throws IOException {
        orders.ship(call.body(ShipRequest.class).now());
        Status.Backlog backlog = status.status().backlog();
        call.answer(new ShipResult(backlog.instances(), backlog.bytes()));
    }

    private void urgent(Call call) throws IOException {
        UrgentRequest request = call.body(UrgentRequest.class);
        orders.takeIn(); // what has arrived just now is known then
        List<StudyRow> marked = studies.markUrgent(request.keys(), request.urgent(), clock.instant());
        orders.wakeShipping();
        List<UUID> keys = marked.stream().map(StudyRow::key).toList();
        if (!keys.isEmpty()) {
            String order = request.urgent() ? "urgent" : "urgent no more";
            audit.accept(List.of(about(keys, ordered(AuditType.TIER).with("order", order))));
        }
        Totals.Backlog backlog = studies.backlogOf(marked);
        call.answer(new UrgentResult(keys, backlog.instances(), backlog.bytes()));
    }
}
