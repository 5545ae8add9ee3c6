package org.strongroom.sidecar.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.ObjectName;
import org.strongroom.sidecar.tier.Tier;

/** Objects straight from a tier, and a new tier's marker. */
final class TierRoutes {
    private static final int DIRECT = 4 << 20;

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
