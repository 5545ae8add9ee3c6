package org.strongroom.sidecar.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.AddResult;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.control.SeedReconcileRequest;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.ObjectName;
import org.strongroom.sidecar.tier.Tier;

/** Objects straight from a tier; tiers that join and tiers that are left. */
final class TierRoutes {
    private static final int DIRECT = 4 << 20;

    private final Tiers tiers;
    private final ControlDesk.Orders orders;
    private final Consumer<List<AuditEvent>> audit;

    /** @param audit returns when events are durable */
    TierRoutes(Tiers tiers, ControlDesk.Orders orders, Consumer<List<AuditEvent>> audit) {
        this.tiers = tiers;
        this.orders = orders;
        this.audit = audit;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /tiers/", this::get);
        routes.put("POST /tiers/", this::order);
    }

    private void get(Call call) throws IOException {
        List<String> path = call.path();
        if (path.size() == 2 && path.get(1).equals("drain")) {
            call.answer(orders.drain(path.get(0)));
            return;
        }
        if (path.size() == 2 && path.get(1).equals("seed")) {
            call.answer(orders.seeds().status(path.get(0)));
            return;
        }
        if (path.size() < 2 || !path.get(1).equals("objects")) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route");
        }
        MarkedTier tier = tiers.get(path.get(0));
        if (path.size() == 2) {
            list(call, tier.tier());
            return;
        }
        String name = String.join("/", path.subList(2, path.size()));
        if (!ObjectName.isName(name)) {
            throw new MalformedException("this is not an object's name");
        }
        Optional<ByteRange> exact = call.header("Range").flatMap(ByteRange::exact);
        if (exact.isPresent() && exact.get().length() <= DIRECT) {
            direct(call, tier.tier(), name, exact.get());
            return;
        }
        Tier.ObjectInfo info = tier.tier().head(name).orElseThrow(() -> StrongroomException.of(
                        FailureKind.NOT_FOUND, "no such object in the tier")
                .with("tier", tier.name())
                .with("object", name));
        call.range(info.size(), (offset, length) -> tier.tier().get(name, offset, length));
    }

    /** Stores are paid by the request: who says exactly what it wants gets it without a question about the size before. */
    private static void direct(Call call, Tier tier, String name, ByteRange range) throws IOException {
        byte[] bytes;
        try (InputStream in = tier.get(name, range.offset(), range.length())) {
            bytes = in.readNBytes((int) range.length());
        }
        call.part(range, bytes);
    }

    private static void list(Call call, Tier tier) throws IOException {
        String prefix = call.query("prefix").orElse("");
        if (!ObjectName.isPrefix(prefix)) {
            throw new MalformedException("no object's name begins like this");
        }
        tier.head("tier.id"); // a tier that is away must fail before the answer begins
        try (Call.Lines lines = call.lines()) {
            tier.list(prefix, info -> {
                try {
                    lines.line(new ObjectLine(info.name(), info.size()));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void order(Call call) throws IOException {
        List<String> path = call.path();
        String order = path.isEmpty() ? "" : String.join("/", path.subList(1, path.size()));
        switch (order) {
            case "add" -> call.answer(new AddResult(orders.tierAdded(path.get(0))));
            case "drain" -> call.answer(orders.drain(path.get(0), call.body(DrainRequest.class)));
            case "trim" -> call.answer(orders.trim().run(path.get(0), call.body(TrimRequest.class)));
            case "seed/export" -> {
                SeedExportRequest request = call.body(SeedExportRequest.class);
                if (request.behind() == null) { // the first of many
                    tell(path.get(0), "seed export");
                }
                call.answer(orders.seeds().export(path.get(0), request));
            }
            case "seed/reconcile" -> {
                SeedReconcileRequest request = call.body(SeedReconcileRequest.class);
                if (request.behind() == null) {
                    tell(path.get(0), "seed reconcile");
                }
                call.answer(orders.seeds().reconcile(path.get(0), request));
                orders.wakeShipping();
            }
            case "seed/cancel" -> {
                tell(path.get(0), "seed cancel");
                call.answer(orders.seeds().cancel(path.get(0)));
                orders.wakeShipping();
            }
            default -> throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route");
        }
    }

    /** Before it begins: a disk leaves the house with what is on it. */
    private void tell(String tier, String order) {
        tiers.get(tier); // one that there is not is nobody's
        audit.accept(List.of(AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.COMMAND_LINE)
                .with("order", order)
                .with("tier", tier)));
    }
}
