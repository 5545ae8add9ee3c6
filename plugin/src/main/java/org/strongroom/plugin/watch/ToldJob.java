package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;

/**
 * What Orthanc says of one of its jobs ({@code GET /jobs/ID}). Immutable.
 *
 * @param type what is recorded of it
 * @param resources Orthanc's identifiers of what it is about
 * @param hasEnded whether it will do no more
 * @param counted whether it says how many images it is about
 * @param sent of these images, as far as it says what failed
 * @param whole whether it did all that it was to do
 */
record ToldJob(
        Optional<AuditType> type,
        List<String> resources,
        boolean hasEnded,
        boolean counted,
        long images,
        long sent,
        boolean whole,
        JsonNode content) {
    static final String UNKNOWN = "unknown";

    private static final Map<String, AuditType> KINDS = Map.of(
            "DicomModalityStore", AuditType.TRANSFER,
            "OrthancPeerStore", AuditType.TRANSFER,
            "DicomWebStowClient", AuditType.TRANSFER,
            "PushTransfer", AuditType.TRANSFER, // of the transfers accelerator plugin
            "ResourceModification", AuditType.MODIFY,
            "MergeStudy", AuditType.MODIFY,
            "SplitStudy", AuditType.MODIFY,
            "Archive", AuditType.ARCHIVE,
            "Media", AuditType.ARCHIVE);

    static ToldJob of(JsonNode job) {
        JsonNode content = job.path("Content");
        List<String> resources = new ArrayList<>();
        content.path("ParentResources").forEach(resource -> resources.add(resource.asText()));
        boolean well = job.path("State").asText().equals("Success");
        String count = content.has("TotalInstances") ? "TotalInstances" : "InstancesCount";
        long images = content.path(count).asLong();
        long sent = images - content.path("FailedInstancesCount").asLong();
        return new ToldJob(
                type(job.path("Type").asText(), content),
                List.copyOf(resources),
                well || job.path("State").asText().equals("Failure"),
                content.has(count),
                images,
                sent,
                well && sent == images,
                content);
    }

    private static Optional<AuditType> type(String kind, JsonNode content) {
        boolean anonymises = content.path("IsAnonymization").asBoolean();
        return Optional.ofNullable(KINDS.get(kind))
                .map(type -> type == AuditType.MODIFY && anonymises ? AuditType.ANONYMISE : type);
    }

    boolean sends() {
        return type.filter(AuditType.TRANSFER::equals).isPresent();
    }

    boolean archives() {
        return type.filter(AuditType.ARCHIVE::equals).isPresent();
    }

    /** As {@link #receiver}; that something begins to leave is recorded whatever Orthanc says. */
    String receiverNow(Function<String, JsonNode> orthanc) {
        try {
            return receiver(orthanc);
        } catch (StrongroomException e) {
            return UNKNOWN;
        }
    }

    /**
     * Where it sends, as Orthanc calls it, if it has one name: a title or an address may be several ones', or say more than it should.
     *
     * @param orthanc what it says of something, by its path
     * @throws StrongroomException what that throws
     */
    String receiver(Function<String, JsonNode> orthanc) {
        boolean station = content.has("RemoteAet");
        if (!station && !content.has("Peer")) {
            return UNKNOWN; // a DICOMweb server: its job does not say which
        }
        JsonNode peer = content.path("Peer");
        if (peer.isTextual()) {
            return peer.asText(); // by its name already
        }
        String wanted = station
                ? content.path("RemoteAet").asText()
                : (peer.isArray() ? peer.path(0) : peer.path("Url")).asText();
        List<String> names = orthanc.apply(station ? "/modalities?expand" : "/peers?expand").properties().stream()
                .filter(known ->
                        known.getValue().path(station ? "AET" : "Url").asText().equals(wanted))
                .map(Map.Entry::getKey)
                .toList();
        return names.size() == 1 ? names.get(0) : UNKNOWN;
    }
}
