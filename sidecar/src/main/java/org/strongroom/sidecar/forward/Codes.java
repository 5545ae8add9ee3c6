package org.strongroom.sidecar.forward;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;

/**
 * What an event is in the words of DICOM PS3.15 A.5 and PS3.16: the same codes for audit messages and FHIR. What DICOM has no event
 * for is a security alert or the use of a restricted function, with our own type.
 *
 * @param id of the event, of DCM
 * @param name of it
 * @param type more closely, of DCM; empty: ours is in its place
 * @param typeName of it
 * @param action C, R, U, D or E
 */
record Codes(String id, String name, String type, String typeName, char action) {
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String STUDY_DELETED = "110105";
    private static final String STUDY_DELETED_NAME = "DICOM Study Deleted";

    static Codes of(AuditEvent event) {
        AuditType type = event.type();
        return switch (type) {
            case ARRIVAL ->
                isSealedLater(event)
                        ? of("110103", "DICOM Instances Accessed", 'U')
                        : of("110104", "DICOM Instances Transferred", 'C');
            case TRANSFER -> of("110104", "DICOM Instances Transferred", 'R');
            case TRANSFER_BEGIN -> of("110102", "Begin Transferring DICOM Instances", 'E');
            case VIEW, UNDELETE -> of("110103", "DICOM Instances Accessed", type == AuditType.VIEW ? 'R' : 'U');
            case MODIFY, ANONYMISE -> of("110103", "DICOM Instances Accessed", 'U');
            case DELETE ->
                isWholeStudy(event)
                        ? of(STUDY_DELETED, STUDY_DELETED_NAME, 'D')
                        : of("110103", "DICOM Instances Accessed", 'D');
            case PURGE -> of("110103", "DICOM Instances Accessed", 'D');
            case KEY ->
                "true".equals(event.details().get("destroyed"))
                        ? of(STUDY_DELETED, STUDY_DELETED_NAME, 'D')
                        : alert("110129", "Security Configuration");
            case QUERY -> of("110112", "Query", 'E');
            case EXPORT, ARCHIVE -> of("110106", "Export", 'R');
            case START -> of("110100", "Application Activity", "110120", "Application Start", 'E');
            case STOP -> of("110100", "Application Activity", "110121", "Application Stop", 'E');
            case LOGIN, LOGIN_FAILED -> of("110114", "User Authentication", "110122", "Login", 'E');
            case LOGOUT -> of("110114", "User Authentication", "110123", "Logout", 'E');
            case LOG_READ -> of("110101", "Audit Log Used", 'R');
            case RECORDING_START -> alert("110134", "Audit Recording Started");
            case RECORDING_STOP, RECORDING_GAP -> alert("110133", "Audit Recording Stopped");
            case BREAK_GLASS_START -> alert("110127", "Emergency Override Started");
            case BREAK_GLASS_END -> alert("110138", "Emergency Override Stopped");
            case SETTINGS ->
                isAboutOthers(event)
                        ? alert("110128", "Network Configuration")
                        : alert("110131", "Software Configuration");
            case HOLD, ASSIGNMENT, SHARE_CREATE, SHARE_REVOKE -> alert("110135", "Object Security Attributes Changed");
            case USERS -> alert("110137", "User Security Attributes Changed");
            case DENIAL, LOCK_OUT -> alert("110132", "Use of Restricted Function");
            default -> of("110113", "Security Alert", 'E');
        };
    }

    /** What Orthanc had in clear from before Strongroom came from nowhere. */
    private static boolean isSealedLater(AuditEvent event) {
        return event.principal().filter(AuditEvent.STRONGROOM::equals).isPresent();
    }

    private static boolean isWholeStudy(AuditEvent event) {
        return Set.of("patient", "study").contains(event.details().getOrDefault("level", ""));
    }

    /** Modalities, peers and DICOMweb servers. */
    private static boolean isAboutOthers(AuditEvent event) {
        Map<String, String> details = event.details();
        return Stream.of("modality", "peer", "server").anyMatch(details::containsKey);
    }

    private static Codes of(String id, String name, char action) {
        return new Codes(id, name, "", "", action);
    }

    private static Codes of(String id, String name, String type, String typeName, char action) {
        return new Codes(id, name, type, typeName, action);
    }

    private static Codes alert(String type, String typeName) {
        return new Codes("110113", "Security Alert", type, typeName, 'E');
    }

    /** 0 success, 4 minor failure (a rule said no, or it did not work). */
    static int outcome(AuditEvent event) {
        return event.outcome() == AuditOutcome.SUCCESS && event.type() != AuditType.ALERT ? 0 : 4;
    }

    /** The study's random name, if the event is about one; what Orthanc did not say, or what is not sealed, has none of its own. */
    static Optional<String> study(AuditEvent event) {
        return Optional.ofNullable(event.details().get("key"))
                .filter(key -> KEY.matcher(key).matches());
    }
}
