package org.strongroom.plugin.watch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;

/** What the audit log has of a job: an event for each study that it is about, or one if none is known. Thread-safe. */
final class JobEvents {
    private final Function<Resource, List<String>> keys;
    private final Optional<Function<String, Optional<String>>> starters;

    /**
     * @param keys what the audit log calls the studies of a resource
     * @param starters name of the user who has started a job; empty where there are no users
     */
    JobEvents(Function<Resource, List<String>> keys, Optional<Function<String, Optional<String>>> starters) {
        this.keys = keys;
        this.starters = starters;
    }

    /** What the log calls the studies of all these. */
    List<String> keys(List<String> resources) {
        Set<String> studies = new LinkedHashSet<>();
        resources.forEach(id -> studies.addAll(keys.apply(new Resource(Level.RESOURCE, false, id))));
        return List.copyOf(studies);
    }

    String starter(String id) {
        return starters.flatMap(known -> known.apply(id)).orElse(AuditEvent.ORTHANC);
    }

    /** When it began that may not have been known yet. */
    String starter(OpenJobs.Job job) {
        return starters.flatMap(known -> known.apply(job.id())).orElse(job.starter());
    }

    /** Something begins to leave. */
    List<AuditEvent> begun(String id, List<String> studies, String to) {
        return ofEach(studies, event(AuditType.TRANSFER_BEGIN, id).with("to", to));
    }

    /**
     * It has ended, as Orthanc tells it.
     *
     * @param type what is recorded of it
     * @param to where it sent, if it did
     */
    List<AuditEvent> ended(String id, ToldJob job, AuditType type, String to) {
        AuditEvent event = event(type, id);
        if (job.archives()) {
            event = ofArchive(event, job);
        } else if (job.sends()) {
            event = ofTransfer(event, job, to);
        } else {
            event = job.whole() ? event : event.failed("Orthanc did not complete it");
        }
        List<String> studies = keys(job.resources());
        List<AuditEvent> events = new ArrayList<>(ofEach(studies, event));
        if (job.sends() && !job.whole()) {
            events.addAll(alerts(id, studies, "a transfer ended before all images of a study were sent"));
        }
        return events;
    }

    private static AuditEvent ofArchive(AuditEvent event, ToldJob job) {
        AuditEvent made = event.with("phase", "end").with("images", job.images());
        return job.whole() ? made : made.failed("Orthanc did not complete it");
    }

    private static AuditEvent ofTransfer(AuditEvent event, ToldJob job, String to) {
        AuditEvent received = event.with("to", to);
        AuditEvent counted = job.counted() ? received.with("images", job.images()) : received;
        if (!job.whole()) {
            return counted.with("sentAtMost", job.sent()).failed("not all images were taken");
        }
        return job.counted() ? counted.with("sent", job.sent()) : counted;
    }

    /** It ended well, and that is all that Orthanc said. */
    List<AuditEvent> completed(OpenJobs.Job job) {
        boolean told = job.type() == AuditType.TRANSFER || job.type() == AuditType.ARCHIVE;
        return told ? ofEach(job.keys(), remembered(job).with("phase", "end")) : List.of();
    }

    /** It will not be known what became of it. */
    List<AuditEvent> lost(OpenJobs.Job job, String reason) {
        List<AuditEvent> events =
                new ArrayList<>(ofEach(job.keys(), remembered(job).failed(reason)));
        if (job.type() == AuditType.TRANSFER) {
            events.addAll(alerts(job.id(), job.keys(), "nobody knows whether a transfer was completed"));
        }
        return events;
    }

    private AuditEvent event(AuditType type, String job) {
        AuditEvent event = ofJob(type, job).by(starter(job));
        return starters.isEmpty() ? event.with("starter", ToldJob.UNKNOWN) : event;
    }

    private AuditEvent remembered(OpenJobs.Job job) {
        return ofJob(job.type(), job.id()).by(starter(job));
    }

    private static List<AuditEvent> alerts(String job, List<String> studies, String reason) {
        return ofEach(studies, ofJob(AuditType.ALERT, job).failed(reason));
    }

    private static AuditEvent ofJob(AuditType type, String job) {
        return AuditEvent.of(type).with("way", "job").with("job", job);
    }

    private static List<AuditEvent> ofEach(List<String> studies, AuditEvent event) {
        return studies.isEmpty()
                ? List.of(event)
                : studies.stream().map(key -> event.with("key", key)).toList();
    }
}
