package org.strongroom.sidecar.forward;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;

/** A DICOM audit message (PS3.15 A.5.1) of an entry. Names no patient, as the entry does not. Stateless. */
final class AuditMessage {
    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();
    /** Network Access Point Type Code: an IP address. */
    private static final String IP_ADDRESS = "2";
    /** Audit Source Type Code: a database server, which is what keeps the images. */
    private static final String DATABASE = "5";

    private AuditMessage() {}

    /** @param installation what this Strongroom is called among others, for ever */
    static byte[] of(AuditEntry entry, String installation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try {
            XMLStreamWriter out = FACTORY.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            out.writeStartElement("AuditMessage");
            event(out, entry);
            for (Participant one : Participant.of(entry.event(), installation)) {
                participant(out, one);
            }
            out.writeStartElement("AuditSourceIdentification");
            out.writeAttribute("AuditSourceID", installation);
            out.writeEmptyElement("AuditSourceTypeCode");
            out.writeAttribute("csd-code", DATABASE);
            out.writeEndElement();
            object(out, entry, installation);
            out.writeEndElement();
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("nothing but memory is written to", e);
        }
        return bytes.toByteArray();
    }

    private static void event(XMLStreamWriter out, AuditEntry entry) throws XMLStreamException {
        AuditEvent event = entry.event();
        Codes codes = Codes.of(event);
        out.writeStartElement("EventIdentification");
        out.writeAttribute("EventActionCode", String.valueOf(codes.action()));
        out.writeAttribute("EventDateTime", entry.time().toString());
        out.writeAttribute("EventOutcomeIndicator", String.valueOf(Codes.outcome(event)));
        code(out, "EventID", codes.id(), "DCM", codes.name());
        if (!codes.type().isEmpty()) {
            code(out, "EventTypeCode", codes.type(), "DCM", codes.typeName());
        }
        code(
                out,
                "EventTypeCode",
                event.type().wire(),
                "99STRONGROOM",
                event.type().wire());
        if (event.reason().isPresent()) {
            out.writeStartElement("EventOutcomeDescription");
            out.writeCharacters(event.reason().get());
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    private static void participant(XMLStreamWriter out, Participant one) throws XMLStreamException {
        out.writeStartElement("ActiveParticipant");
        out.writeAttribute("UserID", one.id());
        out.writeAttribute("UserIsRequestor", String.valueOf(one.asks()));
        if (!one.address().isEmpty()) {
            out.writeAttribute("NetworkAccessPointID", one.address());
            out.writeAttribute("NetworkAccessPointTypeCode", IP_ADDRESS);
        }
        if (one.role().isPresent()) {
            code(
                    out,
                    "RoleIDCode",
                    one.role().get().code(),
                    "DCM",
                    one.role().get().text());
        }
        out.writeEndElement();
    }

    /** The study if there is one, or the log that was read, else the entry itself; each carries what else is known. */
    private static void object(XMLStreamWriter out, AuditEntry entry, String installation) throws XMLStreamException {
        AuditEvent event = entry.event();
        boolean study = Codes.study(event).isPresent();
        boolean log = !study && event.type() == AuditType.LOG_READ;
        out.writeStartElement("ParticipantObjectIdentification");
        out.writeAttribute(
                "ParticipantObjectID",
                log
                        ? "urn:uuid:" + installation
                        : Codes.study(event).orElse(entry.id().toString()));
        out.writeAttribute("ParticipantObjectTypeCode", "2");
        out.writeAttribute("ParticipantObjectTypeCodeRole", study ? "3" : "13");
        if (log) { // PS3.15 A.5.3.2
            code(out, "ParticipantObjectIDTypeCode", "12", "RFC-3881", "URI");
            out.writeStartElement("ParticipantObjectName");
            out.writeCharacters("Security Audit Log");
            out.writeEndElement();
        } else {
            code(
                    out,
                    "ParticipantObjectIDTypeCode",
                    study ? "study-key" : "audit-entry",
                    "99STRONGROOM",
                    study ? "Key of the study" : "Entry of the audit log");
            out.writeEmptyElement("ParticipantObjectName");
        }
        detail(out, "entry", entry.id().toString());
        if (entry.stepMillis() != 0) {
            detail(out, "stepMillis", Long.toString(entry.stepMillis()));
        }
        if (event.tenant().isPresent()) {
            detail(out, "tenant", event.tenant().get());
        }
        for (Map.Entry<String, String> one : event.details().entrySet()) {
            detail(out, one.getKey(), one.getValue());
        }
        out.writeEndElement();
    }

    private static void detail(XMLStreamWriter out, String name, String value) throws XMLStreamException {
        out.writeEmptyElement("ParticipantObjectDetail");
        out.writeAttribute("type", name);
        out.writeAttribute("value", Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void code(XMLStreamWriter out, String element, String code, String system, String name)
            throws XMLStreamException {
        out.writeEmptyElement(element);
        out.writeAttribute("csd-code", code);
        out.writeAttribute("codeSystemName", system);
        out.writeAttribute("originalText", name);
    }
}
