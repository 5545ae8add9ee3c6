package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.control.SeedExported;
import org.strongroom.core.control.SeedReconcileRequest;
import org.strongroom.core.control.SeedReconciled;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/** Has a sidecar go through what is carried on disks, step by step. Used by one thread. */
final class Seeding {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A sidecar or an Orthanc that is started again is back by then. */
    private static final Duration RESTART = Duration.ofSeconds(60);

    private final Supplier<ControlClient> sidecar;
    private final RunningTime time;
    private final Sleeper sleeper;

    Seeding(Supplier<ControlClient> sidecar, RunningTime time, Sleeper sleeper) {
        this.sidecar = sidecar;
        this.time = time;
        this.sleeper = sleeper;
    }

    /**
     * What an export came to.
     *
     * @param reasons why packs were left out, and how many
     * @param full whether it ended because the disk is full
     */
    record Written(long packs, long bytes, Map<String, Long> reasons, boolean full) {
        Written {
            reasons = Map.copyOf(reasons);
        }
    }

    /** Writes until nothing is left, or the disk is full. */
    Written export(String tier, String disk, boolean sameDisk, Consumer<Written> progress) throws InterruptedException {
        Written now = new Written(0, 0, Map.of(), false);
        Long behind = null;
        do {
            progress.accept(now);
            SeedExportRequest request = new SeedExportRequest(disk, behind, sameDisk);
            SeedExported step;
            try {
                step = ask(client -> client.exportSeed(tier, request));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.FULL) {
                    throw e;
                }
                return new Written(now.packs(), now.bytes(), now.reasons(), true);
            }
            Map<String, Long> reasons = new TreeMap<>(now.reasons());
            if (step.reason() != null) {
                reasons.merge(step.reason(), 1L, Long::sum);
            }
            now = new Written(now.packs() + (step.bytes() > 0 ? 1 : 0), now.bytes() + step.bytes(), reasons, false);
            behind = step.behind();
        } while (behind != null);
        return now;
    }

    /** Looks for everything that waits. */
    SeedReconciled reconcile(String tier, boolean keep, Consumer<SeedReconciled> progress) throws InterruptedException {
        SeedReconciled now = new SeedReconciled(null, 0, 0, 0, 0, 0);
        do {
            SeedReconcileRequest request = new SeedReconcileRequest(now.behind(), keep);
            SeedReconciled step = ask(client -> client.reconcileSeed(tier, request));
            now = new SeedReconciled(
                    step.behind(),
                    now.found() + step.found(),
                    now.foundBytes() + step.foundBytes(),
                    now.wrong() + step.wrong(),
                    now.missing() + step.missing(),
                    now.unread() + step.unread());
            progress.accept(now);
        } while (now.behind() != null);
        return now;
    }

    /** Every step may be repeated. */
    private <T> T ask(Function<ControlClient, T> question) throws InterruptedException {
        Duration hopeful = time.now();
        while (true) {
            try {
                return question.apply(sidecar.get());
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.UNAVAILABLE
                        || time.now().minus(hopeful).compareTo(RESTART) > 0) {
                    throw e;
                }
                sleeper.sleep(PAUSE);
            }
        }
    }
}
