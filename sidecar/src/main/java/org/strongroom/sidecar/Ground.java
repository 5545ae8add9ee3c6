package org.strongroom.sidecar;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.EventTenants;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.audit.OwnEvents;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.ClassTable;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.HoldTable;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.PlacementSums;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Uplink;

/** What every room stands on: Home, tiers, line, time, the ledger's tables, and where problems and events are told. */
abstract class Ground implements AutoCloseable {
    final Home home;
    final UUID installation;
    final Rules rules;
    final Tiers tiers;
    final Uplink uplink;
    final InstantSource clock;
    final RunningTime time;
    final Sleeper sleeper;
    final Problems problems = new Problems();
    final Ledger ledger;
    final FileTable files;
    final StudyTable studies;
    final PackTable packs;
    final CopyTable copies;
    final PlacementSums placed;
    final HoldTable holds;
    final ErasureTable erasures;
    final ArchiveTable archive;
    final ClassTable classes;
    final TierTable table;
    final OwnEvents events;

    Ground(
            Home home,
            UUID installation,
            Rules rules,
            Tiers tiers,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Sleeper sleeper)
            throws IOException {
        this.home = home;
        this.installation = installation;
        this.rules = rules;
        this.tiers = tiers;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.sleeper = sleeper;
        ledger = Ledger.open(home.ledger(), clock.instant());
        files = new FileTable(ledger);
        studies = new StudyTable(ledger);
        packs = new PackTable(ledger, tiers::isWanted);
        copies = new CopyTable(ledger, tiers::isWanted);
        placed = new PlacementSums(ledger, tiers::isWanted);
        holds = new HoldTable(ledger);
        erasures = new ErasureTable(ledger);
        archive = new ArchiveTable(ledger);
        classes = new ClassTable(ledger);
        table = new TierTable(ledger, tiers::isWanted);
        events = new OwnEvents(home, clock, time);
        events.complete(this::withTenant);
    }

    /** An event with the tenant whose the key in it is. */
    final AuditEvent withTenant(AuditEvent event) {
        Map<UUID, String> names = TenantIds.names(home.tenantIds());
        return new EventTenants(
                        Set.copyOf(names.values()),
                        key -> studies.tenantOf(key).map(names::get),
                        user -> Optional.empty())
                .apply(event);
    }

    @Override
    public void close() {
        events.close();
        ledger.close();
    }
}
