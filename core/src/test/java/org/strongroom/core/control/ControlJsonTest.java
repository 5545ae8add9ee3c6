package org.strongroom.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class ControlJsonTest {
    private static final UUID ID = new UUID(1, 2);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Object record) {
        return new String(ControlJson.write(record), StandardCharsets.UTF_8);
    }

    @Test
    void work_looks_as_the_contract_says() {
        WorkItems items = new WorkItems(List.of(
                new Work.OpenCheck("w1", "offsite", ID, 4711, "keys/1-2-ab"),
                new Work.Restore("w2", List.of(ID), false, false),
                new Work.ListIndex("w3"),
                new Work.Forget("w4", List.of(ID)),
                new Work.Remove("w6", List.of(ID)),
                new Work.Hold("w5", new HoldRequest(ID, "c2VhbGVk", List.of(ID))),
                new Work.Erase("w6", new ErasureRequest(ID, ErasureRequest.Step.APPROVE, "c2VhbGVk", List.of(ID))),
                new Work.Assign("w7", new AssignmentRequest(ID, "c2VhbGVk", List.of(ID)))));
        assertThat(json(items))
                .isEqualTo("{\"items\":[{\"type\":\"openCheck\",\"id\":\"w1\",\"tier\":\"offsite\",\"pack\":\"" + ID
                        + "\",\"bytes\":4711,\"bundle\":\"keys/1-2-ab\"},{\"type\":\"restore\",\"id\":\"w2\","
                        + "\"attachments\":[\"" + ID
                        + "\"],\"forget\":false,\"toOwner\":false},{\"type\":\"listIndex\",\"id\":\"w3\"},"
                        + "{\"type\":\"forget\",\"id\":\"w4\",\"attachments\":[\"" + ID + "\"]},"
                        + "{\"type\":\"remove\",\"id\":\"w6\",\"attachments\":[\"" + ID + "\"]},"
                        + "{\"type\":\"hold\",\"id\":\"w5\",\"order\":{\"hold\":\"" + ID
                        + "\",\"text\":\"c2VhbGVk\",\"held\":[\"" + ID + "\"]}},"
                        + "{\"type\":\"erase\",\"id\":\"w6\",\"order\":{\"erasure\":\"" + ID
                        + "\",\"step\":\"APPROVE\",\"text\":\"c2VhbGVk\",\"keys\":[\"" + ID + "\"]}},"
                        + "{\"type\":\"assign\",\"id\":\"w7\",\"order\":{\"assignment\":\"" + ID
                        + "\",\"text\":\"c2VhbGVk\",\"keys\":[\"" + ID + "\"]}}]}");
        assertThat(ControlJson.readAnswer(ControlJson.write(items), WorkItems.class))
                .isEqualTo(items);
    }

    private static final DrillResult DRILL = new DrillResult(
            Instant.EPOCH, false, null, "kit", Instant.EPOCH, null, 5L, null, 6, 7, 1, "one image does not open");

    @Test
    void status_survives_the_way_there_and_back() {
        Status status = new Status(
                ID,
                Status.Plugin.absent,
                new Status.Backlog(
                        1,
                        2,
                        Instant.parse("2026-11-22T00:00:00Z"),
                        List.of(new Status.Problem(FailureKind.CORRUPT, "lost", "Send it again"))),
                new Status.Stored(3, 4, 5),
                new Status.Local(6, 7, 8, 9, 10),
                new Status.Line(null),
                new Status.Forecast(Instant.parse("2026-11-22T04:10:00Z"), 1.5, null, -3L),
                new ClearProgress(11, 12, 13, 14, 15, new Status.Problem(FailureKind.FULL, "wait", "Make room")),
                Map.of(
                        "offsite",
                        new Status.TierStatus(
                                true,
                                "directory",
                                false,
                                11,
                                12,
                                13,
                                null,
                                10,
                                1,
                                Instant.EPOCH,
                                "draining to new",
                                5,
                                1,
                                true,
                                Instant.EPOCH,
                                2,
                                Map.of("versions", "not kept"),
                                Map.of("COOL", 3L))),
                Map.of("far", DRILL),
                Map.of("colleague", new Status.WitnessStatus(Instant.EPOCH, 7L, "status 503", true)),
                new Status.Erasing(1, Map.of("far", 2L)),
                List.of(new Status.Problem(FailureKind.FULL, "no room", "Make some")));
        assertThat(ControlJson.readAnswer(ControlJson.write(status), Status.class))
                .isEqualTo(status);
    }

    @Test
    void an_answer_must_be_complete_and_may_know_more() {
        assertThat(ControlJson.readAnswer(utf8("{\"name\":\"a\",\"bytes\":1,\"later\":true}"), ObjectLine.class))
                .isEqualTo(new ObjectLine("a", 1));
        assertFails("{\"name\":\"a\"}", FailureKind.CORRUPT);
        assertFails("{\"name\":null,\"bytes\":1}", FailureKind.CORRUPT);
        assertFails("{\"name\":\"a\",\"bytes\":1} x", FailureKind.CORRUPT);
        assertFails("null", FailureKind.CORRUPT);
        assertFails("", FailureKind.CORRUPT);
    }

    private static void assertFails(String json, FailureKind kind) {
        assertThatThrownBy(() -> ControlJson.readAnswer(utf8(json), ObjectLine.class))
                .as(json)
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void requests_have_defaults_and_limits() {
        assertThat(ControlJson.readRequest(utf8("{\"all\":true}"), EvictRequest.class))
                .isEqualTo(new EvictRequest(true, List.of(), false));
        assertThat(ControlJson.readRequest(utf8("{}"), Notices.class)).isEqualTo(new Notices(List.of(), null, null));
        for (String bad : List.of("{}", "{\"all\":true,\"keys\":[\"" + ID + "\"]}", "[]", "{\"keys\":[\"x\"]}")) {
            assertThatThrownBy(() -> ControlJson.readRequest(utf8(bad), EvictRequest.class))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        }
        assertThatThrownBy(() -> ControlJson.readRequest(utf8("{\"keys\":[],\"urgent\":true}"), UrgentRequest.class))
                .isInstanceOf(StrongroomException.class);
        assertThat(ControlJson.readRequest(utf8("{\"stop\":true}"), PrefetchRequest.class))
                .isEqualTo(new PrefetchRequest(List.of(), false, true));
        assertThatThrownBy(() -> ControlJson.readRequest(utf8("{\"keys\":[]}"), PrefetchRequest.class))
                .isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> ControlJson.readRequest(utf8("{\"ok\":false}"), WorkAnswer.class))
                .isInstanceOf(StrongroomException.class);
        // As a plugin answers that was there before: whoever restarts one side only still tells what is damaged.
        assertThat(ControlJson.readRequest(
                        utf8("{\"ok\":false,\"kind\":\"CORRUPT\",\"message\":\"no\"}"), WorkAnswer.class))
                .isEqualTo(WorkAnswer.failed(StrongroomException.of(FailureKind.CORRUPT, "no")));
    }

    @Test
    void errors_come_back_as_they_were() {
        StrongroomException failure = StrongroomException.of(FailureKind.STALE, "an old listing")
                .with("tier", "offsite")
                .cure("Look at it");
        StrongroomException back = ControlJson.readAnswer(ControlJson.write(ErrorBody.of(failure)), ErrorBody.class)
                .toException();
        assertThat(back).hasMessage(failure.getMessage());
        assertThat(back.kind()).isEqualTo(FailureKind.STALE);
    }

    @Test
    void the_control_file_is_private_and_hides_its_token(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("control.json");
        assertThatThrownBy(() -> ControlFile.read(file))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        ControlFile control = new ControlFile(1, 40123, 4711, "s3cret", ID, Instant.parse("2026-11-22T00:00:00Z"));
        control.write(file);
        assertThat(ControlFile.read(file)).isEqualTo(control);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(control.toString()).doesNotContain("s3cret");
        new ControlFile(2, 40123, 4711, "s3cret", ID, Instant.EPOCH).write(file);
        assertThatThrownBy(() -> ControlFile.read(file))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }
}
