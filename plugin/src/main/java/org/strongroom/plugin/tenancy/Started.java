package org.strongroom.plugin.tenancy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;

/**
 * What users have started in Orthanc: jobs, which go on across a restart, and queries, which do not; and whose the studies will be that
 * jobs make anew, which nothing in an image tells. Thread-safe.
 */
public final class Started {
    private static final System.Logger LOG = System.getLogger(Started.class.getName());
    private static final String FILE = "started";
    private static final int MOST_JOBS = 1000;
    private static final int MOST_OF_ONE = 100;
    private static final int MOST_QUERIES = 10_000;
    /** A job whose id was never learned is over by then: Orthanc was killed while it was started. */
    private static final Duration LONGEST_UNKNOWN = Duration.ofDays(1);

    private static final String UNKNOWN = "starting-";
    private static final String NOBODY = "";

    private final Consumer<List<Job>> lasting;
    private final InstantSource clock;
    /** Read by threads that store, which wait for nobody; changed by one at a time. */
    private volatile List<Job> jobs;

    private final Map<String, String> queries = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_QUERIES;
        }
    });

    /** What the file holds, the oldest first. */
    record Content(List<Job> jobs) {
        Content {
            jobs = jobs == null ? List.of() : List.copyOf(jobs);
        }
    }

    /**
     * A job of Orthanc's.
     *
     * @param id Orthanc's; one of Strongroom's own until that is known
     * @param makes what is expected of it; nothing as soon as it is over
     * @param over whether that is known
     */
    public record Job(String id, String user, Instant at, Coming makes, boolean over) {
        /** Its id only. */
        @Override
        public String toString() {
            return id;
        }
    }

    /**
     * Studies that a job makes.
     *
     * @param tenant whose they will be
     * @param patients what their patient may be known by here
     * @param studies StudyInstanceUIDs that were chosen for them, as {@link StudyTenants} knows them
     */
    public record Coming(String tenant, Set<UUID> patients, Set<UUID> studies) {
        /** None. */
        public static final Coming NOTHING = new Coming("", Set.of(), Set.of());

        public Coming {
            patients = Set.copyOf(patients);
            studies = Set.copyOf(studies);
        }

        boolean isOf(Set<UUID> known) {
            return !Collections.disjoint(patients, known);
        }

        /** The tenant only: the others may be traced to a person. */
        @Override
        public String toString() {
            return tenant;
        }
    }

    /**
     * @param jobs that were started before
     * @param lasting returns when they will be known after a restart as well
     */
    public Started(List<Job> jobs, Consumer<List<Job>> lasting, InstantSource clock) {
        this.jobs = List.copyOf(jobs);
        this.lasting = lasting;
        this.clock = clock;
    }

    /** @throws StrongroomException CORRUPT if the file is not what was written */
    public static Started open(Path folder, Keyring keyring, InstantSource clock) throws IOException {
        StateFile<Content> file = new StateFile<>(folder.resolve(FILE + ".strs"), FILE, keyring, Content.class);
        List<Job> jobs = file.read(
                        "who has started which job is not known any more",
                        "Remove the file: nobody sees the jobs of before, and what they make is quarantine's")
                .map(Content::jobs)
                .orElse(List.of());
        return new Started(jobs, now -> file.write(new Content(now)), clock);
    }

    /** Name of the user who has started a job or query; empty if nobody knows. */
    public Optional<String> starter(Resource resource) {
        if (resource.level() == Level.QUERY) {
            return Optional.ofNullable(queries.get(resource.id()));
        }
        return resource.level() == Level.JOB
                ? jobs.stream()
                        .filter(job -> job.id().equals(resource.id()))
                        .map(Job::user)
                        .filter(user -> !user.equals(NOBODY))
                        .findFirst()
                : Optional.empty();
    }

    /** The tenant of a study that is nobody's yet and that a job stores; empty if no job that was started here makes one of this patient. */
    public Optional<String> tenantOf(Set<UUID> patients) {
        return jobs.stream()
                .map(Job::makes)
                .filter(makes -> makes.isOf(patients))
                .map(Coming::tenant)
                .findFirst();
    }

    /** What jobs are expected to make. */
    public List<Coming> coming() {
        return jobs.stream().map(Job::makes).filter(Started::isSomething).toList();
    }

    private static boolean isSomething(Coming makes) {
        return !makes.patients().isEmpty();
    }

    /**
     * A job is about to be started; durable when this returns. From now on new studies of these patients are this tenant's, if a job
     * stores them.
     *
     * @param isOver whether a job, by its id, makes nothing any more
     * @return its id until {@link #started} or {@link #forget}
     * @throws StrongroomException UNAVAILABLE if another tenant's job is making studies of the same patient, since nobody could tell
     *     them apart, or if too many are going on
     */
    public String expect(String user, Coming makes, Predicate<String> isOver) {
        Instant now = clock.instant();
        Set<String> over = jobs.stream()
                .filter(job -> !job.over() && (isSomething(job.makes()) || isFull(user)))
                .filter(job -> job.id().startsWith(UNKNOWN)
                        ? job.at().plus(LONGEST_UNKNOWN).isBefore(now)
                        : isOver.test(job.id()))
                .map(Job::id)
                .collect(Collectors.toSet());
        synchronized (this) {
            jobs = jobs.stream()
                    .map(job -> over.contains(job.id()) ? ended(job) : job)
                    .toList();
            if (tenantOf(makes.patients())
                    .filter(tenant -> !tenant.equals(makes.tenant()))
                    .isPresent()) {
                throw busy("Orthanc is busy with something that would be mixed up with this");
            }
            Job job = new Job(UNKNOWN + UUID.randomUUID(), user, now, makes, false);
            write(with(job));
            return job.id();
        }
    }

    private static StrongroomException busy(String why) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, why).cure("Try again in a minute");
    }

    private static Job ended(Job job) {
        return new Job(job.id(), job.user(), job.at(), Coming.NOTHING, true);
    }

    private boolean isFull(String user) {
        return hasMany(user) || jobs.size() >= MOST_JOBS;
    }

    private boolean hasMany(String user) {
        return jobs.stream().filter(job -> job.user().equals(user)).count() >= MOST_OF_ONE;
    }

    /** The oldest that is over goes: of this user, if there are many, else of anybody. */
    private List<Job> with(Job job) {
        List<Job> more = new ArrayList<>(jobs);
        if (isFull(job.user())) {
            boolean own = hasMany(job.user());
            Job oldest = more.stream()
                    .filter(one -> one.over() && (!own || one.user().equals(job.user())))
                    .findFirst()
                    .orElseThrow(() -> busy("too many jobs are going on"));
            more.remove(oldest);
        }
        more.add(job);
        return more;
    }

    private void write(List<Job> now) {
        lasting.accept(now);
        jobs = List.copyOf(now);
    }

    /** Orthanc's id of a job that was expected; durable when this returns, and known here also if it throws. */
    public synchronized void started(String expected, String id) {
        jobs = jobs.stream()
                .map(job ->
                        job.id().equals(expected) ? new Job(id, job.user(), job.at(), job.makes(), job.over()) : job)
                .toList();
        lasting.accept(jobs);
    }

    /** A job that was expected was not started. */
    public synchronized void forget(String expected) {
        jobs = jobs.stream().filter(job -> !job.id().equals(expected)).toList();
        try {
            lasting.accept(jobs);
        } catch (StrongroomException e) {
            LOG.log(System.Logger.Level.DEBUG, "After a restart it is expected for a day at most", e);
        }
    }

    /** A job makes nothing any more. */
    public synchronized void over(String id) {
        jobs = jobs.stream().map(job -> job.id().equals(id) ? ended(job) : job).toList();
    }

    /**
     * Nobody has started what this user has; what is expected of it stays. Durable when this returns.
     *
     * @return whether there was anything
     */
    public synchronized boolean forgetUser(String user) {
        List<Job> left = jobs.stream()
                .map(job ->
                        job.user().equals(user) ? new Job(job.id(), NOBODY, job.at(), job.makes(), job.over()) : job)
                .toList();
        boolean changed = !left.equals(jobs);
        if (changed) {
            write(left);
        }
        return changed;
    }

    /** Orthanc keeps the answers of a query. */
    public void query(String id, String user) {
        queries.put(id, user);
    }
}
