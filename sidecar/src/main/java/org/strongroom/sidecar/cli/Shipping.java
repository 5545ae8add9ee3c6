package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/** Waits for the backlog to be gone, as long as there is hope. Used by one thread. */
final class Shipping {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** What arrives meanwhile is planned so often: a study that is still coming would become many packs. */
    private static final Duration PLAN = Duration.ofSeconds(10);

    /** Between two times that a sidecar is told to try again what failed. */
    private static final Duration AGAIN = Duration.ofSeconds(5);
    /** A sidecar or an Orthanc that is started again is back by then. */
    private static final Duration RESTART = Duration.ofSeconds(60);
    /** What was mended just now is tried again, and over, by then. */
    private static final Duration MENDED = Duration.ofSeconds(30);

    private final Supplier<ControlClient> sidecar;
    private final Consumer<String> notes;
    private final RunningTime time;
    private final Sleeper sleeper;
    private Status last;
    private Duration lastOrder;
    private Duration lastPlan;
    private Duration lastAnswer;
    private Duration pluginSeen;
    private Optional<Duration> blockedSince = Optional.empty();
    private List<String> told = List.of();

    /** @param notes told what is waited for, whenever that changes */
    Shipping(Supplier<ControlClient> sidecar, Consumer<String> notes, RunningTime time, Sleeper sleeper) {
        this.sidecar = sidecar;
        this.notes = notes;
        this.time = time;
        this.sleeper = sleeper;
    }

    /** Starts shipping and returns what there is to ship. */
    Status begin(boolean now) {
        ControlClient client = sidecar.get();
        client.ship(now);
        last = client.status();
        lastAnswer = time.now();
        lastOrder = lastAnswer;
        lastPlan = lastAnswer;
        pluginSeen = lastAnswer;
        if (last.tiers().isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "there is no tier to ship to")
                    .cure("configure Strongroom.Tiers and restart Orthanc");
        }
        return last;
    }

    /**
     * Returns when the backlog is empty; what arrives meanwhile counts as well.
     *
     * @throws StrongroomException UNAVAILABLE, with every reason known, if {@code timeout} passes or receipts are impossible
     *     for want of a sidecar or an Orthanc; of another kind if it waits for what only a person can mend
     */
    Status await(boolean now, Optional<Duration> timeout, Consumer<Status> progress) throws InterruptedException {
        Optional<Duration> end = timeout.map(time.now()::plus);
        while (last.backlog().bytes() > 0 || blocked().isPresent()) {
            progress.accept(last);
            if (end.isPresent() && time.now().compareTo(end.get()) >= 0) {
                throw unfinished(FailureKind.UNAVAILABLE, "not everything was shipped in the time allowed")
                        .cure("allow more with --timeout; shipping goes on by itself");
            }
            sleeper.sleep(PAUSE);
            ask(now);
            giveUpIfOnlyAPersonHelps();
        }
        return last;
    }

    private void ask(boolean now) {
        try {
            ControlClient client = sidecar.get();
            if (since(lastOrder).compareTo(AGAIN) >= 0) {
                boolean plan = now && since(lastPlan).compareTo(PLAN) >= 0;
                client.ship(plan);
                lastOrder = time.now();
                lastPlan = plan ? lastOrder : lastPlan;
            }
            last = client.status();
            lastAnswer = time.now();
        } catch (StrongroomException e) {
            if (!e.kind().retryable() || since(lastAnswer).compareTo(RESTART) > 0) {
                throw e;
            }
            return;
        }
        if (last.plugin() == Status.Plugin.connected) {
            pluginSeen = lastAnswer;
        } else if (since(pluginSeen).compareTo(RESTART) > 0) {
            throw unfinished(FailureKind.UNAVAILABLE, "no receipts without Orthanc, which does not answer")
                    .cure("start Orthanc: only its plugin can open what the tiers hold, and a receipt needs that");
        }
    }

    private void giveUpIfOnlyAPersonHelps() {
        List<String> reasons = last.backlog().waitsFor().stream()
                .map(problem -> problem.message() + (problem.cure().isEmpty() ? "" : ". " + problem.cure()))
                .toList();
        if (!reasons.equals(told)) {
            reasons.stream()
                    .filter(reason -> !told.contains(reason))
                    .forEach(reason -> notes.accept("Waits for: " + reason));
            told = reasons;
        }
        Optional<Status.Problem> blocked = blocked();
        blockedSince = blocked.isEmpty() ? Optional.empty() : blockedSince.or(() -> Optional.of(time.now()));
        if (blocked.isPresent() && since(blockedSince.get()).compareTo(MENDED) >= 0) {
            throw unfinished(blocked.get().kind(), "something can only be shipped when a person has helped")
                    .cure(blocked.get().cure());
        }
    }

    private Optional<Status.Problem> blocked() {
        return last.backlog().waitsFor().stream()
                .filter(problem -> !problem.kind().retryable())
                .findFirst();
    }

    private Duration since(Duration moment) {
        return time.now().minus(moment);
    }

    private StrongroomException unfinished(FailureKind kind, String text) {
        StrongroomException failure = StrongroomException.of(kind, text)
                .with("instances", last.backlog().instances())
                .with("size", Amounts.bytes(last.backlog().bytes()));
        if (last.plugin() == Status.Plugin.absent) {
            failure = failure.with("Orthanc", "not connected");
        }
        for (var tier : last.tiers().entrySet()) {
            if (!tier.getValue().healthy()) {
                failure = failure.with(
                        "tier " + tier.getKey(), String.valueOf(tier.getValue().lastError()));
            }
        }
        int number = 0;
        for (Status.Problem problem : last.problems()) {
            number++;
            String cure = problem.cure().isEmpty() ? "" : ". " + problem.cure();
            failure = failure.with("problem " + number, problem.message() + cure);
        }
        return failure;
    }
}
