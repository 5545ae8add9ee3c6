package org.strongroom.plugin.watch;

import java.io.IOException;
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
 * Jobs that have begun and whose end is not recorded, also across a kill: one a line, random ids only. For one thread.
 */
final class OpenJobs {
    /** More than that are not waited for: the oldest are forgotten. */
    private static final int MOST = 1000;

    private final Path file;
    private final Map<String, Job> jobs = new LinkedHashMap<>();

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
    static OpenJobs open(Path file) throws IOException {
        OpenJobs open = new OpenJobs(file);
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] words = line.split(" ", -1);
                if (words.length == 4) {
                    List<String> keys = words[3].isEmpty() ? List.of() : List.of(words[3].split(",", -1));
                    open.jobs.put(words[0], new Job(words[0], AuditType.of(words[1]), words[2], keys));
                }
            }
        } catch (NoSuchFileException | IllegalArgumentException e) {
            return open;
        }
        return open;
    }

    /** Durable on return. */
    void add(Job job) throws IOException {
        jobs.put(job.id(), job);
        while (jobs.size() > MOST) {
            jobs.remove(jobs.keySet().iterator().next());
        }
        write();
    }

    /** Its end is recorded. */
    void remove(String id) throws IOException {
        if (jobs.remove(id) != null) {
            write();
        }
    }

    List<Job> all() {
        return new ArrayList<>(jobs.values());
    }

    private void write() throws IOException {
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
        DurableFiles.replace(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
