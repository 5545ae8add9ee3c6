package org.strongroom.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.home.Installation;

/** Every record of the loopback contract: JSON becomes one that survives the way back, or is refused. */
class ControlFuzzTest {
    private static final UUID ID = UUID.fromString("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    private static final Instant TIME = Instant.parse("2026-11-22T00:00:00Z");
    private static final String[] WORDS = {
        "null",
        "true",
        "false",
        "{}",
        "[]",
        "[null]",
        "{\"\":null}",
        "\"\"",
        "\"",
        "\\u0000",
        "\\ud800",
        "0",
        "-1",
        "1e999",
        "1.5",
        "99999999999999999999",
        "[[[[[[[[",
        "{\"a\":{\"a\":",
        ",",
        ":",
        "\"type\":",
        "\"openCheck\"",
        "\u00e4",
        "/*",
        "NaN"
    };
    private static final DrillResult DRILL = new DrillResult(
            Instant.EPOCH, false, null, "kit", Instant.EPOCH, null, 5L, null, 6, 7, 1, "one image does not open");

    private static final List<Object> SAMPLES = List.of(
            new ErrorBody(FailureKind.STALE, "old", Map.of("tier", "near"), "Look at it"),
            new EvictRequest(false, List.of(ID), true),
            new EvictResult(1, 2, List.of(new Kept("not shipped", 3))),
            new FsckLine.Progress("listing", 1, 2),
            new FsckLine.Finding(
                    FsckLine.Kind.orphan, "what", ID, "near", "packs/00", "spool/0f", FsckLine.Repair.setAside, "cure"),
            new FsckLine.Result("plugin", List.of("far"), 1, 2, 3, 4, 5, 6, 7),
            new IndexLine(ID, 1),
            new FileLine(ID, ID, 1, true),
            new IndexBatch(1, List.of(ID), List.of(ID)),
            new Notices(List.of(ID), 5L, new ClearProgress(1, 2, 3, 4, 5, null)),
            new ObjectLine("packs/00", 1),
            new PackLine(ID, ID, 1, 2, true, List.of("near")),
            new ReceiptsAnswer(List.of(ID)),
            new ReceiptsRequest(List.of(ID), true),
            new RepairResult(1, List.of(new Kept("reason", 2))),
            new SeedStatus("near", 1, 2, 3, 4),
            new SeedExportRequest("/mnt/disk", 5L, true),
            new SeedExported(6L, 7, "the line was faster"),
            new SeedReconcileRequest(8L, true),
            new SeedReconciled(9L, 1, 2, 3, 4, 5),
            new TrimRequest(8L, true),
            new TrimResult(9L, 1, 2, Map.of("reason", 3L)),
            new ShipRequest(true),
            new ShipResult(1, 2),
            new Status(
                    ID,
                    Status.Plugin.absent,
                    new Status.Backlog(
                            1, 2, TIME, List.of(new Status.Problem(FailureKind.CORRUPT, "lost", "Send it again"))),
                    new Status.Stored(3, 4, 5),
                    new Status.Local(6, 7, 8, 9, 10),
                    new Status.Line(14L),
                    new Status.Forecast(TIME, 15.5, 16L, -17L),
                    new ClearProgress(1, 2, 3, 4, 5, new Status.Problem(FailureKind.FULL, "wait", "Make room")),
                    Map.of(
                            "far",
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
                                    null,
                                    2,
                                    Map.of("versions", "kept"),
                                    Map.of("COOL", 3L))),
                    Map.of("far", DRILL),
                    Map.of("colleague", new Status.WitnessStatus(TIME, 7L, null, false)),
                    new Status.Erasing(1, Map.of("far", 2L)),
                    List.of(new Status.Problem(FailureKind.FULL, "no room", "Make some"))),
            new StudyStatus(
                    ID,
                    ID,
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    7,
                    TIME,
                    List.of(new StudyStatus.PackStatus(ID, 1, 2, Map.of("far", "queued"), Map.of("far", "archived")))),
            new ExportNotice(ID, List.of(ID), "root", null),
            new ExportNotice(ID, List.of(), "root", new ExportNotice.End(1, 2, 3, true)),
            new LogRead("audit search", List.of(ID), "root"),
            new CertificateRequest(ID, "0".repeat(64), 2, List.of(ID), "root"),
            new CertificateProofs("log+00000000+AA==", List.of(new ProvedEvent(3, "{}", "c2sp.org/tlog-proof@v1"))),
            new CertificateFile(
                    CertificateFile.statement(ID, List.of("ordered"), List.of(ID), List.of()),
                    "log+00000000+AA==",
                    List.of(new ProvedEvent(3, "{}", "c2sp.org/tlog-proof@v1"))),
            new DrillNotice("far", DRILL, "root"),
            new Drills(Map.of("far", DRILL)),
            new HoldRequest(ID, "c2VhbGVk", List.of()),
            new AssignmentRequest(ID, "c2VhbGVk", List.of(ID)),
            new PatientTime(TIME),
            new ErasureRequest(ID, ErasureRequest.Step.ORDER, "c2VhbGVk", List.of(ID)),
            new Remains(ID, 1, 3, 1, 2, Map.of("near", "packs: 1")),
            new UndeleteRequest(true, null, List.of(), null, null),
            new UndeleteResult(1, List.of(ID), List.of()),
            new UplinkRequest("2 Mbit/s", 7200L),
            new UplinkStatus("2 Mbit/s", TIME, "off", TIME, Map.of("new", 5L)),
            WorkAnswer.failed(StrongroomException.of(FailureKind.CORRUPT, "no").cure("look")),
            new WorkItems(List.of(
                    new Work.OpenCheck("w1", "near", ID, 4711, "keys/1-2-ab"),
                    new Work.Restore("w2", List.of(ID), false, false),
                    new Work.ListIndex("w3"),
                    new Work.Forget("w4", List.of(ID)),
                    new Work.Remove("w6", List.of(ID)),
                    new Work.Hold("w5", new HoldRequest(ID, "c2VhbGVk", List.of(ID))))),
            new ControlFile(1, 40123, 4711, "s3cret", ID, TIME));
    private static final List<Class<?>> TYPES = List.of(
            AssignmentRequest.class,
            CertificateFile.class,
            CertificateProofs.class,
            CertificateRequest.class,
            DrillNotice.class,
            Drills.class,
            ErasureRequest.class,
            ErrorBody.class,
            EvictRequest.class,
            EvictResult.class,
            ExportNotice.class,
            LogRead.class,
            FsckLine.class,
            HoldRequest.class,
            IndexBatch.class,
            Notices.class,
            ObjectLine.class,
            PackLine.class,
            ReceiptsAnswer.class,
            ReceiptsRequest.class,
            Remains.class,
            RepairRequest.class,
            RepairResult.class,
            ShipRequest.class,
            ShipResult.class,
            Status.class,
            StudyStatus.class,
            UndeleteRequest.class,
            UndeleteResult.class,
            UplinkRequest.class,
            UplinkStatus.class,
            Work.class,
            WorkAnswer.class,
            WorkItems.class,
            ControlFile.class);

    @TempDir
    Path folder;

    @Test
    void everyRecord() throws Exception {
        Fuzz fuzz = Fuzz.of("control-json").words(WORDS).memory(64 << 20);
        for (Object sample : SAMPLES) {
            fuzz.drawn(sample.getClass().getSimpleName(), ControlJson.write(sample));
        }
        fuzz.drawn(
                "RepairRequest",
                ControlJson.write(new RepairRequest(List.of((FsckLine.Finding) SAMPLES.get(4)), true)));
        fuzz.run(input -> {
            for (Class<?> type : TYPES) {
                request(input, type);
                answer(input, type);
            }
        });
    }

    private static <T> void request(byte[] input, Class<T> type) {
        T read;
        try {
            read = ControlJson.readRequest(input, type);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            return;
        }
        assertThat(ControlJson.readRequest(ControlJson.write(read), type)).isEqualTo(read);
    }

    private static <T> void answer(byte[] input, Class<T> type) {
        T read;
        try {
            read = ControlJson.readAnswer(input, type);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            return;
        }
        assertThat(ControlJson.readAnswer(ControlJson.write(read), type)).isEqualTo(read);
        assertThat(read.toString()).isNotEmpty();
        if (read instanceof ErrorBody error) {
            assertThat(error.toException().kind()).isEqualTo(error.kind());
        }
    }

    @Test
    void controlFile() throws Exception {
        Path file = folder.resolve("control.json");
        Fuzz.of("control-file")
                .words(WORDS)
                .refuses(FailureKind.CORRUPT, FailureKind.REFUSED)
                .drawn("control.json", ControlJson.write(new ControlFile(1, 40123, 4711, "s3cret", ID, TIME)))
                .run(input -> {
                    Files.write(file, input);
                    ControlFile read = ControlFile.read(file);
                    assertThat(read.toString()).doesNotContain("s3cret");
                });
    }

    @Test
    void installation() throws Exception {
        Path file = folder.resolve("installation.json");
        new Installation(ID, TIME, new byte[32], new byte[32]).write(file);
        Fuzz.of("installation")
                .words(WORDS)
                .refuses(FailureKind.CORRUPT)
                .drawn("installation.json", Files.readAllBytes(file))
                .run(input -> {
                    Files.write(file, input);
                    Installation read = Installation.read(file).orElseThrow();
                    read.write(file);
                    assertThat(Installation.read(file)).contains(read);
                });
    }
}
