package org.strongroom.plugin.watch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Path file;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private String written = "";

    /**
     * What is recorded of its end if Orthanc does not tell.
     *
     * @param keys of the studies that it is about
     */
    record Job(String id, AuditType type, String starter, List<String> keys) {}

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
                    open.jobs.put(words[0], new Job(words[0], AuditType.of(words[1]), words[2], keys));
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
        jobs.put(job.id(), job);
        while (jobs.size() > MOST) {
            jobs.remove(jobs.keySet().iterator().next());
        }
    }

    /** Its end is recorded. */
    synchronized void remove(String id) {
        jobs.remove(id);
    }

    synchronized List<Job> all() {
        return new ArrayList<>(jobs.values());
    }

    /** Durable on return. */
    synchronized void write() throws IOException {
        String lines = lines();
        if (!lines.equals(written)) {
            DurableFiles.replace(file, lines.getBytes(StandardCharsets.UTF_8));
            written = lines;
        }
    }

    private String lines() {
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
