package org.strongroom.sidecar.forward;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;

/** An entry as a FHIR R4 AuditEvent, as IHE BALP has it. Names no patient, as the entry does not. Stateless. */
final class FhirAuditEvent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String OURS = "urn:strongroom:audit";
    private static final String SOURCES = "http://terminology.hl7.org/CodeSystem/security-source-type";
    private static final String OBJECTS = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private static final String ROLES = "http://terminology.hl7.org/CodeSystem/object-role";

    private FhirAuditEvent() {}

    static byte[] of(AuditEntry entry, UUID installation) {
        AuditEvent event = entry.event();
        Codes codes = Codes.of(event);
        ObjectNode resource = JSON.createObjectNode()
                .put("resourceType", "AuditEvent")
                .put("id", entry.id().toString());
        coding(resource.putObject("type"), DCM, codes.id(), codes.name());
        ArrayNode subtypes = resource.putArray("subtype");
        if (!codes.type().isEmpty()) {
            coding(subtypes.addObject(), DCM, codes.type(), codes.typeName());
        }
        coding(subtypes.addObject(), OURS, event.type().wire(), event.type().wire());
        resource.put("action", String.valueOf(codes.action()));
        resource.put("recorded", entry.time().toString());
        resource.put("outcome", String.valueOf(Codes.outcome(event)));
        event.reason().filter(reason -> !reason.isBlank()).ifPresent(reason -> resource.put("outcomeDesc", reason));
        agents(resource, event, installation.toString());
        ObjectNode source = resource.putObject("source");
        source.putObject("observer").put("display", "Strongroom " + installation);
        coding(source.putArray("type").addObject(), SOURCES, "5", "Database Server");
        entity(resource, entry);
        return resource.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void agents(ObjectNode resource, AuditEvent event, String installation) {
        ArrayNode agents = resource.putArray("agent");
        for (Participant one : Participant.of(event, installation)) {
            ObjectNode agent = agents.addObject();
            if (one.role().isPresent()) {
                Participant.Role role = one.role().get();
                coding(agent.putObject("type").putArray("coding").addObject(), DCM, role.code(), role.text());
            }
            identified(agent.putObject("who"), one.id());
            agent.put("requestor", one.asks());
            if (!one.address().isBlank()) {
                agent.putObject("network").put("address", one.address()).put("type", "2");
            }
        }
    }

    private static void identified(ObjectNode who, String name) {
        who.putObject("identifier").put("value", name);
        who.put("display", name);
    }

    private static void entity(ObjectNode resource, AuditEntry entry) {
        AuditEvent event = entry.event();
        boolean study = Codes.study(event).isPresent();
        ObjectNode entity = resource.putArray("entity").addObject();
        entity.putObject("what")
                .putObject("identifier")
                .put("system", study ? "urn:strongroom:study-key" : "urn:strongroom:audit-entry")
                .put("value", Codes.study(event).orElse(entry.id().toString()));
        coding(entity.putObject("type"), OBJECTS, "2", "System Object");
        coding(entity.putObject("role"), ROLES, study ? "3" : "13", study ? "Report" : "Security Resource");
        ArrayNode details = entity.putArray("detail");
        detail(details, "entry", entry.id().toString());
        if (entry.stepMillis() != 0) {
            detail(details, "stepMillis", Long.toString(entry.stepMillis()));
        }
        event.tenant().ifPresent(tenant -> detail(details, "tenant", tenant));
        event.details().forEach((name, value) -> detail(details, name, value));
    }

    /** No text of FHIR's is empty: a server refuses the event then, and all that are behind it wait. */
    private static void detail(ArrayNode details, String name, String value) {
        if (!value.isBlank()) {
            details.addObject().put("type", name).put("valueString", value);
        }
    }

    private static void coding(ObjectNode target, String system, String code, String display) {
        target.put("system", system).put("code", code).put("display", display);
    }
}
