package org.strongroom.sidecar.archive;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.ArchivedRow;
import org.strongroom.sidecar.ledger.ArchivedRow.State;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.tier.ArchiveClasses.Shelf;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;

/** What is being brought back from archives: asked for once, looked after with patience, fetched when it is there. Thread-safe. */
public final class Recalls {
    private static final Logger LOG = LoggerFactory.getLogger(Recalls.class);
    /** Begins the name of a pack's problem. */
    private static final String PROBLEM = "recall/";

    private static final Duration SOONEST = Duration.ofSeconds(10);
    private static final Duration LATEST = Duration.ofMinutes(10);
    /** How much longer what is late is said to take. */
    private static final Duration LATE = Duration.ofMinutes(30);

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration USUAL = Duration.ofDays(3);

    private final Tiers tiers;
    private final Map<String, ArchiveRules> rules;
    private final PackTable packs;
    private final CopyTable copies;
    private final ArchiveTable archive;
    private final Problems problems;
    private final InstantSource clock;
    private final Consumer<AuditEvent> audit;
    private final Map<Long, CompletableFuture<Void>> fetching = new HashMap<>();
    private final Map<ArchivedKey, Instant> looks = new HashMap<>();
    /** Packs of which a store is asked something now. */
    private final Map<Long, CompletableFuture<Void>> asking = new ConcurrentHashMap<>();
    /** Packs of studies that are opened, to be asked for in a moment: nobody waits for the answers. */
    private final Set<Long> siblings = ConcurrentHashMap.newKeySet();

    private record ArchivedKey(long pack, String tier) {}

    /**
     * @param rules by tiers' names, of those that archive
     * @param audit does not throw for want of a disk
     */
    public Recalls(
            Tiers tiers,
            Map<String, ArchiveRules> rules,
            PackTable packs,
            CopyTable copies,
            ArchiveTable archive,
            Problems problems,
            InstantSource clock,
            Consumer<AuditEvent> audit) {
        this.audit = audit;
        this.tiers = tiers;
        this.rules = rules;
        this.packs = packs;
        this.copies = copies;
        this.archive = archive;
        this.problems = problems;
        this.clock = clock;
    }

    /** Brings all of a pack to the cache; ends when it is there. */
    @FunctionalInterface
    public interface Fetch {
        CompletableFuture<Void> of(PackRow pack);
    }

    /**
     * Has a pack brought back of which no copy can be read; if somebody waits for it, soon all of its study that is as far away. Waits
     * for the store, and for nobody who asks for another pack.
     *
     * @param why what reading it failed with
     * @return what is to be told whoever read it
     */
    public StrongroomException ask(PackRow pack, Urgency urgency, StrongroomException why) {
        try {
            if (urgency == Urgency.CLINICAL) {
                for (PackRow sibling : packs.ofSameStudy(pack)) {
                    if (sibling.id() != pack.id() && isAway(sibling)) {
                        siblings.add(sibling.id());
                    }
                }
            }
            return told(inTurn(pack.id(), () -> ready(pack, urgency)))
                    .with("pack", pack.pack())
                    .causedBy(why);
        } catch (StrongroomException e) {
            tellLasting(pack, e);
            return e;
        }
    }

    /** What is over by itself is told whoever waits for the pack, and nobody else: if they do not ask again, nobody does. */
    private void tellLasting(PackRow pack, StrongroomException e) {
        if (!e.kind().retryable()) {
            problems.raise(PROBLEM + pack.pack(), e);
        }
    }

    /** A store is asked of one pack by one thread at a time. */
    private <T> T inTurn(long pack, Supplier<T> question) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        for (CompletableFuture<Void> other = asking.putIfAbsent(pack, mine);
                other != null;
                other = asking.putIfAbsent(pack, mine)) {
            other.join();
        }
        try {
            return question.get();
        } finally {
            asking.remove(pack, mine);
            mine.complete(null);
        }
    }

    private boolean isAway(PackRow pack) {
        Map<String, ArchivedRow> archived = archive.of(pack.id());
        boolean away = false;
        for (CopyRow copy : copies.of(pack.id())) {
            switch (copy.state()) {
                case UPLOADED, CHECKED, RECEIVED -> {
                    ArchivedRow row = archived.get(copy.tier());
                    if (row == null || !row.isAway()) {
                        return false;
                    }
                    away = true;
                }
                case QUEUED, UPLOADING, SUSPECT, PURGED, SEEDED -> {}
            }
        }
        return away;
    }

    private StrongroomException told(Instant ready) {
        StrongroomException answer =
                StrongroomException.of(FailureKind.ARCHIVED, "the study is being brought back from the archive");
        boolean soon = ready.isBefore(clock.instant().plus(DAY));
        return answer.with(soon ? "ready" : "readyOn", ready)
                .cure("Open it again then; strongroom status says how far it is");
    }

    /** When it is about to be ready; asks for it if nobody did, or nobody who was in such a hurry. */
    private Instant ready(PackRow pack, Urgency urgency) {
        boolean wanted = urgency == Urgency.CLINICAL;
        Map<String, ArchivedRow> archived = archive.of(pack.id());
        for (ArchivedRow row : archived.values()) {
            if (row.state() == State.COMING && (row.wanted() || !wanted)) {
                return row.ready();
            }
        }
        Set<String> holding = new HashSet<>();
        archived.values().stream().filter(ArchivedRow::isAway).forEach(row -> holding.add(row.tier()));
        StrongroomException last =
                StrongroomException.of(FailureKind.UNAVAILABLE, "a pack has just come back from the archive");
        for (MarkedTier tier : tiers.healthyFirst(holding)) {
            try {
                return bringBack(pack, tier, urgency);
            } catch (StrongroomException e) {
                last = e;
            }
        }
        throw last;
    }

    private Instant bringBack(PackRow pack, MarkedTier tier, Urgency urgency) {
        ArchiveClasses classes = tier.archive().orElseThrow();
        Duration kept = Optional.ofNullable(rules.get(tier.name()))
                .map(ArchiveRules::backFor)
                .orElse(USUAL);
        tier.expectOurs();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS); // as the ledger keeps it
        Duration takes = classes.bringBack(PackPrologue.objectName(pack.pack()), urgency, kept);
        archive.coming(pack.id(), tier.name(), urgency == Urgency.CLINICAL, now, now.plus(takes));
        problems.clear(PROBLEM + pack.pack());
        audit.accept(AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.STRONGROOM)
                .with("order", "restore")
                .with("tier", tier.name())
                .with("pack", pack.pack())
                .with("key", pack.key())
                .with("urgency", urgency.name().toLowerCase(Locale.ROOT)));
        LOG.info("pack {} is being brought back from the archive of tier {}", pack.pack(), tier.name());
        return now.plus(takes);
    }

    /** Looks after what was asked for, and has fetched what is there and somebody waits for. */
    public synchronized void look(Fetch fetch) {
        askForSiblings();
        List<ArchivedRow> moving = archive.moving();
        List<ArchivedKey> known = new ArrayList<>();
        for (ArchivedRow row : moving) {
            known.add(key(row));
            Optional<PackRow> pack = packs.find(row.pack());
            if (pack.isPresent()) {
                try {
                    inTurn(row.pack(), () -> {
                        Optional<ArchivedRow> now =
                                Optional.ofNullable(archive.of(row.pack()).get(row.tier()));
                        now.ifPresent(current -> look(current, pack.get(), fetch));
                        return now;
                    });
                    problems.clear(PROBLEM + pack.get().pack());
                } catch (StrongroomException e) {
                    problems.raise(PROBLEM + pack.get().pack(), e);
                }
            }
        }
        looks.keySet().retainAll(known);
        clearOver();
    }

    /** Nobody needs help with a pack that is gone, or at hand. */
    private void clearOver() {
        for (String problem : problems.byName().keySet()) {
            if (problem.startsWith(PROBLEM)
                    && packs.find(UUID.fromString(problem.substring(PROBLEM.length())))
                            .filter(this::isAway)
                            .isEmpty()) {
                problems.clear(problem);
            }
        }
    }

    /** One of which a store says nothing for the moment is asked for the next time, with those behind it. */
    private void askForSiblings() {
        for (Iterator<Long> each = siblings.iterator(); each.hasNext(); each.remove()) {
            Optional<PackRow> pack = packs.find(each.next()).filter(this::isAway);
            if (pack.isPresent()) {
                try {
                    inTurn(pack.get().id(), () -> ready(pack.get(), Urgency.CLINICAL));
                } catch (StrongroomException e) {
                    if (e.kind().retryable()) {
                        return;
                    }
                    tellLasting(pack.get(), e);
                }
            }
        }
    }

    private void look(ArchivedRow row, PackRow pack, Fetch fetch) {
        Instant now = clock.instant();
        switch (row.state()) {
            case PREPARED, ARCHIVED -> {}
            case COMING -> {
                if (isTurn(row, now)) {
                    lookForComing(row, pack, now);
                }
            }
            case ARRIVED -> fetch(row, pack, fetch);
            case BACK -> {
                if (row.until() == null || !now.isBefore(row.until())) {
                    lookForBack(row, pack, now);
                }
            }
        }
    }

    /** Seldom, the longer it takes: it may be half a day. */
    private boolean isTurn(ArchivedRow row, Instant now) {
        Instant next = looks.computeIfAbsent(key(row), unused -> now);
        if (now.isBefore(next) && !next.isAfter(now.plus(LATEST))) {
            return false;
        }
        Duration half = Duration.between(row.asked(), now).dividedBy(2);
        Duration pause = half.compareTo(SOONEST) < 0 ? SOONEST : half.compareTo(LATEST) > 0 ? LATEST : half;
        looks.put(key(row), now.plus(pause));
        return true;
    }

    private void lookForComing(ArchivedRow row, PackRow pack, Instant now) {
        Shelf shelf = shelf(row, pack);
        switch (shelf.place()) {
            case COMING -> {
                if (!now.isBefore(row.ready())) {
                    archive.ready(row, now.plus(LATE));
                }
            }
            case ARCHIVED -> archive.gone(row); // whoever opens it next asks again
            case AT_HAND, BACK -> {
                archive.back(row, shelf.until().orElse(now.plus(kept(row))));
                LOG.info("pack {} is back from the archive of tier {}", pack.pack(), row.tier());
            }
        }
    }

    private Duration kept(ArchivedRow row) {
        ArchiveRules rule = rules.get(row.tier());
        return rule == null ? USUAL : rule.backFor();
    }

    private void lookForBack(ArchivedRow row, PackRow pack, Instant now) {
        Shelf shelf = shelf(row, pack);
        switch (shelf.place()) {
            case AT_HAND -> archive.atHand(row);
            case BACK -> archive.back(row, shelf.until().orElse(now.plus(DAY)));
            case ARCHIVED, COMING -> archive.gone(row);
        }
    }

    private Shelf shelf(ArchivedRow row, PackRow pack) {
        MarkedTier tier = tiers.get(row.tier());
        tier.expectOurs();
        return tier.archive().orElseThrow().shelf(PackPrologue.objectName(pack.pack()));
    }

    private void fetch(ArchivedRow row, PackRow pack, Fetch fetch) {
        CompletableFuture<Void> running = fetching.computeIfAbsent(row.pack(), unused -> fetch.of(pack));
        if (!running.isDone()) {
            return;
        }
        fetching.remove(row.pack());
        if (running.isCompletedExceptionally()) {
            LOG.debug("pack {} is back from the archive and could not be fetched now; again in a moment", pack.pack());
        } else {
            archive.fetched(row);
        }
    }

    private static ArchivedKey key(ArchivedRow row) {
        return new ArchivedKey(row.pack(), row.tier());
    }
}
