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
    private final List<Begun> open = new ArrayList<>();
    private final Set<String> jobs = new HashSet<>();

    /**
     * @param user who asked for it, from wherever
     * @param key of the study; empty where the request did not say, as by HTTP, where its body names what is sent
     * @param row event, time, who, to whom and key
     */
    private record Begun(String user, String to, String key, List<String> row) {
        boolean isSame(Begun ended) {
            return user.equals(ended.user()) && to.equals(ended.to()) && key.equals(ended.key());
        }

        boolean isRequestOf(Begun ended, boolean anybodys) {
            return key.isEmpty() && to.equals(ended.to()) && (anybodys || user.equals(ended.user()));
        }
    }

    private static Begun of(AuditEvent event, List<String> at) {
        Map<String, String> details = event.details();
        String to = Stream.of("to", "modality", "peer", "dicomweb")
                .filter(details::containsKey)
                .findFirst()
                .map(details::get)
                .orElse("");
        String key = details.getOrDefault("key", "");
        List<String> row = new ArrayList<>(at);
        row.addAll(List.of(Source.who(event), to, key));
        return new Begun(event.principal().orElse(""), to, key, row);
    }

    /** @param at event and time, as the report shows them */
    void begin(AuditEvent event, List<String> at) {
        open.add(of(event, at));
    }

    /** Ends the oldest of the same to the same, about the same study; and with a job the request that has started it. */
    void end(AuditEvent event) {
        Begun ended = of(event, List.of());
        boolean request = remove(begun -> begun.isSame(ended)) && ended.key().isEmpty();
        String job = event.details().get("job");
        if (job != null && jobs.add(job) && !request) {
            boolean anybodys = event.details().containsKey("starter");
            remove(begun -> begun.isRequestOf(ended, anybodys));
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
