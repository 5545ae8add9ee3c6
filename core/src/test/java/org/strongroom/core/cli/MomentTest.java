package org.strongroom.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class MomentTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.123456Z");

    @Test
    void aDayBeginsAndEndsWhereWhoAsksIs() {
        assertThat(from("2026-11-30")).isEqualTo("2026-11-29T23:00:00Z");
        assertThat(until("2026-11-30")).isEqualTo("2026-11-30T23:00:00Z");
        assertThat(until("2026-03-29")).as("a day of 23 hours").isEqualTo("2026-03-29T22:00:00Z");
        assertThat(from("2026-03-29")).isEqualTo("2026-03-28T23:00:00Z");
    }

    @Test
    void aTimeWithoutAZoneIsOfTheirs() {
        for (String typed :
                List.of("2026-07-01T08:00", "2026-07-01 08:00", "2026-07-01T08:00:00", " 2026-07-01T08:00:00.000 ")) {
            assertThat(from(typed)).as(typed).isEqualTo("2026-07-01T06:00:00Z");
            assertThat(until(typed)).as(typed).isEqualTo("2026-07-01T06:00:00Z");
        }
    }

    @Test
    void aTimeThatComesTwiceLeavesNothingOut() {
        assertThat(from("2026-10-25T02:30")).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(until("2026-10-25T02:30")).isEqualTo("2026-10-25T01:30:00Z");
    }

    /** 02:30 of that day is on no clock: 03:00 in summer comes behind 02:00. */
    @Test
    void aTimeThatNeverComesLeavesNothingOut() {
        assertThat(from("2026-03-29T02:30")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(until("2026-03-29T02:30")).isEqualTo("2026-03-29T01:30:00Z");
    }

    @Test
    void anInstantIsItselfEverywhere() {
        for (String typed : List.of(
                "2026-11-30T08:00:00Z", "2026-11-30T08:00Z", "2026-11-30T09:00+01:00", "2026-11-30 03:00:00-05:00")) {
            assertThat(from(typed)).as(typed).isEqualTo("2026-11-30T08:00:00Z");
            assertThat(until(typed)).as(typed).isEqualTo("2026-11-30T08:00:00Z");
        }
    }

    @Test
    void howLongAgo() {
        for (String typed : List.of("24 h", "24h", "-24h", "-24 h", "1 day")) {
            assertThat(from(typed)).as(typed).isEqualTo("2026-11-29T12:00:00Z");
            assertThat(until(typed)).as(typed).isEqualTo("2026-11-29T12:00:00Z");
        }
    }

    @Test
    void whatIsNoTimeIsNamedWithItsCure() {
        for (String typed : List.of(
                "",
                "yesterday",
                "2026-02-30",
                "2026-13-01",
                "2026-11-30T25:00",
                "30.11.2026",
                "2026-11",
                "24",
                "+24h",
                "--24h",
                "2026-11-30T08:00+01",
                "12026-11-30")) {
            assertThatThrownBy(() -> Moment.parse(typed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + typed + "\" is no time: write \"2026-11-30\"");
        }
    }

    private static String from(String typed) {
        return Moment.parse(typed).from(BERLIN, NOW).toString();
    }

    private static String until(String typed) {
        return Moment.parse(typed).until(BERLIN, NOW).toString();
    }
}
