package org.strongroom.sidecar.control;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.Tier;

/** Objects straight from a tier, and a new tier's marker. */
final class TierRoutes {
    private final Tiers tiers;
    private final Runnable tierAdded;

    TierRoutes(Tiers tiers, Runnable tierAdded) {
        this.tiers = tiers;
        this.tierAdded = tierAdded;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /tiers/", this::get);
        routes.put("POST /tiers/", this::add);
    }

    private void get(Call call) throws IOException {
        List<String> path = call.path();
        if (path.size() < 2 || !path.get(1).equals("objects")) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route");
        }
        MarkedTier tier = tiers.get(path.get(0));
        if (path.size() == 2) {
            list(call, tier.tier());
            return;
        }
        String name = String.join("/", path.subList(2, path.size()));
        Tier.ObjectInfo info = tier.tier().head(name).orElseThrow(() -> StrongroomException.of(
                        FailureKind.NOT_FOUND, "no such object in the tier")
                .with("tier", tier.name())
                .with("object", name));
        call.range(info.size(), (offset, length) -> tier.tier().get(name, offset, length));
    }

    private static void list(Call call, Tier tier) throws IOException {
        String prefix = call.query("prefix").orElse("");
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

    private void add(Call call) throws IOException {
        List<String> path = call.path();
        if (path.size() != 2 || !path.get(1).equals("add")) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such route");
        }
        tiers.get(path.get(0)).mark();
        tierAdded.run();
        call.answer(Map.of());
    }
}
