package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.xml.sax.SAXException;

/** What receivers get. */
class MessagesTest {
    private static final UUID INSTALLATION = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00.123Z");
    private static final String KEY = "99999999-2222-3333-4444-555555555555";
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try {
            return SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                    .newSchema(MessagesTest.class.getResource("audit-message.xsd"));
        } catch (SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(AuditType.class)
    void everyEventIsAnAuditMessageOfDicoms(AuditType type) throws Exception {
        validate(AuditMessage.of(entry(AuditEvent.of(type)), INSTALLATION.toString()));
        validate(AuditMessage.of(entry(full(type)), INSTALLATION.toString()));
    }

    @Test
    void theSchemaRefusesWhatIsNone() {
        String message = text(AuditMessage.of(entry(full(AuditType.VIEW)), INSTALLATION.toString()));
        for (String[] change : new String[][] {
            {"EventActionCode=\"R\"", "EventActionCode=\"X\""},
            {"EventOutcomeIndicator=\"4\"", "EventOutcomeIndicator=\"1\""},
            {"UserIsRequestor=\"true\"", ""},
            {"2026-11-26T", "26.11.2026 "},
            {"<ParticipantObjectName[^>]*>(</ParticipantObjectName>)?", ""}
        }) {
            String changed = message.replaceAll(change[0], change[1]);
            assertThat(changed).isNotEqualTo(message);
            assertThatThrownBy(() -> validate(bytes(changed))).as(change[0]).isInstanceOf(SAXException.class);
        }
    }

    @Test
    void anAuditMessageSaysWhoDidWhatToWhichStudy() {
        String message = text(AuditMessage.of(entry(full(AuditType.VIEW)), INSTALLATION.toString()));
        assertThat(message)
                .contains("csd-code=\"110103\"")
                .contains("EventActionCode=\"R\"")
                .contains("EventOutcomeIndicator=\"4\"")
                .contains("UserID=\"ann &lt;&amp;\"")
                .contains("NetworkAccessPointID=\"10.0.0.1\"")
                .contains("UserID=\"CT_1\" UserIsRequestor=\"false\"")
                .contains("AuditSourceID=\"" + INSTALLATION + "\"")
                .contains("ParticipantObjectID=\"" + KEY + "\"")
                .contains("type=\"way\" value=\"" + Base64.getEncoder().encodeToString(bytes("rest")) + "\"");
    }

    @Test
    void aSyslogMessageHasTheEntrysIdAndItsLengthInOctets() {
        AuditEntry entry = entry(full(AuditType.VIEW));
        byte[] message = SyslogFrame.message(entry, "host", bytes("<ä/>"));
        assertThat(text(message))
                .startsWith("<84>1 2026-11-26T12:00:00.123Z host strongroom ")
                .contains(" IHE+RFC-3881 [strongroom@32473 id=\"" + entry.id() + "\"] \ufeff<ä/>");
        assertThat(text(SyslogFrame.counted(message))).startsWith(message.length + " <84>1 ");
        assertThat(text(SyslogFrame.message(entry(AuditEvent.of(AuditType.START)), "host", bytes("x"))))
                .startsWith("<85>1 ");
    }

    @Test
    void aHostsNameIsPrintable() {
        assertThat(new SyslogText(INSTALLATION, "my höst").host()).isEqualTo("my-h-st");
        assertThat(new SyslogText(INSTALLATION, "").host()).isEqualTo("-");
    }

    @ParameterizedTest
    @EnumSource(AuditType.class)
    void everyEventIsAnAuditEventOfFhirs(AuditType type) throws Exception {
        R4AuditEvent.check(json(entry(AuditEvent.of(type))));
        R4AuditEvent.check(json(entry(full(type))));
    }

    @Test
    void aFhirEventSaysWhoDidWhatToWhichStudy() throws Exception {
        AuditEntry entry = entry(full(AuditType.LOGIN_FAILED));
        JsonNode event = json(entry);
        assertThat(event.path("id").asText()).isEqualTo(entry.id().toString());
        assertThat(event.at("/type/code").asText()).isEqualTo("110114");
        assertThat(event.at("/subtype/0/code").asText()).isEqualTo("110122");
        assertThat(event.at("/subtype/1/code").asText()).isEqualTo("login-failed");
        assertThat(event.path("outcome").asText()).isEqualTo("4");
        assertThat(event.path("recorded").asText()).isEqualTo(NOON.toString());
        assertThat(event.at("/agent/0/who/identifier/value").asText()).isEqualTo("ann <&");
        assertThat(event.at("/agent/0/network/address").asText()).isEqualTo("10.0.0.1");
        assertThat(event.at("/agent/1/who/identifier/value").asText()).isEqualTo("CT_1");
        assertThat(event.at("/entity/0/what/identifier/value").asText()).isEqualTo(KEY);
    }

    private static AuditEvent full(AuditType type) {
        return AuditEvent.of(type)
                .by("ann <&")
                .ofTenant("north")
                .fromAddress("10.0.0.1")
                .fromAet("CT_1")
                .refused("no role permits it")
                .with("key", KEY)
                .with("way", "rest")
                .with("empty", "");
    }

    private static AuditEntry entry(AuditEvent event) {
        return new AuditEntry(UUID.randomUUID(), "test-0123456789abcdef", 1, Optional.empty(), NOON, 0, event);
    }

    private static JsonNode json(AuditEntry entry) throws Exception {
        return new ObjectMapper().readTree(FhirAuditEvent.of(entry, INSTALLATION));
    }

    private static void validate(byte[] xml) throws Exception {
        SCHEMA.newValidator().validate(new StreamSource(new ByteArrayInputStream(xml)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
