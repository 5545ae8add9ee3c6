package org.strongroom.plugin.watch;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Route;
import org.strongroom.plugin.bridge.HttpMethod;

/**
 * What a request on a route of the table is for the audit log. Immutable.
 *
 * @param type of the event
 * @param what is seen, the most that may be: {@code pixels}, {@code reports}, {@code tags} or {@code identity}
 */
record Asked(AuditType type, String what) {
    /** Requests for these come by the hundred. */
    private static final Set<AuditType> SESSIONS = Set.of(AuditType.VIEW, AuditType.QUERY);

    private static final Set<String> SEEN = Set.of("view", "tags", "pixels", "reports", "download");

    /** What a request on this route is; empty if it is about nobody's data and changes nothing. */
    static Optional<Asked> of(HttpMethod method, Route route) {
        Set<String> needs =
                route.need().alternatives().stream().flatMap(List::stream).collect(Collectors.toSet());
        // The page on which a link is made names the study; what becomes of the link is recorded for itself.
        boolean asksToShare = needs.contains("share:create");
        return type(method, route, needs).map(type -> new Asked(type, asksToShare ? "identity" : what(needs)));
    }

    /** Whether many of them make one session. */
    boolean isSession() {
        return SESSIONS.contains(type);
    }

    private static Optional<AuditType> type(HttpMethod method, Route route, Set<String> needs) {
        String path = route.path();
        boolean stored = route.level().filter(Level::isStored).isPresent();
        if (path.startsWith("/webdav/")) {
            return webDav(method);
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (route.need().alternatives().isEmpty()) { // where there are users nobody gets as far as here
            return Optional.of(closed(method, stored, last));
        }
        Optional<AuditType> particular = particular(method, path, last);
        if (particular.isPresent()) {
            return particular;
        }
        if (needs.contains("study:delete") && !needs.contains("study:modify")) {
            return Optional.of(AuditType.DELETE);
        }
        if (needs.contains("study:modify") || needs.contains("study:annotate")) {
            return Optional.of(path.contains("anonymize") ? AuditType.ANONYMISE : AuditType.MODIFY);
        }
        if (needs.contains("study:send")) {
            return Optional.of(AuditType.TRANSFER_BEGIN);
        }
        if (last.equals("archive") || last.startsWith("media") || last.startsWith("create-")) {
            return needs.contains("study:download") ? Optional.of(AuditType.ARCHIVE) : Optional.empty();
        }
        if (needs.contains("remote:query")) {
            return Optional.of(AuditType.QUERY);
        }
        if (needs.contains("audit:read")) {
            return Optional.of(AuditType.LOG_READ);
        }
        if (needs.contains("system:configure") || needs.contains("remote:configure")) {
            return method == HttpMethod.GET ? Optional.empty() : Optional.of(AuditType.SETTINGS);
        }
        boolean ofTheMachine = needs.contains("system:view");
        if (ofTheMachine || needs.stream().noneMatch(Asked::shows)) {
            return Optional.empty();
        }
        return Optional.of(stored ? AuditType.VIEW : AuditType.QUERY);
    }

    /** Orthanc itself writes the file of an {@code export} into a folder of its machine. */
    private static AuditType closed(HttpMethod method, boolean stored, String last) {
        boolean reads = method == HttpMethod.GET;
        if (stored && last.equals("export")) {
            return AuditType.EXPORT;
        }
        return stored ? reads ? AuditType.VIEW : AuditType.MODIFY : reads ? AuditType.QUERY : AuditType.SETTINGS;
    }

    /** What needs the permission of something else. */
    private static Optional<AuditType> particular(HttpMethod method, String path, String last) {
        if (path.equals("/jobs/{job}/{name}") && method == HttpMethod.GET) {
            return Optional.of(AuditType.ARCHIVE); // what an archive's job has made is fetched here
        }
        if (path.equals("/tools/bulk-content")) {
            return Optional.of(AuditType.VIEW); // whose tags, its body says
        }
        boolean asksWhatAnotherHas =
                last.equals("storage-commitment") || path.equals("/storage-commitment/{commitment}");
        return asksWhatAnotherHas || path.equals("/tools/dicom-echo") ? Optional.of(AuditType.QUERY) : Optional.empty();
    }

    /** What is written there arrives as an image, which is an event of its own; locks and folders change nothing. */
    private static Optional<AuditType> webDav(HttpMethod method) {
        return switch (method) {
            case GET -> Optional.of(AuditType.QUERY);
            case DELETE -> Optional.of(AuditType.DELETE);
            case POST, PUT -> Optional.empty();
        };
    }

    private static boolean shows(String permission) {
        int colon = permission.indexOf(':');
        return permission.equals("worklist:view")
                || (permission.startsWith("study:") && SEEN.contains(permission.substring(colon + 1)));
    }

    private static String what(Set<String> needs) {
        for (String what : List.of("pixels", "reports", "tags")) {
            if (needs.contains("study:" + what)) {
                return what;
            }
        }
        return "identity";
    }

    /** By which part of Orthanc a path is answered. */
    static String way(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.contains("dicom-web")) {
            return "dicomweb";
        }
        if (lower.startsWith("/webdav")) {
            return "webdav";
        }
        return lower.contains("wado") ? "wado" : lower.contains("viewer") ? "viewer" : "rest";
    }
}
