package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.RetentionSettings;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.retention.RetentionPlanCommand.Made;
import org.strongroom.plugin.offline.shred.ShredOrders;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Execution;

/**
 * Hands studies over to be erased, one after the other, and goes on with those that a kill broke off. Between any two steps it leaves the
 * desk to whoever wants to undo, and looks again whether they did. For one thread.
 */
final class RetentionSweep {
    /** For so long the desk is free between two steps; longer than {@link RetentionDesk#await} looks for it. */
    private static final Duration FREE = Duration.ofMillis(300);
    /** So often, one behind the other, nobody answers before it ends: Orthanc or the sidecar went, and every other study would fail too. */
    private static final int SILENT = 3;

    private final Place place;
    private final Keyring keyring;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Running running;
    private final Map<UUID, Erasure> before;
    private final List<Lost> lost = new ArrayList<>();
    private final Map<String, Long> failures = new TreeMap<>();

    /** What runs beside it. */
    interface Running {
        /** As {@link ControlClient#erase}. */
        void erase(ErasureRequest request);

        /** How many files of a key Orthanc has not removed; UNAVAILABLE while nobody can tell. */
        long living(UUID key);

        /** Every key that has something, as it is now. */
        void studies(Consumer<StudyStatus> each);

        static Running of(ControlClient sidecar) {
            return new Running() {
                @Override
                public void erase(ErasureRequest request) {
                    sidecar.erase(request);
                }

                @Override
                public long living(UUID key) {
                    return sidecar.remains(key).living();
                }

                @Override
                public void studies(Consumer<StudyStatus> each) {
                    sidecar.studies(each);
                }
            };
        }
    }

    /**
     * A study that Orthanc has lost something of, and that is not erased; told in each run, until it is back or purged.
     *
     * @param before until when that comes back
     */
    record Lost(UUID erasure, List<UUID> keys, Instant before) {}

    /**
     * What came of it.
     *
     * @param erased erasures whose keys are destroyed now
     * @param execution what was meant to be done
     * @param failures how many studies were not erased, by the reason
     */
    record Result(List<UUID> erased, Execution execution, Map<String, Long> failures, List<Lost> lost) {}

    /** Something that is done at the desk. */
    private interface Step {
        void with(Approvals approvals) throws IOException;
    }

    RetentionSweep(Place place, Keyring keyring, Clock clock, Sleeper sleeper, Running running) throws IOException {
        this.place = place;
        this.keyring = keyring;
        this.clock = clock;
        this.sleeper = sleeper;
        this.running = running;
        before = erasures();
    }

    private Map<UUID, Erasure> erasures() throws IOException {
        return ShredOrders.read(place, keyring, clock).stream()
                .collect(Collectors.toMap(Erasure::id, Function.identity()));
    }

    /** One study that cannot be erased holds up no other; what makes all of them fail ends it. */
    Result run(Made made) throws IOException, InterruptedException {
        RetentionSettings settings = place.settings().retention();
        Approvals approvals = Approvals.read(place.home(), keyring);
        Execution execution = Execution.of(
                approvals.all(),
                made.studies(),
                made.at(),
                settings.grace(),
                settings.dailyLimit() - approvals.handedBefore(made.at()),
                keyring::isDestroyed,
                id -> before.containsKey(id) && before.get(id).withdrawn().isPresent());
        List<UUID> erased = new ArrayList<>();
        int silent = 0;
        for (Execution.Study study : execution.go()) {
            Approval.Handed handed =
                    study.handed().orElseGet(() -> new Approval.Handed(UUID.randomUUID(), study.keys(), made.at()));
            try {
                if (study.isDue()) {
                    erase(study, handed, made);
                    erased.add(handed.erasure());
                } else {
                    takeBack(study, handed, made);
                }
                silent = 0;
            } catch (StrongroomException e) {
                failures.merge(e.text(), 1L, Long::sum);
                silent = e.kind() == FailureKind.UNAVAILABLE ? silent + 1 : 0;
                if (silent == SILENT) {
                    break;
                }
            } catch (IOException e) {
                failures.merge("Home cannot be read or written: " + e.getMessage(), 1L, Long::sum);
                break;
            }
        }
        return result(erased, execution, made);
    }

    private Result result(List<UUID> erased, Execution execution, Made made) {
        try {
            Map<UUID, Erasure> after = erasures();
            for (UUID id : List.copyOf(erased)) {
                Erasure one = after.get(id);
                if (!one.destroyed().containsAll(one.keys())) {
                    erased.remove(id);
                    failures.merge("a hold came meanwhile", 1L, Long::sum);
                }
            }
            lost.addAll(lostBefore(after, made));
        } catch (IOException e) {
            failures.merge("nobody can tell whether it was erased: " + e.getMessage(), (long) erased.size(), Long::sum);
            erased.clear();
        }
        return new Result(erased, execution, failures, List.copyOf(lost));
    }

    /** What an earlier run told already, and nobody brought back, or erased: a person may have missed it. */
    private List<Lost> lostBefore(Map<UUID, Erasure> after, Made made) throws IOException {
        Set<UUID> done = new HashSet<>();
        after.values().forEach(one -> done.addAll(one.destroyed()));
        lost.forEach(one -> done.addAll(one.keys()));
        return Approvals.read(place.home(), keyring).all().stream()
                .flatMap(approval -> approval.handed().stream())
                .filter(handed -> before.containsKey(handed.erasure()))
                .filter(handed -> handed.keys().stream().anyMatch(key -> !done.contains(key) && made.hasRemoved(key)))
                .map(this::lost)
                .toList();
    }

    private Lost lost(Approval.Handed handed) {
        return new Lost(
                handed.erasure(),
                handed.keys(),
                handed.at().plus(place.settings().forget().grace()));
    }

    private void erase(Execution.Study study, Approval.Handed handed, Made made)
            throws IOException, InterruptedException {
        Approval approval = study.approval();
        UUID id = handed.erasure();
        List<UUID> keys = handed.keys();
        boolean begun = study.handed().isPresent();
        try {
            atDesk(study, approvals -> {
                requireNothingNew(study, made);
                if (study.handed().isEmpty()) {
                    approvals.hand(approval.digest(), handed);
                }
                if (!before.containsKey(id)) {
                    running.erase(ErasureOrder.order(keyring, id, approval.order(), keys));
                }
            });
            begun = true;
            deleteAll(study, handed, made);
            atDesk(study, approvals -> {
                requireNothingNew(study, made);
                running.erase(ErasureOrder.approve(keyring, id, approval.agreement(), keys));
            });
        } catch (StrongroomException | IOException e) {
            if (begun) {
                tellLost(study, handed, made);
            }
            throw e;
        }
    }

    /** Some at a time, each looked at anew. */
    private void deleteAll(Execution.Study study, Approval.Handed handed, Made made)
            throws IOException, InterruptedException {
        List<UUID> keys = handed.keys();
        Set<UUID> files = new HashSet<>();
        keys.forEach(key -> files.addAll(made.living().getOrDefault(key, List.of())));
        ErasureRequest delete =
                ErasureOrder.delete(keyring, handed.erasure(), study.approval().agreement(), keys, files);
        long left = living(keys);
        do {
            atDesk(study, approvals -> {
                requireNothingNew(study, made);
                running.erase(delete);
            });
            long now = living(keys);
            if (now > 0 && now >= left) {
                throw StrongroomException.of(FailureKind.REFUSED, "Orthanc does not delete all of it")
                        .cure("Look in Orthanc's log, then run this again");
            }
            left = now;
        } while (left > 0);
    }

    private long living(List<UUID> keys) {
        return keys.stream().mapToLong(running::living).sum();
    }

    private void requireNothingNew(Execution.Study study, Made made) throws IOException {
        boolean came = made.arrived()
                .isOfPatient(study.keys(), running::studies, () -> Keyring.read(place.home(), place.source(), clock));
        if (came) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "something arrived meanwhile that is, or may be, of the same patient")
                    .cure("The next run looks whether that changes it");
        }
    }

    /** It was ordered, and a rule or a hold wants it again: what Orthanc deleted of it comes back with undelete. */
    private void takeBack(Execution.Study study, Approval.Handed handed, Made made)
            throws IOException, InterruptedException {
        tellLost(study, handed, made);
        if (before.containsKey(handed.erasure())) {
            atDesk(
                    study,
                    approvals -> running.erase(ErasureOrder.withdraw(
                            keyring, handed.erasure(), study.approval().agreement())));
        }
    }

    /** Before anything else can fail: somebody has to bring it back in time. */
    private void tellLost(Execution.Study study, Approval.Handed handed, Made made)
            throws IOException, InterruptedException {
        boolean hadLost = study.handed().isPresent() && handed.keys().stream().anyMatch(made::hasRemoved);
        if (!hadLost && !hasLost(handed, made)) {
            return;
        }
        Lost one = lost(handed);
        lost.add(one);
        RetentionDesk desk = RetentionDesk.await(place, clock, sleeper);
        try (desk) {
            desk.record(AuditEvent.of(AuditType.ALERT)
                    .by(AuditEvent.COMMAND_LINE)
                    .with("erasure", one.erasure())
                    .with("plan", study.approval().digest())
                    .with("deleted", "by a retention plan, not erased")
                    .with("before", one.before().toString()));
        }
    }

    /** Whether Orthanc has less of it than the plan looked at; if nobody can tell, it may. */
    private boolean hasLost(Approval.Handed handed, Made made) {
        long planned = handed.keys().stream()
                .mapToLong(key -> made.living().getOrDefault(key, List.of()).size())
                .sum();
        try {
            return living(handed.keys()) < planned;
        } catch (StrongroomException e) {
            return true;
        }
    }

    /** Where nobody can undo at the same time; not if somebody did before, or another run is at this study. */
    private void atDesk(Execution.Study study, Step step) throws IOException, InterruptedException {
        sleeper.sleep(FREE);
        RetentionDesk desk = RetentionDesk.await(place, clock, sleeper);
        try (desk) {
            Approvals approvals = Approvals.read(place.home(), keyring);
            Approval planned = study.approval();
            Optional<Approval> now = approvals.open(planned.digest());
            if (now.filter(one -> planned.first().equals(one.first())
                            && planned.second().equals(one.second()))
                    .isEmpty()) {
                throw StrongroomException.of(FailureKind.REFUSED, "its approval was taken back meanwhile")
                        .cure("Nothing more of it is deleted: strongroom retention list");
            }
            step.with(approvals);
        }
    }
}
