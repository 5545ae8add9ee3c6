package org.strongroom.sidecar.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** A receiver that refuses one message refuses it for ever, and all that are behind it wait. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\uffff", "\ufffe", "\u0000", "\ud800", "]]>", "&\"<", "\u202e"})
    void whateverAStationOrUserIsCalledTheMessageIsWhole(String name) throws Exception {
        for (AuditType type : AuditType.values()) {
            AuditEvent event = AuditEvent.of(type)
                    .by(name)
                    .ofTenant(name)
                    .fromAddress(name)
                    .fromAet(name)
                    .failed(name)
                    .with("key", name)
                    .with("to", name)
                    .with("way", name);
            validate(AuditMessage.of(entry(event), INSTALLATION.toString()));
            R4AuditEvent.check(json(entry(event)));
        }
    }

    /** Who gets the events must see as well that their times are not those of one clock. */
    @Test
    void thatTheClockWasSetIsInBothMessages() throws Exception {
        AuditEntry entry = new AuditEntry(
                UUID.randomUUID(),
                "test-0123456789abcdef",
                1,
                Optional.empty(),
                NOON,
                -3_600_000,
                AuditEvent.of(AuditType.START));
        byte[] message = AuditMessage.of(entry, INSTALLATION.toString());
        validate(message);
        assertThat(text(message))
                .contains(
                        "type=\"stepMillis\" value=\"" + Base64.getEncoder().encodeToString(bytes("-3600000")) + "\"");
        assertThat(json(entry).at("/entity/0/detail/1/valueString").asText()).isEqualTo("-3600000");
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

    /** Else all studies that are not known would be one, to whoever counts. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown", "unsealed"})
    void aStudyThatIsNotKnownIsNone(String key) throws Exception {
        AuditEntry entry = entry(AuditEvent.of(AuditType.VIEW).by("ann").with("key", key));
        assertThat(json(entry).at("/entity/0/what/identifier/system").asText()).isEqualTo("urn:strongroom:audit-entry");
        assertThat(json(entry).at("/entity/0/detail/1/valueString").asText()).isEqualTo(key);
        assertThat(text(AuditMessage.of(entry, INSTALLATION.toString())))
                .contains("ParticipantObjectID=\"" + entry.id() + "\"");
    }

    /** PS3.15 A.5.3.2: which log; the studies that somebody looked for in it are told as such. */
    @Test
    void whoReadsTheLogIsToldWithTheLog() throws Exception {
        byte[] message = AuditMessage.of(entry(AuditEvent.of(AuditType.LOG_READ)), INSTALLATION.toString());
        validate(message);
        assertThat(text(message))
                .contains("ParticipantObjectID=\"urn:uuid:" + INSTALLATION + "\"")
                .contains("csd-code=\"12\" codeSystemName=\"RFC-3881\" originalText=\"URI\"")
                .contains("<ParticipantObjectName>Security Audit Log</ParticipantObjectName>");
        AuditEvent study = AuditEvent.of(AuditType.LOG_READ).with("key", KEY);
        assertThat(text(AuditMessage.of(entry(study), INSTALLATION.toString())))
                .contains("ParticipantObjectID=\"" + KEY + "\"");
    }

    /** What PS3.15 has a word for is told by that. */
    @ParameterizedTest
    @CsvSource({
        "delete, level=study, 110105, D, ''",
        "delete, level=patient, 110105, D, ''",
        "delete, level=instance, 110103, D, ''",
        "delete, attachment=x, 110103, D, ''",
        "key, destroyed=true, 110105, D, ''",
        "key, step=done, 110113, E, 110129",
        "export, what=all, 110106, R, ''",
        "hold, hold=x, 110113, E, 110135",
        "assignment, x=y, 110113, E, 110135",
        "share-create, share=x, 110113, E, 110135",
        "settings, modality=ct, 110113, E, 110128",
        "settings, changes=2, 110113, E, 110131",
        "arrival, x=y, 110104, C, ''",
    })
    void anEventHasTheCodesOfTheStandard(String type, String detail, String id, String action, String alert) {
        String[] pair = detail.split("=", 2);
        AuditEvent event = AuditEvent.of(AuditType.of(type)).by("ann").with(pair[0], pair[1]);
        Codes codes = Codes.of(event);
        assertThat(codes.id()).isEqualTo(id);
        assertThat(codes.action()).isEqualTo(action.charAt(0));
        assertThat(codes.type()).isEqualTo(alert);
    }

    @Test
    void whatStrongroomSealsOfBeforeIsNotTransferred() {
        assertThat(Codes.of(AuditEvent.of(AuditType.ARRIVAL).by(AuditEvent.STRONGROOM))
                        .id())
                .isEqualTo("110103");
    }

    /** PS3.15 A.5.3: from where to where. */
    @ParameterizedTest
    @CsvSource({
        "arrival, CT_1, orthanc - CT_1 SOURCE strongroom-1 DESTINATION",
        "arrival, '', orthanc SOURCE strongroom-1 DESTINATION",
        "query, CT_1, orthanc - CT_1 SOURCE strongroom-1 DESTINATION",
        "transfer, CT_1, orthanc - CT_1 - strongroom-1 SOURCE far DESTINATION",
        "transfer-begin, '', orthanc - strongroom-1 SOURCE far DESTINATION",
        "archive, '', orthanc SOURCE rest MEDIA",
        "start, '', orthanc LAUNCHER strongroom-1 APPLICATION",
        "view, '', orthanc -",
    })
    void whoTakesPartHasARole(String type, String aet, String expected) {
        AuditEvent event = AuditEvent.of(AuditType.of(type))
                .by(AuditEvent.ORTHANC)
                .with("way", "rest")
                .with("to", "far");
        List<String> found = new ArrayList<>();
        for (Participant one : Participant.of(aet.isEmpty() ? event : event.fromAet(aet), "strongroom-1")) {
            found.add(one.id() + " " + one.role().map(Enum::name).orElse("-"));
        }
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void aRoleIsInBothMessages() throws Exception {
        AuditEntry entry = entry(AuditEvent.of(AuditType.TRANSFER).by("ann").with("to", "far"));
        assertThat(text(AuditMessage.of(entry, INSTALLATION.toString())))
                .contains("UserID=\"far\" UserIsRequestor=\"false\"><RoleIDCode csd-code=\"110152\"");
        JsonNode agents = json(entry).path("agent");
        assertThat(agents.at("/2/who/identifier/value").asText()).isEqualTo("far");
        assertThat(agents.at("/2/type/coding/0/code").asText()).isEqualTo("110152");
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
