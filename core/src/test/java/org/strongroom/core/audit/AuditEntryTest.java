package org.strongroom.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEntry.Place;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class AuditEntryTest {
    static final Commitment COMMITMENT = new Commitment("0123456789abcdef".repeat(4));
    static final AuditEvent FULL = AuditEvent.of(AuditType.VIEW)
            .by("alice")
            .ofTenant("north")
            .fromAddress("192.0.2.7")
            .fromAet("WORKSTATION")
            .aboutPatient(COMMITMENT)
            .aboutStudy(COMMITMENT)
            .noted(COMMITMENT)
            .refused("no right to this study")
            .with("way", "DICOMweb")
            .with("instances", 12);
    static final AuditEntry ENTRY = new AuditEntry(
            UUID.fromString("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
            "plugin-00112233445566ff",
            7,
            Optional.of(new Place("plugin-ffeeddccbbaa9988", 3)),
            Instant.parse("2026-11-26T03:00:00.120Z"),
            -3600000,
            FULL);

    @Test
    void theJsonIsThatOfTheSpecification() {
        String hex = COMMITMENT.hex();
        assertThat(new String(ENTRY.encode(), UTF_8))
                .isEqualTo(
                        "{\"id\":\"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\",\"writer\":\"plugin-00112233445566ff\","
                                + "\"number\":7,\"after\":\"plugin-ffeeddccbbaa9988/3\",\"time\":\"2026-11-26T03:00:00.120Z\",\"stepMillis\":-3600000,\"type\":\"view\","
                                + "\"outcome\":\"refused\",\"principal\":\"alice\",\"tenant\":\"north\",\"address\":\"192.0.2.7\","
                                + "\"aet\":\"WORKSTATION\",\"patient\":\"" + hex + "\",\"study\":\"" + hex
                                + "\",\"note\":\"" + hex
                                + "\",\"reason\":\"no right to this study\",\"details\":{\"instances\":\"12\",\"way\":\"DICOMweb\"}}");
    }

    @Test
    void comesBackAsItWas() {
        assertThat(AuditEntry.decode(ENTRY.encode())).isEqualTo(ENTRY);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBack(AuditType type) {
        assertThat(AuditType.of(type.wire())).isEqualTo(type);
        assertThat(type.wire()).matches("[a-z]+(-[a-z]+)*");
    }

    @Test
    void membersOfLaterVersionsAreLeftOut() {
        String later = new String(ENTRY.encode(), UTF_8).replace("\"number\"", "\"later\":[{}],\"number\"");
        assertThat(AuditEntry.decode(later.getBytes(UTF_8))).isEqualTo(ENTRY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"id\":\"x\"}",
                "{\"id\":\"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\",\"writer\":\"plugin-00112233445566ff\",\"number\":0,"
                        + "\"time\":\"2026-11-26T03:00:00Z\",\"type\":\"view\",\"outcome\":\"success\"}"
            })
    void whatIsNoEntryIsRefused(String json) {
        assertThatThrownBy(() -> AuditEntry.decode(json.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    /** Whatever comes from outside: the longest possible entry fits into a leaf, and comes back. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\"", "\\", "\u0000", "\n", "\u2028", "ä", "\uffff", "\ud800", "\udc00\ud800", "😀"})
    void theLongestEntryFits(String unit) {
        String text = unit.repeat(1000);
        AuditEvent event =
                FULL.by(text).ofTenant(text).fromAddress(text).fromAet(text).failed(text);
        for (int i = event.details().size(); i < AuditEvent.MOST_DETAILS; i++) {
            event = event.with("aDetailWithAVeryLongNameNumber" + i, text);
        }
        AuditEntry entry = new AuditEntry(
                ENTRY.id(), ENTRY.writer(), Long.MAX_VALUE, ENTRY.after(), ENTRY.time(), Long.MIN_VALUE, event);
        byte[] json = entry.encode();
        assertThat(json).hasSizeLessThanOrEqualTo(AuditEntry.LONGEST);
        assertThat(AuditEntry.decode(json)).isEqualTo(entry);
        assertThat(event.principal().orElseThrow())
                .hasSizeLessThanOrEqualTo(Clean.LONGEST)
                .endsWith("…");
    }

    /** No XML may hold the first ones, and a name behind the others would be read as somebody else's. */
    @ParameterizedTest
    @ValueSource(strings = {"\ufffe", "\uffff", "\ufdd0", "\ud83f\udfff", "\u202e", "\u2066"})
    void whatNobodyCouldReadIsReplaced(String unit) {
        assertThat(AuditEvent.of(AuditType.LOGIN).by("an" + unit + "na").principal())
                .contains("an\ufffdna");
    }

    @Test
    void whatFitsIsNotCut() {
        String text = "x".repeat(Clean.LONGEST);
        assertThat(AuditEvent.of(AuditType.LOGIN).by(text).principal()).contains(text);
    }

    @Test
    void namesOfDetailsAreOurs() {
        assertThatThrownBy(() -> FULL.with("Patient Name", "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
