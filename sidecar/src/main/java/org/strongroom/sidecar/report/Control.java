package org.strongroom.sidecar.report;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.strongroom.core.audit.AuditType;

/**
 * One thing that the rules of HIPAA, and the GDPR beside them, ask of a clinic, and which events show what was done about it here.
 *
 * @param citation of 45 CFR, and of the GDPR's articles
 * @param title in a few words of our own; the text is the law's
 * @param events types of them
 */
record Control(String name, String citation, String title, Set<AuditType> events) {
    static final String REVIEW = "review";
    static final String ACCESS = "access";
    static final String LOGINS = "logins";
    static final String INCIDENTS = "incidents";
    static final String CONTINGENCY = "contingency";
    static final String DISPOSAL = "disposal";
    static final String PERSONS = "persons";
    static final String EMERGENCY = "emergency";
    static final String ENCRYPTION = "encryption";
    static final String AUDIT = "audit";
    static final String INTEGRITY = "integrity";
    static final String TRANSMISSION = "transmission";
    static final String DOCUMENTATION = "documentation";
    static final String AGREEMENTS = "agreements";

    /** In the order of the rules. */
    static final List<Control> ALL = List.of(
            of(REVIEW, "164.308(a)(1)(ii)(D)", "Review of what was done", AuditType.LOG_READ),
            of(
                    ACCESS,
                    "164.308(a)(4), 164.312(a)(1)",
                    "Who may see what",
                    AuditType.DENIAL,
                    AuditType.USERS,
                    AuditType.ASSIGNMENT,
                    AuditType.SHARE_CREATE,
                    AuditType.SHARE_REVOKE,
                    AuditType.SHARE_USE),
            of(
                    LOGINS,
                    "164.308(a)(5)(ii)(C), 164.312(a)(2)(iii), 164.312(d)",
                    "Logins, and how they end",
                    AuditType.LOGIN,
                    AuditType.LOGIN_FAILED,
                    AuditType.LOCK_OUT,
                    AuditType.LOGOUT,
                    AuditType.ACKNOWLEDGEMENT),
            of(INCIDENTS, "164.308(a)(6); GDPR 33", "Incidents", AuditType.ALERT),
            of(
                    CONTINGENCY,
                    "164.308(a)(7); GDPR 32(1)(c)",
                    "Copies, and trials of recovery",
                    AuditType.DRILL,
                    AuditType.UNDELETE,
                    AuditType.TIER),
            of(
                    DISPOSAL,
                    "164.310(d)(2); GDPR 17, 18",
                    "Deletion, retention, holds, restrictions",
                    AuditType.DELETE,
                    AuditType.RETENTION,
                    AuditType.HOLD,
                    AuditType.PURGE),
            of(PERSONS, "164.312(a)(2)(i)", "Names of users", AuditType.USERS),
            of(
                    EMERGENCY,
                    "164.312(a)(2)(ii)",
                    "Access in an emergency, and its review",
                    AuditType.BREAK_GLASS_START,
                    AuditType.BREAK_GLASS_USE,
                    AuditType.BREAK_GLASS_END,
                    AuditType.BREAK_GLASS_REVIEW),
            of(
                    ENCRYPTION,
                    "164.312(a)(2)(iv); GDPR 32(1)(a)",
                    "Encryption of what is stored",
                    AuditType.ARRIVAL,
                    AuditType.KEY),
            of(
                    AUDIT,
                    "164.312(b)",
                    "Records of what is done",
                    AuditType.VIEW,
                    AuditType.QUERY,
                    AuditType.RECORDING_START,
                    AuditType.RECORDING_STOP,
                    AuditType.RECORDING_GAP,
                    AuditType.LOG_PRUNE),
            of(INTEGRITY, "164.312(c); GDPR 32(1)(b)", "Changes of images", AuditType.MODIFY, AuditType.ANONYMISE),
            of(
                    TRANSMISSION,
                    "164.312(e)",
                    "What leaves, and how",
                    AuditType.ARCHIVE,
                    AuditType.EXPORT,
                    AuditType.TRANSFER_BEGIN,
                    AuditType.TRANSFER),
            of(
                    DOCUMENTATION,
                    "164.316(b)",
                    "Changes of settings, starts and stops",
                    AuditType.SETTINGS,
                    AuditType.START,
                    AuditType.STOP),
            of(AGREEMENTS, "164.308(b), 164.314(a), 164.504(e); GDPR 28, 44", "Agreements with those who hold copies"));

    private static Control of(String name, String citation, String title, AuditType... events) {
        Set<AuditType> types = EnumSet.noneOf(AuditType.class);
        types.addAll(List.of(events));
        return new Control(name, citation, title, Set.copyOf(types));
    }
}
