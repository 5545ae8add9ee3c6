package org.strongroom.core.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What kind of thing happened. A name is never given another meaning: logs are kept for years. */
public enum AuditType {
    /** Images came in and were sealed. */
    ARRIVAL,
    /** Images or metadata were shown: one entry per viewing session. */
    VIEW,
    /** Somebody searched. */
    QUERY,
    /** Images left as files, for good: to a medium, a folder, another system. */
    EXPORT,
    /** An archive (ZIP, DICOMDIR) was made and handed out. */
    ARCHIVE,
    /** A transfer to another system begins; a {@link #TRANSFER} follows. */
    TRANSFER_BEGIN,
    /** A transfer ended. */
    TRANSFER,
    MODIFY,
    ANONYMISE,
    /** Orthanc, or whoever told it to, removed images. */
    DELETE,
    /** Removed images were given back. */
    UNDELETE,
    /** A legal hold was put on, or taken off. */
    HOLD,
    /** A retention plan was made, approved, carried out. */
    RETENTION,
    LOGIN,
    LOGIN_FAILED,
    LOGOUT,
    /** Too many failures: an account or address is shut out for a while. */
    LOCK_OUT,
    /** The clinic's policy was read, as whoever logs in says. */
    ACKNOWLEDGEMENT,
    /** Somebody opened a patient for themselves in an emergency. */
    BREAK_GLASS_START,
    BREAK_GLASS_END,
    /** Something was answered that only an emergency permits. */
    BREAK_GLASS_USE,
    /** Somebody else has looked at an emergency. */
    BREAK_GLASS_REVIEW,
    /** A request was turned away: no right to it. */
    DENIAL,
    SHARE_CREATE,
    SHARE_REVOKE,
    SHARE_USE,
    /** Studies were given to another tenant. */
    ASSIGNMENT,
    /** Settings differ from those of the start before. */
    SETTINGS,
    /** Users or roles changed. */
    USERS,
    /** A key was made, wrapped anew, closed, shredded; a recovery kit was made or tried. */
    KEY,
    /** Something was done to a tier as a whole: added, drained, left. */
    TIER,
    /** A recovery from a tier was tried, into a place that was thrown away. */
    DRILL,
    /** Bodies left this machine's disk; the tiers hold them. */
    EVICT,
    /** Bytes in the tiers were deleted for good. */
    PURGE,
    START,
    STOP,
    RECORDING_START,
    RECORDING_STOP,
    /** Events that were recorded are missing or cannot be read. */
    RECORDING_GAP,
    /** Somebody read the audit log. */
    LOG_READ,
    /** The oldest events of the log are kept no longer. */
    LOG_PRUNE,
    /** Something that a person should look at. */
    ALERT,
    /** Taken over from Orthanc's own audit events. */
    ORTHANC;

    private static final Map<String, AuditType> BY_WIRE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(AuditType::wire, Function.identity()));

    /** As it stands in an entry: {@code login-failed}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is none */
    public static AuditType of(String wire) {
        AuditType type = BY_WIRE.get(wire);
        if (type == null) {
            throw new IllegalArgumentException("no such type of event");
        }
        return type;
    }
}
