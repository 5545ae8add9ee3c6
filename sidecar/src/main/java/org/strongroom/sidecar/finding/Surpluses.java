package org.strongroom.sidecar.finding;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.PlacementSums;
import org.strongroom.sidecar.ledger.PlacementSums.Surplus;
import org.strongroom.sidecar.marker.Tiers;

/**
 * What tiers hold of tenants whose studies do not go there any more. To count it costs a look at each such pack: it is done every
 * ten minutes at most. Thread-safe.
 */
public final class Surpluses {
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final PlacementSums sums;
    private final Tiers tiers;
    private final Supplier<Optional<UUID>> quarantine;
    private final RunningTime time;
    private Map<String, Problem> last = Map.of();
    private Duration until;

    /** @param quarantine the tenant whose studies are given to others: that they were in its tiers is nobody's mistake, and stays so */
    public Surpluses(PlacementSums sums, Tiers tiers, Supplier<Optional<UUID>> quarantine, RunningTime time) {
        this.sums = sums;
        this.tiers = tiers;
        this.quarantine = quarantine;
        this.time = time;
    }

    /** One for each tier that holds some, by its name. */
    public synchronized Map<String, Problem> problems() {
        if (!tiers.areForAll() && (until == null || time.now().compareTo(until) >= 0)) {
            Map<String, Problem> found = new TreeMap<>();
            for (String tier : tiers.names()) {
                Surplus surplus = sums.surplus(tier, quarantine.get());
                if (surplus.packs() > 0) {
                    found.put("surplus/" + tier, problem(tier, surplus));
                }
            }
            last = found;
            until = time.now().plus(FRESH);
        }
        return last;
    }

    private static Problem problem(String tier, Surplus surplus) {
        return new Problem(
                FailureKind.REFUSED,
                "tier " + tier + " holds " + Amounts.count(surplus.packs(), "pack") + " ("
                        + Amounts.bytes(surplus.bytes()) + ") of tenants whose Tiers do not name it",
                "They are read and checked, and go when Orthanc removes the studies, or with strongroom tier trim "
                        + tier + ". If they are to stay, name the tier in Tenants.NAME.Tiers");
    }
}
