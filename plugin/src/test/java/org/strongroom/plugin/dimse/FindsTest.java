package org.strongroom.plugin.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.bridge.DicomPeer;
import org.strongroom.plugin.bridge.FindAnswerer.Found;
import org.strongroom.plugin.bridge.FindAnswerer.Query;
import org.strongroom.plugin.bridge.MoveAnswerer;
import org.strongroom.plugin.bridge.MoveAnswerer.Move;
import org.strongroom.plugin.dimse.Holdings.Value;

class FindsTest {
    private static final String UID = "0020,000d";

    private final List<AuditEvent> events = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private int failures;
    private RuntimeException failure = unavailable();
    private boolean cannotFind;
    private boolean cannotName;
    private Duration now = Duration.ZERO;
    private Duration slowness = Duration.ZERO;

    private final Stations stations = new Stations(
            Settings.parse(
                            """
                    {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Tenants": {
                      "north": {"Sources": {"AETs": ["NORTH_CT", "NORTH_WS", "AWAY"]}, "Destinations": ["NORTH_WS"]},
                      "south": {"Sources": {"AETs": ["SOUTH_CT"]}}}}}""")
                    .tenants(),
            Map.of("NORTH_CT", "north-ct", "NORTH_WS", "north-ws", "SOUTH_CT", "south-ct"),
            Map.of("NORTH_CT", "10.0.0.1", "NORTH_WS", "ws.north", "SOUTH_CT", "10.0.0.3", "NOBODY", "10.0.0.4"));

    private final Holdings holdings = new Holdings() {
        @Override
        public List<String> find(String tenant, Level level, Map<String, String> constraints, int most) {
            asked.add(tenant + " " + level + " " + constraints);
            if (cannotFind) {
                throw failure;
            }
            return List.of("/studies/a", "/studies/gone", "/studies/b").subList(0, Math.min(3, most));
        }

        @Override
        public Optional<Map<String, Value>> describe(String tenant, String path, Level level, Set<String> tags) {
            now = now.plus(slowness);
            return path.endsWith("gone")
                    ? Optional.empty()
                    : Optional.of(Map.of(UID, new Value("UI", "1.2.3.4." + path.length())));
        }

        @Override
        public Map<String, List<String>> images(String tenant, String path) {
            List<String> images = new ArrayList<>();
            for (int i = 0; i < (path.endsWith("a") ? 60 : 2); i++) {
                images.add("i" + i);
            }
            return path.endsWith("gone") ? Map.of() : Map.of(path, images);
        }
    };

    private final Moves moves = new Moves(
            stations,
            holdings,
            (modality, images, originator, message) -> {
                if (failures-- > 0) {
                    throw failure;
                }
                sent.add(modality + " " + images.size() + " " + originator + " " + message);
            },
            study -> {
                if (cannotName) {
                    throw failure;
                }
                return "key-of-" + study.substring(study.length() - 1);
            },
            pause -> sent.add("paused"),
            events::add);

    @Test
    void everyKeyComesBackWithItsValue() {
        Found found = finds(10)
                .find(query(
                        "NORTH_CT",
                        "10.0.0.1",
                        Map.of(
                                Finds.LEVEL,
                                "STUDY",
                                UID,
                                "",
                                "0010,0010",
                                "A*",
                                "0008,0005",
                                "ISO_IR 100",
                                "0010,0000",
                                "4")));
        assertThat(asked).containsExactly("north STUDY {0010,0010=A*}");
        assertThat(found.complete()).isTrue();
        assertThat(found.datasets()).hasSize(2);
        assertThat(text(found, 0))
                .contains("DICM", "1.2.840.10008.1.2", "STUDY", "1.2.3.4.10", "ORTHANC", "ISO_IR 192")
                .doesNotContain("A*");
        AuditEvent event = events.get(0);
        assertThat(event.type()).isEqualTo(AuditType.QUERY);
        assertThat(event.tenant()).contains("north");
        assertThat(event.details()).isEqualTo(Map.of("matches", "2", "level", "STUDY", "way", "dicom"));
        assertThat(event.address()).contains("10.0.0.1");
        finds(10).find(query("NORTH_CT", "", Map.of(Finds.LEVEL, "STUDY")));
        assertThat(events.get(1).address()).isEmpty();
    }

    static List<RuntimeException> failures() {
        return List.of(unavailable(), new IllegalStateException("a mistake of ours"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatCannotBeAnsweredIsRecordedToo(RuntimeException thrown) {
        failure = thrown;
        cannotFind = true;
        Move move = move(new DicomPeer("NORTH_CT", "ORTHANC", ""), "NORTH_WS");
        assertThatThrownBy(() -> finds(10).find(query("NORTH_CT", "", Map.of(Finds.LEVEL, "STUDY"))))
                .isSameAs(thrown);
        assertThatThrownBy(() -> moves.plan(move)).isSameAs(thrown);
        cannotFind = false;
        cannotName = true;
        assertThatThrownBy(() -> moves.plan(move)).isSameAs(thrown);
        assertThat(events)
                .hasSize(3)
                .allMatch(event -> event.type() == AuditType.QUERY && event.outcome() == AuditOutcome.FAILURE);
    }

    @Test
    void thatThereIsMoreIsSaid() {
        Found found = finds(1).find(query("NORTH_CT", "", Map.of(Finds.LEVEL, "STUDY")));
        assertThat(found.datasets()).hasSize(1);
        assertThat(found.complete()).isFalse();
    }

    @Test
    void aSlowAnswerEndsBeforeOthersHaveWaitedForLong() {
        slowness = Duration.ofSeconds(23);
        Found found = finds(10).find(query("NORTH_CT", "", Map.of(Finds.LEVEL, "STUDY")));
        assertThat(found.datasets()).hasSize(1);
        assertThat(found.complete()).isFalse();
        slowness = Duration.ofSeconds(22);
        found = finds(10).find(query("NORTH_CT", "", Map.of(Finds.LEVEL, "STUDY")));
        assertThat(found.datasets()).hasSize(2);
        assertThat(found.complete()).isTrue();
    }

    @Test
    void whoIsNobodysOrComesFromElsewhereIsRefused() {
        for (DicomPeer peer : List.of(
                new DicomPeer("NOBODY", "ORTHANC", "10.0.0.4"),
                new DicomPeer("UNKNOWN", "ORTHANC", "10.0.0.1"),
                new DicomPeer("AWAY", "ORTHANC", "10.0.0.1"), // Orthanc does not know it
                new DicomPeer("NORTH_CT", "ORTHANC", "10.0.0.3"))) {
            assertThatThrownBy(() -> finds(10).find(new Query(peer, Map.of(Finds.LEVEL, "STUDY"))))
                    .isInstanceOf(StrongroomException.class);
            assertThatThrownBy(() -> moves.plan(move(peer, "NORTH_WS"))).isInstanceOf(StrongroomException.class);
        }
        assertThat(asked).isEmpty();
        assertThat(events).hasSize(8).allMatch(event -> event.outcome() == AuditOutcome.REFUSED);
    }

    @Test
    void aLevelThatIsNoneIsRefused() {
        for (Map<String, String> tags : List.of(Map.of(UID, "1"), Map.of(Finds.LEVEL, "WORKLIST"))) {
            assertThatThrownBy(() -> finds(10).find(query("NORTH_CT", "", tags)))
                    .isInstanceOf(StrongroomException.class);
        }
    }

    @Test
    void oneStepForEachImageAndOneAssociationForManyOfAStudy() {
        Move move = move(new DicomPeer("NORTH_CT", "ORTHANC", ""), "NORTH_WS");
        List<String> steps = moves.plan(move);
        assertThat(steps).hasSize(62);
        assertThat(asked).containsExactly("north STUDY {0020,000d=1.2}");
        failures = 2;
        steps.forEach(step -> moves.send(move, step));
        assertThat(sent)
                .containsExactly(
                        "paused",
                        "paused",
                        "north-ws 50 NORTH_CT 7",
                        "north-ws 10 NORTH_CT 7",
                        "north-ws 2 NORTH_CT 7");
        assertThat(events.stream().map(event -> event.type() + " " + event.details()))
                .containsExactly(
                        "QUERY {images=62, to=NORTH_WS, way=dicom}",
                        "TRANSFER_BEGIN {images=60, key=key-of-a, to=NORTH_WS, way=dicom}",
                        "TRANSFER {images=60, key=key-of-a, sent=60, to=NORTH_WS, way=dicom}",
                        "TRANSFER_BEGIN {images=2, key=key-of-b, to=NORTH_WS, way=dicom}",
                        "TRANSFER {images=2, key=key-of-b, sent=2, to=NORTH_WS, way=dicom}");
        assertThat(events).allMatch(event -> event.tenant().equals(Optional.of("north")));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatFailsAgainAndAgainFailsTheMoveAndIsAnAlert(RuntimeException thrown) {
        failure = thrown;
        Move move = move(new DicomPeer("NORTH_CT", "ORTHANC", ""), "NORTH_WS");
        List<String> steps = moves.plan(move);
        steps.subList(0, 50).forEach(step -> moves.send(move, step));
        failures = 3;
        assertThatThrownBy(() -> moves.send(move, steps.get(50))).isSameAs(thrown);
        assertThat(events.get(2).outcome()).isEqualTo(AuditOutcome.FAILURE);
        assertThat(events.get(2).details())
                .containsEntry("images", "60")
                .containsEntry("sent", "50")
                .containsEntry("sentAtMost", "60");
        assertThat(events.get(3).type()).isEqualTo(AuditType.ALERT);
        assertThat(events.get(3).details()).containsEntry("key", "key-of-a");
        assertThat(events).hasSize(4);
    }

    @Test
    void nothingGoesToAnothersStation() {
        DicomPeer north = new DicomPeer("NORTH_CT", "ORTHANC", "");
        for (String target : List.of("SOUTH_CT", "NORTH_CT", "UNKNOWN", "")) {
            assertThatThrownBy(() -> moves.plan(move(north, target))).isInstanceOf(StrongroomException.class);
            assertThatThrownBy(() -> moves.send(move(north, target), "0 1 key i1"))
                    .isInstanceOf(StrongroomException.class);
        }
        assertThat(sent).isEmpty();
        assertThat(moves.plan(move(new DicomPeer("SOUTH_CT", "ORTHANC", ""), "SOUTH_CT")))
                .hasSize(62);
    }

    @Test
    void aMoveOfEverythingMovesNothing() {
        Move all = new Move(
                new DicomPeer("NORTH_CT", "ORTHANC", ""),
                "NORTH_WS",
                Optional.of(MoveAnswerer.Level.STUDY),
                Map.of(MoveAnswerer.Id.STUDY, " "),
                7);
        assertThat(moves.plan(all)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsMovedByAPattern() {
        for (String pattern : List.of("*", "1.2\\1.?")) {
            Move some = new Move(
                    new DicomPeer("NORTH_CT", "ORTHANC", ""),
                    "NORTH_WS",
                    Optional.of(MoveAnswerer.Level.PATIENT),
                    Map.of(MoveAnswerer.Id.PATIENT, pattern),
                    7);
            assertThatThrownBy(() -> moves.plan(some)).isInstanceOf(StrongroomException.class);
        }
        assertThat(asked).isEmpty();
        assertThat(events).hasSize(2).allMatch(event -> event.outcome() == AuditOutcome.REFUSED);
    }

    @Test
    void aDatasetIsInUtf8AndEven() {
        byte[] file = Dataset.of(Map.of(
                "0010,0010",
                new Value("PN", "M\u00fcller"),
                UID,
                new Value("UI", "1.2.3.4"),
                "0028,0010",
                new Value("US", "513\\2"),
                "0028,0011",
                new Value("US", "many")));
        assertThat(file.length % 2).isZero();
        assertThat(new String(file, StandardCharsets.UTF_8)).contains("M\u00fcller ", "1.2.3.4\0");
        assertThat(file).endsWith(new byte[] {0x28, 0, 0x10, 0, 4, 0, 0, 0, 1, 2, 2, 0, 0x28, 0, 0x11, 0, 0, 0, 0, 0});
    }

    private Finds finds(int most) {
        return new Finds(stations, holdings, "ORTHANC", most, () -> now, events::add);
    }

    private static StrongroomException unavailable() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "not now");
    }

    private static Query query(String aet, String ip, Map<String, String> tags) {
        return new Query(new DicomPeer(aet, "ORTHANC", ip), tags);
    }

    private static Move move(DicomPeer peer, String target) {
        return new Move(peer, target, Optional.of(MoveAnswerer.Level.STUDY), Map.of(MoveAnswerer.Id.STUDY, "1.2"), 7);
    }

    private static String text(Found found, int at) {
        return new String(found.datasets().get(at), StandardCharsets.UTF_8);
    }
}
