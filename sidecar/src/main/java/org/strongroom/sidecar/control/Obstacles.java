package org.strongroom.sidecar.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.sidecar.finding.Findings;
import org.strongroom.sidecar.forecast.Outlook;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.ledger.Totals.TierSum;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.work.WorkDesk;

/** What keeps acknowledged images from their receipts. Thread-safe. */
final class Obstacles {
    /** What is not even known well enough to be counted in the backlog. */
    private static final String STRANGERS = "intake/strangers";

    private static final Set<String> OF_ALL_TIERS =
            Set.of(STRANGERS, "rebuilding", "round/intake", "round/pack", "round/settle", "round/settle-all");

    private final Tiers tiers;
    private final WorkDesk desk;
    private final Outlook outlook;

    Obstacles(Tiers tiers, WorkDesk desk, Outlook outlook) {
        this.tiers = tiers;
        this.desk = desk;
        this.outlook = outlook;
    }

    /** @param standing every problem by its name */
    List<Problem> of(Totals totals, Map<String, Problem> standing) {
        List<Problem> all = new ArrayList<>();
        if (totals.backlog().files() == 0) {
            Problem strangers = standing.get(STRANGERS);
            return strangers == null ? List.of() : List.of(strangers);
        }
        if (totals.lost() > 0) {
            all.add(Findings.lost(totals));
        }
        standing.forEach((name, problem) -> {
            if (name.startsWith("pack/") || OF_ALL_TIERS.contains(name)) {
                all.add(problem);
            }
        });
        outlook.closed().ifPresent(all::add);
        all.addAll(ofTiers(totals, standing));
        if (!desk.isConnected()) {
            all.add(Findings.NO_PLUGIN);
        }
        return List.copyOf(all);
    }

    /** A tier that nobody needs for a receipt, because enough others work, stands in nobody's way. */
    private List<Problem> ofTiers(Totals totals, Map<String, Problem> standing) {
        List<Problem> all = new ArrayList<>();
        Set<String> working = new HashSet<>();
        for (MarkedTier tier : tiers.all()) {
            List<Problem> its = of(tier, standing);
            onDisks(totals, tier).ifPresent(its::add);
            if (its.isEmpty() && tier.counts()) {
                working.add(tier.name());
            }
            all.addAll(its);
        }
        if (tiers.sufficeForAll(working)) {
            return List.of();
        }
        boolean countless = tiers.all().stream().allMatch(tier -> tier.isSeen() && !tier.counts());
        if (countless) {
            tiers.all().forEach(tier -> all.add(Findings.doesNotCount(tier)));
        }
        return all;
    }

    private static Optional<Problem> onDisks(Totals totals, MarkedTier tier) {
        long packs = totals.tiers().getOrDefault(tier.name(), TierSum.NONE).seeded();
        return packs == 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        FailureKind.UNAVAILABLE,
                        packs + " packs for tier " + tier.name() + " are on disks",
                        "When the disks were imported run: strongroom seed reconcile --tier " + tier.name()));
    }

    private static List<Problem> of(MarkedTier tier, Map<String, Problem> standing) {
        List<Problem> its = new ArrayList<>();
        String round = "round/ship-" + tier.name();
        standing.forEach((name, problem) -> {
            if (name.equals(round)
                    || name.startsWith("ship/" + tier.name() + "/")
                    || name.startsWith("receipt/" + tier.name() + "/")) {
                its.add(problem);
            }
        });
        tier.agreement()
                .reasonAgainst()
                .flatMap(refusal -> tier.agreement().problem())
                .ifPresent(its::add);
        if (its.isEmpty() && tier.trouble().isPresent()) {
            String trouble = tier.trouble().get();
            its.add(new Problem(FailureKind.UNAVAILABLE, "tier " + tier.name() + ": " + trouble, ""));
        }
        return its;
    }
}
