package org.strongroom.plugin.gate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditType;

/** What Orthanc can be told to do with resources that a body names, or may name. */
enum Order {
    DELETE("/tools/bulk-delete", AuditType.DELETE),
    MODIFY("/(patients|studies|series)/" + Order.ID + "/modify|/tools/bulk-modify", AuditType.MODIFY),
    ANONYMIZE("/(patients|studies|series)/" + Order.ID + "/anonymize|/tools/bulk-anonymize", AuditType.ANONYMISE),
    MERGE("/studies/" + Order.ID + "/merge", AuditType.MODIFY),
    SPLIT("/studies/" + Order.ID + "/split", AuditType.MODIFY),
    SEND("/modalities/" + Order.NAME + "/store", AuditType.TRANSFER_BEGIN),
    SEND_TO_PEER("/peers/" + Order.NAME + "/store", AuditType.TRANSFER_BEGIN);

    /** Orthanc's of a patient, study, series or instance. */
    static final String ID = "[0-9a-f]{8}(-[0-9a-f]{8}){4}";

    /** Orthanc's of a modality or peer. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final Set<String> OF_JOBS =
            Set.of("Synchronous", "Asynchronous", "Priority", "Permissive", "UserData");

    private static final Set<String> OF_PEERS = Set.of("Compress", "Transcode");

    private static final Set<String> OF_CHANGES = Set.of(
            "Replace",
            "Remove",
            "Keep",
            "KeepSource",
            "Force",
            "RemovePrivateTags",
            "KeepPrivateTags",
            "PrivateCreator",
            "Transcode",
            "KeepLabels",
            "DicomVersion",
            "Level");

    private final String path;
    private final AuditType type;

    Order(String path, AuditType type) {
        this.path = path;
        this.type = type;
    }

    /** What a path is for; empty if it is no order. */
    static Optional<Order> of(String path) {
        return Stream.of(values()).filter(order -> path.matches(order.path)).findFirst();
    }

    /** For {@link Answerer#routes}. */
    static List<String> routes() {
        return Stream.of(values()).map(order -> order.path).toList();
    }

    /** Of the event. */
    AuditType type() {
        return type;
    }

    /** Members of the body that name resources. */
    List<String> lists() {
        return this == SPLIT ? List.of("Series", "Instances") : List.of("Resources");
    }

    /** Whether the body may have this member: what is not known could name something. */
    boolean has(String member) {
        return lists().contains(member)
                || (isJob() && OF_JOBS.contains(member))
                || (changes() && OF_CHANGES.contains(member))
                || (this == SEND && member.equals("Timeout"))
                || (this == SEND_TO_PEER && OF_PEERS.contains(member));
    }

    /** Whether images are made of images. */
    boolean changes() {
        return this == MODIFY || this == ANONYMIZE || this == MERGE || this == SPLIT;
    }

    /** Whether images leave this Orthanc. */
    boolean sends() {
        return this == SEND || this == SEND_TO_PEER;
    }

    /** Whether Orthanc makes it a job. */
    boolean isJob() {
        return this != DELETE;
    }

    /** Whether what was there goes if the body does not say so. */
    boolean takesSource() {
        return this == MERGE || this == SPLIT;
    }
}
