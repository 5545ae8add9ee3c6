package org.strongroom.sidecar.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;

/**
 * Somebody, or something, that took part in an event, in the words of DICOM PS3.15 A.5.3: the same for audit messages and FHIR. Immutable.
 *
 * @param id account, machine, AET or part of Strongroom
 * @param asks whether the event began with it
 * @param address IP address; empty if it is not known
 * @param role that the standard gives it in such an event
 */
record Participant(String id, boolean asks, String address, Optional<Role> role) {
    /** Details that name another system, the first that is there. */
    private static final List<String> RECEIVERS = List.of("to", "modality", "peer", "server");

    /** Codes of DCM. */
    enum Role {
        APPLICATION("110150", "Application"),
        LAUNCHER("110151", "Application Launcher"),
        DESTINATION("110152", "Destination Role ID"),
        SOURCE("110153", "Source Role ID"),
        MEDIA("110154", "Destination Media");

        private final String code;
        private final String text;

        Role(String code, String text) {
            this.code = code;
            this.text = text;
        }

        String code() {
            return code;
        }

        String text() {
            return text;
        }
    }

    /**
     * All of them, who asks first.
     *
     * @param installation what this Strongroom is called among others
     */
    static List<Participant> of(AuditEvent event, String installation) {
        List<Participant> all = new ArrayList<>();
        String who = event.principal()
                .map(name -> name.isBlank() ? AuditEvent.NOBODY : name)
                .orElse(AuditEvent.STRONGROOM);
        Optional<String> aet = event.aet().filter(title -> !title.isBlank()); // what a station says may be nothing
        boolean station = aet.isPresent();
        Optional<Role> asks = asks(event);
        all.add(new Participant(
                who, true, event.address().orElse(""), station && isSender(event) ? Optional.empty() : asks));
        aet.ifPresent(title -> all.add(new Participant(title, false, "", isSender(event) ? asks : Optional.empty())));
        ours(event).ifPresent(role -> all.add(new Participant(installation, false, "", Optional.of(role))));
        receiver(event).ifPresent(all::add);
        return List.copyOf(all);
    }

    /** Whether the station is where it came from, and the principal only who let it in. */
    private static boolean isSender(AuditEvent event) {
        return switch (event.type()) {
            case ARRIVAL, QUERY -> true;
            default -> false;
        };
    }

    private static Optional<Role> asks(AuditEvent event) {
        return switch (event.type()) {
            case ARRIVAL, QUERY, EXPORT, ARCHIVE -> Optional.of(Role.SOURCE);
            case START, STOP -> Optional.of(Role.LAUNCHER);
            default -> Optional.empty();
        };
    }

    /** Of Orthanc and Strongroom together, which receive, answer and send. */
    private static Optional<Role> ours(AuditEvent event) {
        return switch (event.type()) {
            case ARRIVAL, QUERY -> Optional.of(Role.DESTINATION);
            case TRANSFER_BEGIN, TRANSFER -> Optional.of(Role.SOURCE);
            case START, STOP -> Optional.of(Role.APPLICATION);
            default -> Optional.empty();
        };
    }

    private static Optional<Participant> receiver(AuditEvent event) {
        Map<String, String> details = event.details();
        return switch (event.type()) {
            case TRANSFER_BEGIN, TRANSFER ->
                RECEIVERS.stream()
                        .map(details::get)
                        .filter(name -> name != null && !name.isBlank())
                        .findFirst()
                        .map(name -> new Participant(name, false, "", Optional.of(Role.DESTINATION)));
            case EXPORT, ARCHIVE ->
                Optional.of(new Participant(
                        Optional.ofNullable(details.get("way"))
                                .filter(way -> !way.isBlank())
                                .orElse("files"),
                        false,
                        "",
                        Optional.of(Role.MEDIA)));
            default -> Optional.empty();
        };
    }
}
