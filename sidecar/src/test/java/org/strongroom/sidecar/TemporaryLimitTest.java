package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.core.control.UplinkStatus;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** A limit that a person orders for a while: at once, over restarts of the sidecar, and not for longer. */
class TemporaryLimitTest {
    private static final UplinkRequest TWO_HOURS = new UplinkRequest("2 Mbit/s", 7_200L);

    @TempDir
    Path folder;

    private static void startAnew(Clinic clinic) throws Exception {
        if (clinic.rooms != null) {
            clinic.close();
        }
        clinic.uplink = new Uplink(
                Timetable.always(Rate.parse("512 kbit/s")), clinic.clock, clinic.clock.running(), Sleeper.SYSTEM);
        clinic.open();
    }

    private static String limit(Clinic clinic) {
        return clinic.uplink.limit().toString();
    }

    @Test
    void itHoldsAtOnceAndAfterARestartUntilItEnds() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")) {
            startAnew(clinic);
            UplinkStatus before = clinic.rooms.limit.status();
            assertThat(before).isEqualTo(new UplinkStatus("512 kbit/s", null, "512 kbit/s", null, Map.of()));

            UplinkStatus ordered = clinic.rooms.limit.order(TWO_HOURS);
            assertThat(limit(clinic)).isEqualTo("2 Mbit/s");
            assertThat(ordered.limit()).isEqualTo("2 Mbit/s");
            assertThat(ordered.settings()).isEqualTo("512 kbit/s");
            assertThat(Duration.between(clinic.clock.instant(), ordered.until()))
                    .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
            assertThat(ordered.changes()).isEqualTo(ordered.until());

            startAnew(clinic);
            assertThat(limit(clinic)).isEqualTo("2 Mbit/s");
            assertThat(clinic.rooms.limit.status().until()).isEqualTo(ordered.until());
            clinic.clock.advance(Duration.ofMinutes(121));
            assertThat(limit(clinic)).isEqualTo("512 kbit/s");
            assertThat(clinic.rooms.limit.status()).isEqualTo(before);
            startAnew(clinic);
            assertThat(limit(clinic)).isEqualTo("512 kbit/s");
        }
    }

    /** A battery was dead: the machine believed to be in another year until somebody, or the network, told it better. */
    @Test
    void aClockThatIsSetMakesNoYearsOfTwoHours() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")) {
            clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
            startAnew(clinic);
            clinic.rooms.limit.order(new UplinkRequest("off", 7_200L));
            clinic.clock.isWrongBy(Duration.ZERO);
            assertThat(clinic.uplink.isOpen()).isFalse();
            assertThat(left(clinic)).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
            clinic.clock.advance(Duration.ofMinutes(90));
            startAnew(clinic);
            assertThat(clinic.uplink.isOpen()).isFalse();
            assertThat(left(clinic))
                    .as("a start cannot know how long the wrong time lasted")
                    .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
            clinic.clock.advance(Duration.ofMinutes(60));
            startAnew(clinic);
            assertThat(left(clinic)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
            clinic.clock.advance(Duration.ofMinutes(61));
            assertThat(clinic.uplink.isOpen()).isTrue();
            startAnew(clinic);
            assertThat(clinic.uplink.isOpen()).isTrue();
        }
    }

    @Test
    void aClockThatIsSetAheadDoesNotEndIt() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")) {
            clinic.clock.isWrongBy(Duration.ofDays(-365));
            startAnew(clinic);
            clinic.rooms.limit.order(TWO_HOURS);
            clinic.clock.isWrongBy(Duration.ZERO);
            assertThat(limit(clinic)).isEqualTo("2 Mbit/s");
            assertThat(left(clinic)).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
            clinic.clock.advance(Duration.ofMinutes(121));
            assertThat(limit(clinic)).isEqualTo("512 kbit/s");
            assertThat(clinic.rooms.limit.status().until()).isNull();
        }
    }

    private static Duration left(Clinic clinic) {
        return Duration.between(
                clinic.clock.instant(), clinic.rooms.limit.status().until());
    }

    @Test
    void whatIsTakenBackStaysTakenBack() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")) {
            startAnew(clinic);
            clinic.rooms.limit.order(new UplinkRequest("off", 60L));
            assertThat(clinic.uplink.isOpen()).isFalse();
            assertThat(clinic.rooms.outlook.closed())
                    .hasValueSatisfying(problem -> assertThat(problem.message()).contains("nothing be sent until"));
            assertThat(clinic.rooms.limit.order(new UplinkRequest(null, null)).until())
                    .isNull();
            assertThat(limit(clinic)).isEqualTo("512 kbit/s");
            assertThat(clinic.rooms.outlook.closed()).isEmpty();
            startAnew(clinic);
            assertThat(limit(clinic)).isEqualTo("512 kbit/s");
        }
    }

    @Test
    void itIsOrderedOverTheContract() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")) {
            startAnew(clinic);
            Service service = new Service(clinic.rooms, false);
            ControlClient client = ControlClient.connect(clinic.home);
            assertThat(client.uplink(TWO_HOURS).limit()).isEqualTo("2 Mbit/s");
            assertThat(client.uplink().limit()).isEqualTo("2 Mbit/s");
            assertThat(client.uplink(new UplinkRequest(null, null)).limit()).isEqualTo("512 kbit/s");
            service.close();
        }
    }

    @Test
    void whatIsNoLimitForAWhileIsRefused() {
        assertThatThrownBy(() -> new UplinkRequest("2 Mbit", 60L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UplinkRequest("off", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UplinkRequest(null, 60L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UplinkRequest("off", 0L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UplinkRequest("off", 604_801L)).isInstanceOf(IllegalArgumentException.class);
    }
}
