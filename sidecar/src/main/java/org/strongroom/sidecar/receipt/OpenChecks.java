package org.strongroom.sidecar.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.work.WorkDesk;

/** Asks the plugin to open samples of checked copies; its yes is the last part of a receipt. Thread-safe. */
public final class OpenChecks {
    private static final Logger LOG = LoggerFactory.getLogger(OpenChecks.class);
    private static final int AT_ONCE = 64;
    /** Between two bundles that are made for one copy because the plugin found the one before stale. */
    private static final Duration RENEWAL = Duration.ofMinutes(10);

    private final CopyTable copies;
    private final PackTable packs;
    private final TierTable table;
    private final ErasureTable erasures;
    private final WorkDesk desk;
    private final Problems problems;
    private final InstantSource clock;
    private final RunningTime time;
    private final LongConsumer received;
    private final Map<String, Duration> renewed = new ConcurrentHashMap<>();

    /** @param received told the ledger's number of each pack that got a receipt */
    public OpenChecks(
            CopyTable copies,
            PackTable packs,
            TierTable table,
            ErasureTable erasures,
            WorkDesk desk,
            Problems problems,
            InstantSource clock,
            RunningTime time,
            LongConsumer received) {
        this.copies = copies;
        this.packs = packs;
        this.table = table;
        this.erasures = erasures;
        this.desk = desk;
        this.problems = problems;
        this.clock = clock;
        this.time = time;
        this.received = received;
    }

    /** Offers what waits in a tier; what is offered already stays as it is. */
    public void offer(String tier) {
        for (CopyRow copy : copies.checked(tier, AT_ONCE)) {
            packs.find(copy.pack()).ifPresent(pack -> sample(copy, pack));
        }
    }

    /** Has samples of a copy opened, now and once more if it is scrubbed; one that does not open is no receipt any more. */
    public void sample(CopyRow copy, PackRow pack) {
        if (erasures.isDestroyed(pack.key())) {
            return; // nobody can open it, and it goes
        }
        desk.offer(
                new Work.OpenCheck(id(copy.tier(), pack.pack()), copy.tier(), pack.pack(), pack.bytes(), copy.bundle()),
                answer -> answered(copy, pack, answer));
    }

    private boolean answered(CopyRow copy, PackRow pack, WorkAnswer answer) {
        String problem = "receipt/" + copy.tier() + "/" + pack.pack();
        if (answer.ok()) {
            problems.clear(problem);
            renewed.remove(problem);
            if (copies.received(copy, clock.instant())) {
                problems.clear("fetch/" + copy.tier() + "/" + pack.pack());
                LOG.info("receipt: pack {} in tier {}", pack.pack(), copy.tier());
                received.accept(pack.id());
            }
            return true;
        }
        boolean bad = answer.kind() == FailureKind.CORRUPT;
        problems.raise(
                problem,
                answer.kind(),
                "the plugin did not open pack " + pack.pack() + " in tier " + copy.tier() + ": " + answer.message(),
                bad ? "Check the tier; the copy is looked at and made again if another one is whole" : answer.cure());
        if (bad) {
            copies.suspect(copy);
        }
        // What is not there any more may be a bundle that another one took the place of.
        boolean renewable = answer.kind() == FailureKind.STALE || answer.kind() == FailureKind.NOT_FOUND;
        return bad || (renewable && renew(copy, problem));
    }

    /** Whether the copy is checked once more, with a new bundle: the pack itself opened, or was not even tried. */
    private boolean renew(CopyRow copy, String problem) {
        Duration now = time.now();
        Duration last = renewed.get(problem);
        if (last != null && now.minus(last).compareTo(RENEWAL) < 0) {
            return false;
        }
        renewed.put(problem, now);
        table.forgetBundle(copy.tier(), copy.bundle());
        copies.uploaded(copy);
        return true;
    }

    /** The same after a restart, so that a late answer still counts. */
    private static String id(String tier, UUID pack) {
        return UUID.nameUUIDFromBytes((tier + "/" + pack).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
