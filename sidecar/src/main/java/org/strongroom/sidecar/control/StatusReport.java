package org.strongroom.sidecar.control;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Drills;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.sidecar.evict.DiskGuard;
import org.strongroom.sidecar.finding.Findings;
import org.strongroom.sidecar.forecast.Outlook;
import org.strongroom.sidecar.ledger.ClassTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.ledger.Totals.TierSum;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.work.WorkDesk;

/** Puts the status together. Thread-safe. */
final class StatusReport {
    private final Home home;
    private final UUID installation;
    private final Ledger ledger;
    private final ErasureTable erasures;
    private final ClassTable classes;
    private final Tiers tiers;
    private final WorkDesk desk;
    private final Problems problems;
    private final Findings findings;
    private final Obstacles obstacles;
    private final Outlook outlook;
    private final DiskGuard disk;
    private final Function<String, Optional<Instant>> anchored;
    private final Function<String, Map<String, String>> abilities;
    private final Supplier<Map<String, Status.WitnessStatus>> witnesses;
    private final ClearBoard clear;

    StatusReport(
            Home home,
            UUID installation,
            Ledger ledger,
            Tiers tiers,
            WorkDesk desk,
            Problems problems,
            Findings findings,
            Outlook outlook,
            DiskGuard disk,
            Function<String, Optional<Instant>> anchored,
            Function<String, Map<String, String>> abilities,
            Supplier<Map<String, Status.WitnessStatus>> witnesses,
            ClearBoard clear) {
        this.home = home;
        this.installation = installation;
        this.ledger = ledger;
        this.erasures = new ErasureTable(ledger);
        this.classes = new ClassTable(ledger);
        this.tiers = tiers;
        this.desk = desk;
        this.problems = problems;
        this.findings = findings;
        this.obstacles = new Obstacles(tiers, desk, outlook);
        this.outlook = outlook;
        this.disk = disk;
        this.anchored = anchored;
        this.abilities = abilities;
        this.witnesses = witnesses;
        this.clear = clear;
    }

    Status status() throws IOException {
        Totals totals = Totals.of(ledger);
        long spool = totals.onDisk(Place.SPOOL);
        long heads = totals.onDisk(Place.HEAD);
        long cache = totals.onDisk(Place.CACHE) + heads;
        long free = DiskSpace.of(home.root()).usable();
        return new Status(
                installation,
                desk.isConnected() ? Status.Plugin.connected : Status.Plugin.absent,
                new Status.Backlog(
                        totals.backlog().instances(),
                        totals.backlog().bytes(),
                        totals.oldest(),
                        obstacles.of(totals, problems.byName())),
                new Status.Stored(
                        totals.kept().values().stream()
                                .mapToLong(Totals.Sum::instances)
                                .sum(),
                        totals.kept().values().stream()
                                .mapToLong(Totals.Sum::plainBytes)
                                .sum(),
                        totals.tiers().values().stream()
                                .mapToLong(TierSum::bytes)
                                .sum()),
                new Status.Local(spool + cache, spool, cache, free, heads),
                outlook.line(),
                outlook.forecast(free - disk.reserve() + totals.onDisk(Place.CACHE)),
                clear.last(),
                tiers(totals),
                drills(),
                witnesses.get(),
                erasing(),
                List.copyOf(findings.all(totals).values()));
    }

    /** Null if nothing is left of what was destroyed. */
    private Status.Erasing erasing() {
        Map<String, Long> left = new LinkedHashMap<>();
        for (MarkedTier tier : tiers.all()) {
            long keys = erasures.left(tier.name()).size();
            if (keys > 0) {
                left.put(tier.name(), keys);
            }
        }
        long here =
                erasures.known().stream().filter(key -> erasures.here(key) > 0).count();
        return here == 0 && left.isEmpty() ? null : new Status.Erasing(here, left);
    }

    /** None if nobody can read how they went: that is a problem, and told as one. */
    private Map<String, DrillResult> drills() throws IOException {
        try {
            return Drills.read(home.drills()).tiers();
        } catch (StrongroomException e) {
            return Map.of();
        }
    }

    private Map<String, Status.TierStatus> tiers(Totals totals) {
        Map<String, Status.TierStatus> all = new LinkedHashMap<>();
        for (MarkedTier tier : tiers.all()) {
            TierSum sum = totals.tiers().getOrDefault(tier.name(), TierSum.NONE);
            String trouble = tier.trouble().orElse(null);
            all.put(
                    tier.name(),
                    new Status.TierStatus(
                            trouble == null && tier.isSeen(),
                            tier.tier().kind(),
                            tier.counts(),
                            sum.objects(),
                            sum.bytes(),
                            sum.queued(),
                            trouble,
                            sum.copies(),
                            sum.damaged(),
                            sum.scrubbed(),
                            tier.drainsTo()
                                    .map(to -> (tier.isDrained() ? "drained to " : "draining to ") + to)
                                    .orElse(null),
                            sum.archived(),
                            sum.coming(),
                            tier.isPermitted(),
                            anchored.apply(tier.name()).orElse(null),
                            sum.seeded(),
                            abilities.apply(tier.name()),
                            classes.counts(tier.name())));
        }
        return all;
    }
}
