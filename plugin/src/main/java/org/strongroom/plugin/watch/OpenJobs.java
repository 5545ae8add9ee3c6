package org.strongroom.plugin.watch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.io.DurableFiles;

/**
 * Jobs that have begun and whose end is not recorded: one a line, random ids and the name of who started it. They are written a moment later, so that the many that
 * take no time cost no disk; one that is killed with Orthanc in that moment has no end. Thread-safe.
 */
final class OpenJobs {
    private static final Logger LOG = System.getLogger(OpenJobs.class.getName());
    /** More than that are not waited for: the oldest are forgotten. */
    private static final int MOST = 1000;
    /** Of a job that does not say what it is about. */
    private static final String ANY = "";

    private final Path file;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    /** The same by the key of each study, and by {@link #ANY}: each read asks. */
    private final Map<String, Set<Job>> byKey = new HashMap<>();

    /** Held while it is written: whoever asks meanwhile does not wait for the disk. */
    private final Object disk = new Object();

    private String written = "";
    /** Of the next one that begins. */
    private CountDownLatch added = new CountDownLatch(1);

    /**
     * What is recorded of its end if Orthanc does not tell.
     *
     * @param keys of the studies that it is about
     */
    record Job(String id, AuditType type, String starter, List<String> keys) {
        private List<String> names() {
            return keys.isEmpty() ? List.of(ANY) : keys;
        }
    }

    private OpenJobs(Path file) {
        this.file = file;
    }

    /** Those of before; none if the file cannot be read. */
    static OpenJobs open(Path file) {
        OpenJobs open = new OpenJobs(file);
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] words = line.split(" ", -1);
                if (words.length == 4) {
                    List<String> keys = words[3].isEmpty() ? List.of() : List.of(words[3].split(",", -1));
                    open.put(new Job(words[0], AuditType.of(words[1]), words[2], keys));
                }
            }
            open.written = open.lines();
        } catch (NoSuchFileException e) {
            return open;
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "Which jobs of Orthanc''s had no end yet cannot be read: {0}", e.toString());
        }
        return open;
    }

    synchronized void add(Job job) {
        put(job);
        added.countDown();
        added = new CountDownLatch(1);
        while (jobs.size() > MOST) {
            remove(jobs.keySet().iterator().next());
        }
    }

    private void put(Job job) {
        remove(job.id());
        jobs.put(job.id(), job);
        job.names().forEach(key -> byKey.computeIfAbsent(key, study -> new LinkedHashSet<>())
                .add(job));
    }

    /** As {@link #about}; if there is none, after the next one that begins, or after {@code patience}. */
    List<Job> aboutSoon(String key, Duration patience) throws InterruptedException {
        CountDownLatch next;
        synchronized (this) {
            next = about(key).isEmpty() ? added : new CountDownLatch(0);
        }
        boolean begun = next.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        return begun ? about(key) : List.of();
    }

    /** Its end is recorded. */
    synchronized void remove(String id) {
        Job gone = jobs.remove(id);
        if (gone != null) {
            gone.names()
                    .forEach(key -> byKey.computeIfPresent(key, (study, all) -> {
                        all.remove(gone);
                        return all.isEmpty() ? null : all;
                    }));
        }
    }

    /** Those that are about a study, by its key; else those that do not say what they are about. */
    synchronized List<Job> about(String key) {
        return List.copyOf(byKey.getOrDefault(key, byKey.getOrDefault(ANY, Set.of())));
    }

    synchronized List<Job> all() {
        return new ArrayList<>(jobs.values());
    }

    /** Durable on return. */
    void write() throws IOException {
        synchronized (disk) {
            String lines = lines();
            if (!lines.equals(written)) {
                DurableFiles.replace(file, lines.getBytes(StandardCharsets.UTF_8));
                written = lines;
            }
        }
    }

    private synchronized String lines() {
        StringBuilder lines = new StringBuilder();
        for (Job job : jobs.values()) {
            lines.append(job.id())
                    .append(' ')
                    .append(job.type().wire())
                    .append(' ')
                    .append(job.starter().replaceAll("\\s", "?"))
                    .append(' ')
                    .append(String.join(",", job.keys()))
                    .append('\n');
        }
        return lines.toString();
    }
}
