package org.strongroom.plugin.watch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.audit.Viewing;

/**
 * What Orthanc reads for, where no request asks: it does not say, and all its threads are called alike. So it is told by what there is at that moment: a job that
 * is about the study, or a station that is connected. Where there is both, both are told; where there is neither, it reads for itself, a script or a plugin.
 * Thread-safe.
 */
final class Unasked {
    private static final String WAY = "way";

    private final Function<String, List<Running>> jobs;
    private final Supplier<Set<String>> stations;
    private final Supplier<String> services;

    /**
     * A job that goes on.
     *
     * @param known whether it says that it is about the study; else it says of none
     */
    record Running(String id, String starter, boolean known) {}

    /**
     * @param jobs that are about a study, by the id of its key
     * @param stations IP addresses of those that are connected
     * @param services of DICOM, by which one of them may have something read
     */
    Unasked(Function<String, List<Running>> jobs, Supplier<Set<String>> stations, Supplier<String> services) {
        this.jobs = jobs;
        this.stations = stations;
        this.services = services;
    }

    /** As what it is recorded that something of this study is read now. */
    Viewing reading(UUID key) {
        String study = key.toString();
        List<Running> running = jobs.apply(study);
        Set<String> connected = stations.get();
        Map<String, String> details = new TreeMap<>(Map.of("key", study));
        details.put(WAY, way(!running.isEmpty(), !connected.isEmpty()));
        if (running.size() == 1) {
            details.put("job", running.get(0).id());
        }
        if (!connected.isEmpty()) {
            details.put("service", services.get());
            details.put("station", "unknown");
        }
        boolean jobAlone = running.size() == 1 && running.get(0).known() && connected.isEmpty();
        String who = jobAlone ? running.get(0).starter() : AuditEvent.ORTHANC;
        String address = connected.size() == 1 ? connected.iterator().next() : "";
        return new Viewing(AuditType.VIEW, who, address, study, details);
    }

    private static String way(boolean job, boolean station) {
        if (job && station) {
            return "job or dicom";
        }
        return job ? "job" : station ? "dicom" : "storage";
    }
}
