package org.strongroom.sidecar.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;

/** Transfers that began and have not ended, the oldest first. For one report. */
final class Transfers {
    private static final String SERVER = "server";

    private final List<Begun> open = new ArrayList<>();
    /** Those whose request is known. */
    private final Set<String> jobs = new HashSet<>();

    /**
     * @param user who asked for it, from wherever
     * @param server whether it is one of DICOMweb: no job says which one it is
     * @param key of the study; empty where the request did not say, as by HTTP, where its body names what is sent
     * @param job of Orthanc's; empty if it is a request, or none of a job's
     * @param row event, time, who, to whom and key
     */
    private record Begun(String user, String to, boolean server, String key, String job, List<String> row) {
        boolean isSame(Begun other) {
            return job.isEmpty() && user.equals(other.user()) && to.equals(other.to()) && key.equals(other.key());
        }

        boolean isOfSameJob(Begun other) {
            return !job.isEmpty() && job.equals(other.job()) && key.equals(other.key());
        }

        boolean isRequestOf(Begun other, boolean anybodys) {
            boolean receiver = to.equals(other.to()) || (server && other.to().equals("unknown"));
            return job.isEmpty() && key.isEmpty() && receiver && (anybodys || user.equals(other.user()));
        }
    }

    private static Begun of(AuditEvent event, List<String> at) {
        Map<String, String> details = event.details();
        String to = Stream.of("to", "modality", "peer", SERVER)
                .filter(details::containsKey)
                .findFirst()
                .map(details::get)
                .orElse("");
        String key = details.getOrDefault("key", "");
        List<String> row = new ArrayList<>(at);
        row.addAll(List.of(Source.who(event), to, key));
        return new Begun(
                event.principal().orElse(""),
                to,
                details.containsKey(SERVER),
                key,
                details.getOrDefault("job", ""),
                row);
    }

    /**
     * A request, or what a job begins to send: this takes the place of the request that has started it.
     *
     * @param at event and time, as the report shows them
     */
    void begin(AuditEvent event, List<String> at) {
        Begun begun = of(event, at);
        if (!begun.job().isEmpty()) {
            endRequest(begun, event);
        }
        open.add(begun);
    }

    /** Ends the oldest of the same to the same, about the same study; and with a job the request that has started it. */
    void end(AuditEvent event) {
        Begun ended = of(event, List.of());
        remove(begun -> begun.isOfSameJob(ended));
        endRequest(ended, event);
    }

    private void endRequest(Begun one, AuditEvent event) {
        boolean same = remove(begun -> begun.isSame(one));
        if (one.job().isEmpty() || jobs.contains(one.job())) {
            return;
        }
        boolean anybodys = event.details().containsKey("starter");
        if ((same && one.key().isEmpty()) || remove(begun -> begun.isRequestOf(one, anybodys))) {
            jobs.add(one.job());
        }
    }

    private boolean remove(Predicate<Begun> which) {
        return open.stream().filter(which).findFirst().map(open::remove).orElse(false);
    }

    /** Event, time, who, to whom, key. */
    List<List<String>> rows() {
        return open.stream().map(Begun::row).toList();
    }
}
