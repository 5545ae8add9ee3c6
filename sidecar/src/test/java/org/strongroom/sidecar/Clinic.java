package org.strongroom.sidecar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.ForwardSettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.archive.AgeRule;
import org.strongroom.sidecar.archive.ArchiveRules;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.fetch.FetchRules;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.marker.Agreement;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Placement;
import org.strongroom.sidecar.marker.Placements;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.pack.PackRules;
import org.strongroom.sidecar.purge.ForgetRules;
import org.strongroom.sidecar.scrub.ScrubRules;
import org.strongroom.sidecar.ship.TierWorker;
import org.strongroom.sidecar.snapshot.SnapshotRules;
import org.strongroom.sidecar.tier.MemoryArchive;
import org.strongroom.sidecar.uplink.Uplink;

/** A Home with a plugin that can only say yes, stores, and a sidecar whose rounds a test turns by hand. */
final class Clinic implements AutoCloseable {
    /** The only life of the plugin there is. */
    static final UUID PLUGIN = UUID.randomUUID();

    final Home home;
    final UUID installation = UUID.randomUUID();
    final MovableClock clock = new MovableClock();
    final List<Store> stores = new ArrayList<>();
    final Spool spool;
    Rules rules = new Rules(
            new PackRules(Duration.ofSeconds(60), 1L << 30),
            new CacheRules(Long.MAX_VALUE, 1L << 40, false, true),
            new FetchRules(Duration.ofSeconds(20), 8, true),
            new ForgetRules(Duration.ofDays(30), 1000),
            new ScrubRules(true, Duration.ofDays(90), 1L << 40),
            new AuditRules(1000, Duration.ofSeconds(30), Duration.ofMinutes(4), Duration.ofHours(1)),
            new SnapshotRules(Duration.ofHours(24), 2),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Watermark.parse("1 B"),
            Duration.ofDays(365),
            Optional.empty(),
            List.of());
    /** How many tiers must have a receipt; 0 for all. */
    int copies;
    /** What tenants say of their own; as of the next opening. */
    Map<UUID, Placement> placements = Map.of();

    Uplink uplink = Uplink.unlimited();
    RunningTime time = clock.running();
    Rooms rooms;
    /** Instead of a pause, between two looks of fsck. */
    Consumer<Duration> betweenLooks = pause -> {};

    Clinic(Path folder, String... stores) throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        spool = new Spool(home, installation, folder.hashCode());
        for (String store : stores) {
            this.stores.add(new Store(store));
        }
        tiers().all().forEach(MarkedTier::mark);
    }

    /** The same clinic with other rules for one room. */
    Clinic with(Object rule) {
        rules = new Rules(
                rule instanceof PackRules pack ? pack : rules.pack(),
                rule instanceof CacheRules cache ? cache : rules.cache(),
                rule instanceof FetchRules fetch ? fetch : rules.fetch(),
                rule instanceof ForgetRules forget ? forget : rules.forget(),
                rule instanceof ScrubRules scrub ? scrub : rules.scrub(),
                rule instanceof AuditRules audit ? audit : rules.audit(),
                rules.snapshots(),
                rule instanceof ForwardSettings receiver ? Map.of("siem", receiver) : rules.forward(),
                rules.witnesses(),
                rule instanceof ArchiveRules archive ? Map.of(stores.get(0).name, archive) : rules.archive(),
                rule instanceof AgeRule[] ages ? Map.of(stores.get(0).name, List.of(ages)) : rules.byAge(),
                rule instanceof Path mirror ? Optional.of(mirror) : rules.mirror(),
                rule instanceof Watermark reserve ? reserve : rules.reserve(),
                rules.proveKit(),
                rules.drillEvery(),
                rules.alerts());
        return this;
    }

    private Tiers tiers() {
        return new Tiers(
                stores.stream()
                        .map(store -> new MarkedTier(
                                store.tier(),
                                store.archive(),
                                installation,
                                () -> store.away ? Optional.of("the line is cut") : Optional.empty(),
                                () -> true,
                                !store.outside,
                                new Agreement(store.name, store.agreement, store.agreementRequired, clock),
                                clock.running()))
                        .toList(),
                new Placements(new Placement("", Optional.empty(), copies), placements));
    }

    Clinic open() throws IOException {
        rooms = new Rooms(home, installation, rules, tiers(), uplink, clock, time, pause -> betweenLooks.accept(pause));
        return this;
    }

    /** The sidecar ends, and starts again. */
    void reopen() throws IOException {
        close();
        open();
    }

    Store store(int number) {
        return stores.get(number);
    }

    /** What a plugin is given that asks now. */
    List<Work> askedByPlugin() throws InterruptedException {
        return rooms.desk.take(PLUGIN, Duration.ZERO);
    }

    /** Everything the rounds would do until nothing is left; the plugin opens whatever it is asked to. */
    void ship() throws Exception {
        plan();
        if (!rooms.rebuild.isRunning()) {
            scrub();
        }
        for (TierRoom tier : rooms.tierRooms) {
            turn(tier.worker);
        }
        for (List<Work> work = askedByPlugin(); !work.isEmpty(); work = askedByPlugin()) {
            work.forEach(item -> rooms.desk.answer(item.id(), WorkAnswer.DONE));
        }
        rooms.settler.settleReceived();
    }

    /** What the tiers' scrubs would do now. */
    void scrub() throws IOException {
        for (TierRoom tier : rooms.tierRooms) {
            try {
                while (tier.scrubber.step()) {
                    // until nothing is due
                }
            } catch (org.strongroom.core.error.StrongroomException e) {
                if (!e.kind().retryable()) {
                    throw e;
                }
                System.out.println("away: " + tier.name);
            }
        }
    }

    /** The first store has an archive class from the next opening on, and packs go there. */
    MemoryArchive archiving(Duration after) {
        MemoryArchive archive = new MemoryArchive(stores.get(0).memory, clock);
        stores.get(0).archive = archive;
        with(new ArchiveRules("COLDEST", after, Duration.ofDays(2), false));
        return archive;
    }

    /** The first store has storage classes from the next opening on, and packs go there by their age. */
    MemoryArchive aging(AgeRule... ages) {
        MemoryArchive classes = new MemoryArchive(stores.get(0).memory, clock);
        stores.get(0).archive = classes;
        with(ages);
        return classes;
    }

    /** Moves to other storage classes what is due. */
    void age() throws IOException {
        for (TierRoom tier : rooms.tierRooms) {
            while (tier.aging.step()) {
                // until nothing is due
            }
        }
    }

    /** Moves to archives what is due. */
    void archive() throws IOException {
        for (TierRoom tier : rooms.tierRooms) {
            while (tier.archiver.step()) {
                // until nothing is due
            }
        }
    }

    /** Makes longer what locks there are. */
    void lock() {
        for (TierRoom tier : rooms.tierRooms) {
            while (tier.locks.step()) {
                // until all are long enough
            }
        }
    }

    /** Looks after what is being brought back. */
    void recall() {
        rooms.recalls.look(rooms.reads::fetchAll);
    }

    /** Deletes what is due, by a clock that is believed. */
    void purge() throws IOException {
        rooms.purger.purge(clock.instant());
    }

    /** What was done to tiers, by the audit log: order, tier, key and outcome. */
    List<String> tierEvents() throws IOException {
        rooms.audit.flush();
        List<String> told = new ArrayList<>();
        LogReader log = new LogReader(home.audit());
        for (long at = 0; at < log.size(); at++) {
            AuditEvent event = log.from(at).get(0).entry().event();
            if (event.type() == AuditType.TIER) {
                told.add(event.details().get("order") + " " + event.details().get("tier") + " "
                        + event.details().get("key") + " " + event.outcome().wire());
            }
        }
        return told;
    }

    void plan() throws IOException {
        for (TierRoom tier : rooms.tierRooms) {
            try {
                if (rooms.rebuild.isRunning()) {
                    tier.worker.step();
                }
            } catch (org.strongroom.core.error.StrongroomException e) {
                System.out.println("away: " + tier.name);
            }
        }
        rooms.plan(true);
    }

    private static void turn(TierWorker worker) throws IOException {
        try {
            while (worker.step()) {
                // until nothing is left
            }
        } catch (org.strongroom.core.error.StrongroomException e) {
            if (!e.kind().retryable()) {
                throw e;
            }
            System.out.println("away: " + worker.name());
        }
    }

    Totals totals() {
        return Totals.of(rooms.ledger);
    }

    long in(Place place) {
        return totals().kept().get(place).files();
    }

    byte[] read(UUID uuid) throws IOException {
        return read(uuid, 0, (int) rooms.reads.size(uuid));
    }

    byte[] read(UUID uuid, long offset, int length) throws IOException {
        return read(uuid, offset, length, false);
    }

    byte[] read(UUID uuid, long offset, int length, boolean doubt) throws IOException {
        try (InputStream in = rooms.reads.open(uuid, offset, length, Optional.empty(), doubt)) {
            return in.readNBytes(length);
        }
    }

    @Override
    public void close() {
        rooms.close();
    }
}
