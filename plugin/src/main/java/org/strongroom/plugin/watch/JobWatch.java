package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.JobEnds;

/**
 * Records how Orthanc's jobs have ended that were recorded when somebody asked for them: what was sent and to whom, which archives were
 * made, and what failed. Never throws. Thread-safe.
 */
public final class JobWatch implements JobEnds, AutoCloseable {
    private static final Logger LOG = System.getLogger(JobWatch.class.getName());
    /** Where users start jobs, Orthanc may tell of the end before it is known who did. */
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(1);

    /** What a job reads waits so long for Orthanc to tell that it has begun. */
    static final Duration UNTIL_TOLD = Duration.ofMillis(250);

    private static final Duration ONCE_MORE = Duration.ofSeconds(5);

    /** Those whose end Orthanc did not tell are asked for. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final Duration WRITTEN = Duration.ofSeconds(2);

    private final Function<String, JsonNode> orthanc;
    private final JobEvents events;
    private final Duration untilKnown;
    private final OwnJobs own;
    private final Consumer<AuditEvent> audit;
    private final OpenJobs open;
    private final Duration patience;
    /** Those that are about to be recorded: whoever else sees that they have ended leaves them alone. */
    private final Set<String> ending = ConcurrentHashMap.newKeySet();

    /** Begins that wait until it is known whose they are, by job: what begins to leave is in the log, whatever comes. */
    private final Map<String, Runnable> beginning = new ConcurrentHashMap<>();

    private final AtomicBoolean expected = new AtomicBoolean();

    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param orthanc what it says of something, by its path; NOT_FOUND if it is not there
     * @param keys what the audit log calls the studies of a resource
     * @param starters name of the user who has started a job; empty where there are no users
     * @param own left out here
     * @param audit returns when an event is durable
     * @param open those of before
     * @param patience how long what a job reads waits for Orthanc to tell that it has begun
     */
    JobWatch(
            Function<String, JsonNode> orthanc,
            Function<Resource, List<String>> keys,
            Optional<Function<String, Optional<String>>> starters,
            OwnJobs own,
            Consumer<AuditEvent> audit,
            OpenJobs open,
            Duration patience) {
        this.orthanc = orthanc;
        this.events = new JobEvents(keys, starters);
        // Who has started it is known a little after Orthanc tells of it.
        this.untilKnown = starters.isPresent() ? UNTIL_KNOWN : Duration.ZERO;
        this.own = own;
        this.audit = audit;
        this.open = open;
        this.patience = patience;
        thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "strongroom-jobs");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        Future<?> unused = thread.scheduleWithFixedDelay(
                () -> carefully(this::lookForEnds), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        Future<?> unusedToo = thread.scheduleWithFixedDelay(
                this::remember, WRITTEN.toMillis(), WRITTEN.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void begun(String job) {
        soon(Duration.ZERO, () -> begin(job, true));
    }

    /** Remembered: Orthanc may be killed, or forget it. */
    private void begin(String id, boolean again) {
        ToldJob job;
        try {
            job = told(id);
        } catch (StrongroomException e) {
            if (!again || e.kind() == FailureKind.NOT_FOUND) {
                throw e;
            }
            // While it makes an archive of nothing Orthanc fails to say how far it is.
            soon(ONCE_MORE, () -> begin(id, false));
            return;
        }
        if (!again && job.hasEnded()) {
            return; // Orthanc has told of that end, and will not again.
        }
        if (job.type().isPresent() && !own.areSent(job.resources())) {
            List<String> keys = events.keys(job.resources());
            open.add(new OpenJobs.Job(id, job.type().get(), events.starter(id), keys));
            if (job.sends()) {
                String to = job.receiverNow(orthanc);
                beginning.put(id, () -> events.begun(id, keys, to).forEach(audit));
                soon(untilKnown, () -> tellBeginning(id));
            }
        }
    }

    private ToldJob told(String job) {
        return ToldJob.of(orthanc.apply("/jobs/" + job));
    }

    /** Somebody orders what Orthanc does by a job: what that reads may come before Orthanc has told of it. */
    void expect() {
        expected.set(true);
    }

    /** Those that go on and are about a study, by the key of it. */
    List<Unasked.Running> runningAbout(String key) {
        return about(key).stream()
                .map(job -> new Unasked.Running(
                        job.id(), events.starter(job), !job.keys().isEmpty()))
                .toList();
    }

    private List<OpenJobs.Job> about(String key) {
        List<OpenJobs.Job> now = open.about(key);
        if (now.isEmpty() && expected.compareAndSet(true, false)) { // one read for each order, whatever comes of it
            try {
                now = open.aboutSoon(key, patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return now;
    }

    boolean isBeginning(String job) {
        return beginning.containsKey(job);
    }

    private void tellBeginning(String job) {
        Runnable told = beginning.remove(job);
        if (told != null) {
            told.run();
        }
    }

    /** Of jobs that were cancelled while they waited, and those of before a kill, Orthanc tells no end, or knows nothing. */
    void lookForEnds() {
        open.all().forEach(job -> carefully(() -> lookForEnd(job)));
    }

    private void lookForEnd(OpenJobs.Job job) {
        ToldJob told;
        try {
            told = told(job.id());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            lost(job, "Orthanc does not know the job any more: nobody knows how it ended");
            return;
        }
        if (told.hasEnded()) {
            end(job.id(), told, () -> open.all().stream()
                    .anyMatch(one -> one.id().equals(job.id())));
        }
    }

    private void lost(OpenJobs.Job job, String reason) {
        events.lost(job, reason).forEach(audit);
        open.remove(job.id());
    }

    private void remember() {
        try {
            open.write();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Which jobs of Orthanc''s have no end yet cannot be written: {0}", e.toString());
        }
    }

    @Override
    public void ended(String job, boolean well) {
        soon(Duration.ZERO, () -> look(job, well, true));
    }

    private void soon(Duration later, Runnable work) {
        try {
            Future<?> unused = thread.schedule(() -> carefully(work), later.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Orthanc stops; how its last jobs ended is not recorded", e);
        }
    }

    private static void carefully(Runnable work) {
        try {
            work.run();
        } catch (StrongroomException e) {
            LOG.log(
                    e.kind() == FailureKind.NOT_FOUND ? Level.DEBUG : Level.WARNING,
                    "How a job of Orthanc''s ended is not recorded: it does not tell ({0})",
                    e.kind());
        } catch (RuntimeException e) {
            // Not its message: it may name what the job was about.
            LOG.log(
                    Level.ERROR,
                    "How a job of Orthanc''s ended is not recorded: {0}",
                    e.getClass().getName());
        }
    }

    /** At once: Orthanc keeps the last few only. */
    private void look(String job, boolean well, boolean again) {
        ToldJob told;
        try {
            told = told(job);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                forgotten(job, well);
            }
            if (!again || e.kind() == FailureKind.NOT_FOUND) {
                throw e;
            }
            soon(ONCE_MORE, () -> look(job, well, false));
            return;
        }
        end(job, told, () -> true);
    }

    /** @param wanted asked when it is recorded: it may have been meanwhile */
    private void end(String job, ToldJob told, BooleanSupplier wanted) {
        if (ending.add(job)) {
            soon(untilKnown, () -> {
                try {
                    if (wanted.getAsBoolean()) {
                        record(job, told);
                    }
                } finally {
                    ending.remove(job);
                }
            });
        }
    }

    /** Orthanc keeps no jobs, or fewer than have ended since: what it said is all that is known. */
    private void forgotten(String id, boolean well) {
        for (OpenJobs.Job job : open.all()) {
            if (job.id().equals(id) && well) {
                events.completed(job).forEach(audit);
                open.remove(id);
            } else if (job.id().equals(id)) {
                lost(job, "Orthanc did not complete it");
            }
        }
    }

    private void record(String id, ToldJob job) {
        if (job.type().isEmpty()) {
            return;
        }
        if (isWorthAnEvent(job)) {
            String to = job.sends() ? job.receiver(orthanc) : "";
            events.ended(id, job, job.type().get(), to).forEach(audit);
        }
        // Last: what is told twice because of a kill is less bad than what is told by nobody.
        open.remove(id);
    }

    /** What was changed is recorded where it was asked for. */
    private boolean isWorthAnEvent(ToldJob job) {
        return job.sends() ? !own.end(job.resources()) : job.archives() || !job.whole();
    }

    @Override
    public void close() {
        thread.shutdown();
        Set.copyOf(beginning.keySet()).forEach(job -> carefully(() -> tellBeginning(job)));
        remember();
    }
}
