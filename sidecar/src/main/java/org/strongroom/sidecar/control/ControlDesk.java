package org.strongroom.sidecar.control;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.Remains;
import org.strongroom.core.control.Status.WitnessStatus;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.evict.DiskGuard;
import org.strongroom.sidecar.evict.Evictor;
import org.strongroom.sidecar.fetch.SealedReads;
import org.strongroom.sidecar.finding.Findings;
import org.strongroom.sidecar.forecast.Outlook;
import org.strongroom.sidecar.fsck.Fsck;
import org.strongroom.sidecar.fsck.Repairs;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.limit.TemporaryLimit;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.purge.HoldDesk;
import org.strongroom.sidecar.purge.Undelete;
import org.strongroom.sidecar.receipt.Receipts;
import org.strongroom.sidecar.seed.Seeds;
import org.strongroom.sidecar.trim.Trim;
import org.strongroom.sidecar.work.WorkDesk;

/** All routes over the rooms, on a server that is announced in Home as long as it is open. */
public final class ControlDesk implements AutoCloseable {
    private final Home home;
    private final ControlServer server;

    /** Of the audit log. */
    @FunctionalInterface
    public interface Signing {
        /** Signs what is pending now, due or not. */
        void flush() throws IOException;
    }

    /** What the orders of a person set in motion. */
    public interface Orders {
        /** What failed is tried again at once; {@code now}: everything is taken in and planned as well. */
        void ship(boolean now) throws IOException;

        /** The studies of these sealed files are whole: what waits of them is packed and shipped now. */
        void complete(List<UUID> attachments) throws IOException;

        /** The plugin's journal has new entries. */
        void journalGrew();

        /**
         * Takes in what is in journal and spool now.
         *
         * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE while the ledger is being rebuilt: it does not know everything
         */
        void takeIn() throws IOException;

        /** The time by which something may be deleted for good. */
        Instant patientTime();

        /** There may be something to ship now. */
        void wakeShipping();

        /**
         * Marks a tier that joins, or was replaced.
         *
         * @return how many packs it held and does not hold any more; they are sent again
         */
        long tierAdded(String tier);

        /** Begins, or goes on, to leave a tier for another one. */
        DrainStatus drain(String tier, DrainRequest request);

        /** How far that is. */
        DrainStatus drain(String tier);

        /** What is, or could be, carried to a tier on disks. */
        Seeds seeds();

        /** Takes out of a tier what is not to be there. */
        Trim trim();
    }

    /**
     * @param anchored until when what was signed into the audit log is in a tier
     * @param abilities what a tier's store was seen to do
     * @param witnesses of the audit log, by their names
     * @param remains what there is of what a key sealed
     * @param audit returns when events are durable
     * @param signing of the audit log
     * @param waiting reads that may wait for a tier at a time
     */
    public ControlDesk(
            Home home,
            UUID installation,
            Ledger ledger,
            StudyTable studies,
            PackTable packs,
            Receipts receipts,
            TemporaryLimit limit,
            Tiers tiers,
            WorkDesk desk,
            Problems problems,
            Findings findings,
            Outlook outlook,
            DiskGuard disk,
            Function<String, Optional<Instant>> anchored,
            Function<String, Map<String, String>> abilities,
            Supplier<Map<String, WitnessStatus>> witnesses,
            SealedReads reads,
            Evictor evictor,
            Undelete undelete,
            HoldDesk holds,
            Function<UUID, Remains> remains,
            Fsck fsck,
            Repairs repairs,
            Consumer<List<AuditEvent>> audit,
            Signing signing,
            Lifetime lifetime,
            Orders orders,
            int waiting,
            InstantSource clock)
            throws IOException {
        this.home = home;
        ClearBoard clear = new ClearBoard(problems);
        StatusReport status = new StatusReport(
                home,
                installation,
                ledger,
                tiers,
                desk,
                problems,
                findings,
                outlook,
                disk,
                anchored,
                abilities,
                witnesses,
                clear);
        Map<String, Route> routes = new HashMap<>();
        routes.put("GET /sealed/", new SealedRoute(reads));
        new PluginRoutes(desk, studies, receipts, lifetime, clear, orders, clock).addTo(routes);
        new ReportRoutes(status, studies, packs, new FileTable(ledger), remains, orders).addTo(routes);
        new OrderRoutes(orders, evictor, reads.prefetch(), undelete, holds, status, studies, audit, clock)
                .addTo(routes);
        new ExportRoute(audit).addTo(routes);
        new DrillRoute(audit).addTo(routes);
        new CertificateRoute(home.audit(), audit, signing).addTo(routes);
        new LogReadRoute(audit).addTo(routes);
        new UplinkRoutes(limit, audit).addTo(routes);
        new TierRoutes(tiers, orders, audit).addTo(routes);
        new FsckRoutes(fsck, repairs, orders::wakeShipping).addTo(routes);
        server = new ControlServer(routes, lifetime, waiting);
        try {
            new ControlFile(
                            Protocol.VERSION,
                            server.port(),
                            ProcessHandle.current().pid(),
                            server.token(),
                            installation,
                            clock.instant())
                    .write(home.control());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(home.control());
        server.close();
    }
}
