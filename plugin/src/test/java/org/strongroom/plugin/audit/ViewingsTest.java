package org.strongroom.plugin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;

class ViewingsTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final UUID STUDY = UUID.randomUUID();
    private static final UUID IMAGE = UUID.randomUUID();
    private static final Viewing ANN = view("ann", STUDY);

    private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
    private volatile Duration passed = Duration.ZERO;
    private final Viewings viewings = new Viewings(recorded::add, () -> NOON.plus(passed), () -> passed);

    @AfterEach
    void close() {
        viewings.close();
    }

    @Test
    void theFirstRequestIsRecordedAtOnceAndItsSumWhenNothingMoreComes() {
        viewings.asked(ANN, Optional.of("instance"), Optional.of("1"));
        assertThat(recorded).hasSize(1);
        assertThat(recorded.get(0).type()).isEqualTo(AuditType.VIEW);
        assertThat(recorded.get(0).principal()).contains("ann");
        assertThat(recorded.get(0).address()).contains("10.0.0.1");
        assertThat(recorded.get(0).details()).containsEntry("phase", "begin").containsEntry("key", STUDY.toString());
        pass(Duration.ofMinutes(1));
        viewings.asked(ANN, Optional.of("instance"), Optional.of("2"));
        viewings.asked(ANN, Optional.of("instance"), Optional.of("2"));
        read("ann", 500);
        read("ann", 7);
        assertThat(recorded).hasSize(1);
        pass(Duration.ofMinutes(9));
        viewings.endIdle();
        assertThat(recorded).hasSize(1);
        pass(Duration.ofMinutes(1));
        viewings.endIdle();
        assertThat(recorded).hasSize(2);
        assertThat(recorded.get(1).principal()).contains("ann");
        assertThat(recorded.get(1).details())
                .containsEntry("phase", "end")
                .containsEntry("session", recorded.get(0).details().get("session"))
                .containsEntry("first", NOON.toString())
                .containsEntry("last", NOON.plusSeconds(60).toString())
                .containsEntry("requests", "3")
                .containsEntry("instances", "2")
                .containsEntry("reads", "2")
                .containsEntry("bytes", "507");
        viewings.asked(ANN, Optional.of("instance"), Optional.of("1"));
        assertThat(recorded).hasSize(3);
    }

    /** Who asks for a whole study, or by DICOM, names no image. */
    @Test
    void imagesThatNobodyNamedAreCountedAsTheyAreRead() {
        for (int image = 0; image < 3; image++) {
            viewings.read(AuditEvent.ORTHANC, "", STUDY, Optional.of(UUID.randomUUID()), 10);
            viewings.read(AuditEvent.ORTHANC, "", STUDY, Optional.empty(), 10);
        }
        viewings.read("eve", "10.0.0.9", STUDY, Optional.of(IMAGE), 1);
        assertThat(recorded.get(1).address()).contains("10.0.0.9");
        viewings.close();
        assertThat(recorded)
                .filteredOn(event -> event.details().get("phase").equals("end"))
                .extracting(event ->
                        event.principal().orElseThrow() + " " + event.details().get("instances"))
                .containsExactlyInAnyOrder("orthanc 3", "eve 1");
    }

    /** Of a job of hers, while she looks at the study herself. */
    @Test
    void whatNoRequestAsksForIsNoPartOfWhatItsUserLooksAt() {
        viewings.asked(ANN, Optional.of("instance"), Optional.of("1"));
        Map<String, String> job = Map.of("way", "job", "job", "7", "key", STUDY.toString());
        Viewing reading = new Viewing(AuditType.VIEW, "ann", "", STUDY.toString(), job);
        viewings.read(reading, Optional.of(IMAGE), 10);
        viewings.read(reading, Optional.of(UUID.randomUUID()), 10);
        read("ann", 500);
        viewings.close();
        assertThat(recorded)
                .filteredOn(event -> event.details().get("phase").equals("end"))
                .extracting(event -> event.details().get("job") + " "
                        + event.details().get("instances") + " "
                        + event.details().get("bytes"))
                .containsExactlyInAnyOrder("null 1 500", "7 2 20");
    }

    /** What was asked for and could not be had is no view. */
    @Test
    void whatCouldNotBeReadIsAFailureOfItsOwn() {
        viewings.asked(ANN, Optional.of("instance"), Optional.of("1"));
        Map<String, String> details = Map.of("way", "storage", "attachment", IMAGE.toString());
        Viewing failed = new Viewing(AuditType.VIEW, "ann", "", "", details, Optional.of("it could not be read"));
        viewings.read(failed, Optional.empty(), 0);
        viewings.read(failed, Optional.empty(), 0);
        viewings.close();
        assertThat(recorded)
                .extracting(event -> event.outcome() + " " + event.details().get("phase") + " "
                        + event.details().get("reads"))
                .containsExactlyInAnyOrder(
                        "SUCCESS begin null", "FAILURE begin null", "SUCCESS end 0", "FAILURE end 2");
    }

    @Test
    void everybodyAndEveryStudyHasASessionOfTheirOwn() {
        viewings.asked(ANN);
        viewings.asked(view("bob", STUDY));
        viewings.asked(view("ann", UUID.randomUUID()));
        assertThat(recorded).hasSize(3);
    }

    @Test
    void whatNobodyAskedForByHttpIsReadByOrthanc() {
        read(AuditEvent.ORTHANC, 10);
        assertThat(recorded).hasSize(1);
        assertThat(recorded.get(0).principal()).contains(AuditEvent.ORTHANC);
        assertThat(recorded.get(0).details()).containsEntry("way", "storage").containsEntry("key", STUDY.toString());
        read(AuditEvent.ORTHANC, 10);
        assertThat(recorded).hasSize(1);
        viewings.asked(ANN);
        read(AuditEvent.ORTHANC, 10);
        viewings.close();
        assertThat(sums("ann")).containsExactly("0");
        assertThat(sums(AuditEvent.ORTHANC)).containsExactly("30");
    }

    @Test
    void whatIsReadIsOfWhoAskedForItAndOfNobodyElseWhoLooksAtTheStudy() {
        viewings.asked(ANN);
        viewings.asked(view("bob", STUDY));
        read("ann", 500);
        read("bob", 7);
        read("ann", 500);
        read("eve", 3);
        assertThat(recorded).hasSize(3);
        assertThat(recorded.get(2).principal()).contains("eve");
        assertThat(recorded.get(2).details()).containsEntry("way", "storage");
        viewings.close();
        assertThat(sums("ann")).containsExactly("1000");
        assertThat(sums("bob")).containsExactly("7");
        assertThat(sums("eve")).containsExactly("3");
    }

    @Test
    void aViewerThatIsLeftOpenIsInTheLogOnceAnHour() {
        for (int minute = 0; minute < 121; minute++) {
            viewings.asked(ANN);
            pass(Duration.ofMinutes(1));
            viewings.endIdle();
        }
        viewings.close();
        assertThat(recorded.stream()
                        .filter(event -> event.details().get("phase").equals("begin")))
                .hasSize(3);
        assertThat(recorded.stream()
                        .filter(event -> event.details().get("phase").equals("end")))
                .hasSize(3);
    }

    @Test
    void memoryIsNotTheViewers() {
        for (int instance = 0; instance < OpenViewing.MOST_INSTANCES + 10; instance++) {
            viewings.asked(ANN, Optional.of("instance"), Optional.of("instance " + instance));
        }
        viewings.close();
        assertThat(recorded.get(1).details()).containsEntry("instances", "10000+");
    }

    @Test
    void withTooManySessionsNoRequestEndsAnyAndTheOldestGo() {
        for (int session = 0; session < Viewings.MOST; session++) {
            pass(Duration.ofMillis(1));
            viewings.asked(view("user" + session, STUDY));
        }
        viewings.endIdle();
        assertThat(sums("user0")).hasSize(1);
        assertThat(sums("user" + (Viewings.MOST / 10 - 1))).hasSize(1);
        assertThat(sums("user" + (Viewings.MOST / 10))).isEmpty();
        assertThat(sums("user" + (Viewings.MOST - 1))).isEmpty();
    }

    private void read(String who, long bytes) {
        viewings.read(who, "", STUDY, Optional.of(IMAGE), bytes);
    }

    private List<String> sums(String who) {
        return recorded.stream()
                .filter(event -> event.principal().equals(Optional.of(who)))
                .filter(event -> event.details().get("phase").equals("end"))
                .map(event -> event.details().get("bytes"))
                .toList();
    }

    private void pass(Duration time) {
        passed = passed.plus(time);
    }

    private static Viewing view(String who, UUID study) {
        return new Viewing(AuditType.VIEW, who, "10.0.0.1", study.toString(), Map.of("key", study.toString()));
    }
}
