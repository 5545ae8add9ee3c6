package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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
import org.strongroom.core.audit.AuditType;
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

    private static final String UNKNOWN = "unknown";

    private static final Map<String, AuditType> KINDS = Map.of(
            "DicomModalityStore", AuditType.TRANSFER,
            "OrthancPeerStore", AuditType.TRANSFER,
            "DicomWebStowClient", AuditType.TRANSFER,
            "PushTransfer", AuditType.TRANSFER, // of the transfers accelerator plugin
            "ResourceModification", AuditType.MODIFY,
            "MergeStudy", AuditType.MODIFY,
            "SplitStudy", AuditType.MODIFY,
            "Archive", AuditType.ARCHIVE,
            "Media", AuditType.ARCHIVE);

    private final Function<String, JsonNode> orthanc;
    private final Function<Resource, List<String>> keys;
    private final Optional<Function<String, Optional<String>>> starters;
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
        this.keys = keys;
        this.starters = starters;
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
        JsonNode job;
        try {
            job = orthanc.apply("/jobs/" + id);
        } catch (StrongroomException e) {
            if (!again || e.kind() == FailureKind.NOT_FOUND) {
                throw e;
            }
            // While it makes an archive of nothing Orthanc fails to say how far it is.
            soon(ONCE_MORE, () -> begin(id, false));
            return;
        }
        if (!again && hasEnded(job)) {
            return; // Orthanc has told of that end, and will not again.
        }
        AuditType type = type(job.path("Type").asText(), job.path("Content"));
        List<String> resources = resources(job.path("Content"));
        if (type != null && !own.areSent(resources)) {
            List<String> keys = keys(resources);
            open.add(new OpenJobs.Job(id, type, starter(id), keys));
            if (type == AuditType.TRANSFER) {
                String to = receiverNow(job.path("Content"));
                beginning.put(id, () -> ofEach(
                                keys, event(AuditType.TRANSFER_BEGIN, id).with("to", to))
                        .forEach(audit));
                soon(untilKnown(), () -> tellBeginning(id));
            }
        }
    }

    /** Somebody orders what Orthanc does by a job: what that reads may come before Orthanc has told of it. */
    void expect() {
        expected.set(true);
    }

    /** Those that go on and are about a study, by the key of it. */
    List<Unasked.Running> runningAbout(String key) {
        return about(key).stream()
                .map(job ->
                        new Unasked.Running(job.id(), starter(job), !job.keys().isEmpty()))
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

    /** Who has started it is known a little after Orthanc tells of it. */
    private Duration untilKnown() {
        return starters.isPresent() ? UNTIL_KNOWN : Duration.ZERO;
    }

    private AuditEvent event(AuditType type, String job) {
        AuditEvent event =
                AuditEvent.of(type).by(starter(job)).with("way", "job").with("job", job);
        return starters.isEmpty() ? event.with("starter", UNKNOWN) : event;
    }

    /** Of jobs that were cancelled while they waited, and those of before a kill, Orthanc tells no end, or knows nothing. */
    void lookForEnds() {
        open.all().forEach(job -> carefully(() -> lookForEnd(job)));
    }

    private void lookForEnd(OpenJobs.Job job) {
        JsonNode told;
        try {
            told = orthanc.apply("/jobs/" + job.id());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            lost(job, "Orthanc does not know the job any more: nobody knows how it ended");
            return;
        }
        if (hasEnded(told)) {
            end(job.id(), told, () -> open.all().stream()
                    .anyMatch(one -> one.id().equals(job.id())));
        }
    }

    private static boolean hasEnded(JsonNode job) {
        String state = job.path("State").asText();
        return state.equals("Success") || state.equals("Failure");
    }

    private void lost(OpenJobs.Job job, String reason) {
        AuditEvent event = AuditEvent.of(job.type())
                .by(starter(job))
                .with("way", "job")
                .with("job", job.id())
                .failed(reason);
        for (AuditEvent one : ofEach(job.keys(), event)) {
            audit.accept(one);
        }
        if (job.type() == AuditType.TRANSFER) {
            AuditEvent alert = AuditEvent.of(AuditType.ALERT).with("way", "job").with("job", job.id());
            ofEach(job.keys(), alert)
                    .forEach(one -> audit.accept(one.failed("nobody knows whether a transfer was completed")));
        }
        open.remove(job.id());
    }

    private void remember() {
        try {
            open.write();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Which jobs of Orthanc''s have no end yet cannot be written: {0}", e.toString());
        }
    }

    private String starter(String id) {
        return starters.flatMap(known -> known.apply(id)).orElse(AuditEvent.ORTHANC);
    }

    /** When it began that may not have been known yet. */
    private String starter(OpenJobs.Job job) {
        return starters.flatMap(known -> known.apply(job.id())).orElse(job.starter());
    }

    private static List<String> resources(JsonNode content) {
        List<String> resources = new ArrayList<>();
        content.path("ParentResources").forEach(resource -> resources.add(resource.asText()));
        return resources;
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
        JsonNode told;
        try {
            told = orthanc.apply("/jobs/" + job);
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
    private void end(String job, JsonNode told, BooleanSupplier wanted) {
        if (ending.add(job)) {
            soon(untilKnown(), () -> {
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
                AuditEvent event = AuditEvent.of(job.type())
                        .by(starter(job))
                        .with("way", "job")
                        .with("job", id);
                if (job.type() == AuditType.TRANSFER || job.type() == AuditType.ARCHIVE) {
                    ofEach(job.keys(), event.with("phase", "end")).forEach(audit);
                }
                open.remove(id);
            } else if (job.id().equals(id)) {
                lost(job, "Orthanc did not complete it");
            }
        }
    }

    private void record(String id, JsonNode job) {
        AuditType type = type(job.path("Type").asText(), job.path("Content"));
        if (type == null) {
            return;
        }
        report(id, job, type);
        // Last: what is told twice because of a kill is less bad than what is told by nobody.
        open.remove(id);
    }

    private void report(String id, JsonNode job, AuditType type) {
        JsonNode content = job.path("Content");
        List<String> resources = resources(content);
        String count = content.has("TotalInstances") ? "TotalInstances" : "InstancesCount";
        boolean counted = content.has(count);
        long images = content.path(count).asLong();
        long sent = images - content.path("FailedInstancesCount").asLong();
        boolean whole = job.path("State").asText().equals("Success") && sent == images;
        boolean sends = type == AuditType.TRANSFER;
        boolean archives = type == AuditType.ARCHIVE;
        if (sends ? own.end(resources) : whole && !archives) {
            return;
        }
        AuditEvent event = event(type, id);
        if (archives) {
            event = event.with("phase", "end").with("images", images);
        }
        if (sends) {
            event = event.with("to", receiver(content));
            event = counted ? event.with("images", images) : event;
        }
        List<String> studies = keys(resources);
        for (AuditEvent one : ofEach(studies, event)) {
            audit.accept(
                    whole
                            ? archives || !counted ? one : one.with("sent", sent)
                            : sends
                                    ? one.with("sentAtMost", sent).failed("not all images were taken")
                                    : one.failed("Orthanc did not complete it"));
        }
        if (sends && !whole) {
            ofEach(studies, AuditEvent.of(AuditType.ALERT).with("way", "job").with("job", id))
                    .forEach(alert ->
                            audit.accept(alert.failed("a transfer ended before all images of a study were sent")));
        }
    }

    /** What is recorded of a job; null if nothing is. */
    private static AuditType type(String job, JsonNode content) {
        AuditType type = KINDS.get(job);
        return type == AuditType.MODIFY && content.path("IsAnonymization").asBoolean() ? AuditType.ANONYMISE : type;
    }

    /** What the audit log calls the studies of all these. */
    private List<String> keys(List<String> resources) {
        Set<String> studies = new LinkedHashSet<>();
        resources.forEach(
                id -> studies.addAll(keys.apply(new Resource(org.strongroom.plugin.access.Level.RESOURCE, false, id))));
        return List.copyOf(studies);
    }

    /** An event for each study, or one if none is known. */
    private static List<AuditEvent> ofEach(List<String> studies, AuditEvent event) {
        return studies.isEmpty()
                ? List.of(event)
                : studies.stream().map(key -> event.with("key", key)).toList();
    }

    /** As {@link #receiver}; that something begins to leave is recorded whatever Orthanc says. */
    private String receiverNow(JsonNode content) {
        try {
            return receiver(content);
        } catch (StrongroomException e) {
            return UNKNOWN;
        }
    }

    /** What Orthanc calls it, if that is one: a title or an address may be several ones', or say more than it should. */
    private String receiver(JsonNode content) {
        boolean station = content.has("RemoteAet");
        if (!station && !content.has("Peer")) {
            return UNKNOWN; // a DICOMweb server: its job does not say which
        }
        JsonNode peer = content.path("Peer");
        if (peer.isTextual()) {
            return peer.asText(); // by its name already
        }
        String wanted = station
                ? content.path("RemoteAet").asText()
                : (peer.isArray() ? peer.path(0) : peer.path("Url")).asText();
        List<String> names = orthanc.apply(station ? "/modalities?expand" : "/peers?expand").properties().stream()
                .filter(known ->
                        known.getValue().path(station ? "AET" : "Url").asText().equals(wanted))
                .map(Map.Entry::getKey)
                .toList();
        return names.size() == 1 ? names.get(0) : UNKNOWN;
    }

    @Override
    public void close() {
        thread.shutdown();
        Set.copyOf(beginning.keySet()).forEach(job -> carefully(() -> tellBeginning(job)));
        remember();
    }
}
