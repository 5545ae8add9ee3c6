package org.strongroom.sidecar.drain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.PlacementSums;
import org.strongroom.sidecar.ledger.PlacementSums.Handover;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.Tier;

/**
 * The tiers that are being left. The ledger knows them, and so does each such tier itself, by an object {@value #OBJECT}, from
 * which a lost ledger learns it again. The copies are made like all others, by the new tier's own worker. Thread-safe.
 */
public final class Drains {
    static final String OBJECT = "tier.draining";

    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final int LONGEST_NAME = 64;

    private final Tiers tiers;
    private final PlacementSums sums;
    private final TierTable table;
    private final BooleanSupplier rebuilding;
    private final Consumer<AuditEvent> audit;

    /**
     * @param rebuilding whether the ledger does not know everything yet: then nothing is known to be complete
     * @param audit returns when an event is durable
     */
    public Drains(
            Tiers tiers, PlacementSums sums, TierTable table, BooleanSupplier rebuilding, Consumer<AuditEvent> audit) {
        this.tiers = tiers;
        this.sums = sums;
        this.table = table;
        this.rebuilding = rebuilding;
        this.audit = audit;
        for (MarkedTier tier : tiers.all()) {
            table.remembered(to(tier.name()))
                    .ifPresent(to ->
                            tier.drain(to, table.remembered(done(tier.name())).isPresent()));
        }
    }

    private static String to(String tier) {
        return "drain/" + tier;
    }

    private static String done(String tier) {
        return "drain/" + tier + "/done";
    }

    private static String asked(String tier) {
        return "drain/" + tier + "/asked";
    }

    /**
     * Begins to leave a tier, or goes on.
     *
     * @throws StrongroomException REFUSED if the other tier cannot take its place
     */
    public synchronized DrainStatus drain(String name, DrainRequest request) {
        MarkedTier from = tiers.get(name);
        MarkedTier to = tiers.get(request.to());
        check(from, to);
        if (!request.dryRun() && from.drainsTo().isEmpty()) {
            to.requireOurs();
            if (!to.counts()) {
                throw refused("copies in the other tier do not count: it is on Home's own disk", from, to)
                        .cure("Use a tier on another disk");
            }
            // So that the tier itself is told, now or when it is back. First, for a kill may come at any moment.
            table.forget(asked(name));
            table.remember(to(name), to.name());
            table.takes(name, false);
            table.takes(to.name(), true);
            from.drain(to.name(), false);
        }
        return status(from, to.name());
    }

    private void check(MarkedTier from, MarkedTier to) {
        if (from == to) {
            throw refused("a tier cannot be drained to itself", from, to).cure("Name another tier with --to");
        }
        if (from.drainsTo().filter(now -> !now.equals(to.name())).isPresent()) {
            throw refused("the tier is being drained to another one", from, to)
                    .with("now", from.drainsTo().get())
                    .cure("Take it back first: strongroom tier add " + from.name());
        }
        if (!to.takesCopies()) {
            throw refused(
                            to.isPermitted()
                                    ? "the other tier is being drained itself"
                                    : "the other tier is outside the jurisdictions that tenants' data may be in",
                            from,
                            to)
                    .cure("Name another tier with --to");
        }
        to.agreement().reasonAgainst().ifPresent(refusal -> {
            throw refusal;
        });
        tiers.onlyIn(from.name(), to.name()).ifPresent(tenant -> {
            throw refused("a tenant's studies go to the tier and not to the other one", from, to)
                    .with("tenant", tenant)
                    .cure("Add " + to.name() + " to Tenants." + tenant + ".Tiers, or take " + from.name()
                            + " out of it");
        });
        if (!tiers.sufficeWithout(from.name())) {
            throw refused("without this tier there are fewer tiers than Copies wants", from, to)
                    .cure("Add a tier, or lower Copies");
        }
        for (MarkedTier other : tiers.all()) {
            if (!other.isDrained()
                    && other.drainsTo().filter(from.name()::equals).isPresent()) {
                throw refused("another tier is still being drained to this one", from, to)
                        .with("other", other.name())
                        .cure("Wait for it, or take that one back: strongroom tier add " + other.name());
            }
        }
    }

    private static StrongroomException refused(String text, MarkedTier from, MarkedTier to) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("tier", from.name())
                .with("to", to.name());
    }

    /** @throws StrongroomException NOT_FOUND if the tier is not being left */
    public DrainStatus status(String name) {
        MarkedTier from = tiers.get(name);
        return status(from, from.drainsTo().orElseThrow(() -> StrongroomException.of(
                        FailureKind.NOT_FOUND, "the tier is not being drained")
                .with("tier", name)));
    }

    private DrainStatus status(MarkedTier from, String to) {
        finish(from);
        Handover now = sums.handover(from.name(), to);
        return new DrainStatus(
                from.name(), to, now.packs(), now.bytes(), now.done(), now.doneBytes(), from.isDrained());
    }

    /**
     * Sees which tiers are done with; asks and tells the tiers themselves.
     *
     * @throws StrongroomException of the first one that could not be asked, when all were
     */
    public synchronized void look() throws IOException {
        StrongroomException failure = null;
        for (MarkedTier tier : tiers.all()) {
            try {
                ask(tier);
            } catch (StrongroomException e) {
                failure = failure == null ? e : failure;
            }
            finish(tier);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void ask(MarkedTier tier) throws IOException {
        if (table.remembered(asked(tier.name())).isEmpty()) {
            tier.requireOurs();
            exchange(tier);
            table.remember(asked(tier.name()), "yes");
        }
    }

    /** What the ledger knows the tier is told; what only the tier knows the ledger learns. */
    private void exchange(MarkedTier tier) throws IOException {
        Optional<Tier.ObjectInfo> object = tier.tier().head(OBJECT);
        if (tier.drainsTo().isPresent()) {
            if (object.isEmpty()) {
                tier.tier().put(OBJECT, tier.drainsTo().get().getBytes(StandardCharsets.UTF_8));
            }
        } else if (object.filter(info -> info.size() <= LONGEST_NAME).isPresent()) {
            try (InputStream in = tier.tier().get(OBJECT, 0, object.get().size())) {
                String to = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                table.remember(to(tier.name()), to);
                table.takes(tier.name(), false);
                tier.drain(to, false);
                LOG.info("tier {} says that it is being drained to {}", tier.name(), to);
            }
        }
    }

    /** Two that ask at once find it done once; nobody takes the tier back meanwhile. */
    private synchronized void finish(MarkedTier from) {
        Optional<String> to = from.drainsTo();
        if (to.isEmpty() || from.isDrained() || rebuilding.getAsBoolean()) {
            return;
        }
        Handover now = sums.handover(from.name(), to.get());
        if (now.done() == now.packs()) {
            audit.accept(AuditEvent.of(AuditType.TIER)
                    .by(AuditEvent.STRONGROOM)
                    .with("order", "drained")
                    .with("tier", from.name())
                    .with("to", to.get()));
            table.remember(done(from.name()), "yes");
            from.drain(to.get(), true);
            LOG.info("tier {} is drained to {}", from.name(), to.get());
        }
    }

    /** A tier is used like any other again. */
    public synchronized void takeBack(MarkedTier tier) {
        tier.requireOurs();
        tier.tier().delete(OBJECT);
        table.forget(to(tier.name()));
        table.forget(done(tier.name()));
        table.takes(tier.name(), tier.isPermitted());
        tier.useAgain();
    }
}
