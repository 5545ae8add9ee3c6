package org.strongroom.plugin.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

    private final Stations stations = Stations.ofTenants(
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
        public List<String> named(String tenant, Level level, String identifier) {
            asked.add(tenant + " " + level + " " + identifier);
            if (cannotFind) {
                throw failure;
            }
            return identifier.startsWith("1.2") ? List.of("/studies/a", "/studies/gone", "/studies/b") : List.of();
        }

        @Override
        public Optional<Map<String, JsonNode>> describe(String tenant, String path, Level level, Set<String> tags) {
            now = now.plus(slowness);
            return path.endsWith("gone")
                    ? Optional.empty()
                    : Optional.of(Map.of(
                            UID,
                            TextNode.valueOf("1.2.3.4." + path.length()),
                            "0010,0010",
                            TextNode.valueOf("Lovelace")));
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
                .contains("STUDY", "1.2.3.4.10", "ORTHANC", "ISO_IR 192")
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
        failures = 2;
        List<String> steps = moves.plan(move);
        assertThat(steps).hasSize(62);
        assertThat(asked).containsExactly("north STUDY 1.2");
        steps.forEach(step -> moves.send(move, step));
        assertThat(sent)
                .containsExactly(
                        "paused",
                        "paused",
                        "north-ws 1 NORTH_CT 7",
                        "north-ws 4 NORTH_CT 7",
                        "north-ws 16 NORTH_CT 7",
                        "north-ws 39 NORTH_CT 7",
                        "north-ws 1 NORTH_CT 7",
                        "north-ws 1 NORTH_CT 7");
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
        steps.subList(0, 21).forEach(step -> moves.send(move, step));
        failures = 3;
        assertThatThrownBy(() -> moves.send(move, steps.get(21))).isSameAs(thrown);
        assertThat(events.get(2).outcome()).isEqualTo(AuditOutcome.FAILURE);
        assertThat(events.get(2).details())
                .containsEntry("images", "60")
                .containsEntry("sent", "21")
                .containsEntry("sentAtMost", "60");
        assertThat(events.get(3).type()).isEqualTo(AuditType.ALERT);
        assertThat(events.get(3).details()).containsEntry("key", "key-of-a");
        assertThat(events).hasSize(4);
    }

    /** Orthanc calls a C-MOVE of which a step fails one with warnings, and its own fails. */
    @Test
    void aStationThatTakesNothingFailsTheMoveItself() {
        failures = 3;
        failure = unavailable();
        Move move = move(new DicomPeer("NORTH_CT", "ORTHANC", ""), "NORTH_WS");
        assertThatThrownBy(() -> moves.plan(move)).isSameAs(failure);
        assertThat(sent).containsExactly("paused", "paused");
        assertThat(events.stream().map(event -> event.type() + " " + event.outcome()))
                .containsExactly("QUERY SUCCESS", "TRANSFER_BEGIN SUCCESS", "TRANSFER FAILURE", "ALERT FAILURE");
        assertThat(events.get(2).details()).containsEntry("sent", "0").containsEntry("sentAtMost", "1");
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
        assertThatThrownBy(() -> moves.plan(all)).isInstanceOf(StrongroomException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void whereThereIsOneTenantWhoeverOrthancLetsAskIsTheirs() {
        Stations one = Stations.ofOne("clinic", title -> title.equals("WS") ? Optional.of("ws") : Optional.empty());
        DicomPeer anybody = new DicomPeer("UNHEARD_OF", "ORTHANC", "10.9.9.9");
        assertThat(one.tenantOf(anybody)).contains("clinic");
        assertThat(one.destination("clinic", "WS")).contains("ws");
        assertThat(one.destination("clinic", "ELSEWHERE")).isEmpty();
        AuditEvent event = one.event(AuditType.QUERY, anybody);
        assertThat(event.aet()).contains("UNHEARD_OF");
        assertThat(event.tenant()).contains("clinic");
    }

    /** Orthanc, too, takes them for the same. */
    @Test
    void titlesInAnotherCaseAreTheSameStations() {
        assertThat(stations.tenantOf(new DicomPeer("north_ct", "ORTHANC", "10.0.0.1")))
                .contains("north");
        assertThat(stations.tenantOf(new DicomPeer("north_ct", "ORTHANC", "10.0.0.9")))
                .isEmpty();
        assertThat(stations.destination("north", "North_Ws")).contains("north-ws");
        assertThat(stations.destination("north", "south_ct")).isEmpty();
    }

    /** As Orthanc does, whose stations send what they like beside it. */
    @Test
    void theIdentifierOfTheLevelAloneSaysWhatIsMoved() {
        Map<MoveAnswerer.Id, String> ids = Map.of(
                MoveAnswerer.Id.PATIENT, "*",
                MoveAnswerer.Id.ACCESSION, "1.2.acc",
                MoveAnswerer.Id.STUDY, "1.2.study",
                MoveAnswerer.Id.SERIES, "1.2.series\\ \\1.2.more",
                MoveAnswerer.Id.INSTANCE, "unheard");
        assertThat(moves.plan(move(Optional.of(MoveAnswerer.Level.STUDY), ids))).hasSize(62);
        assertThat(moves.plan(move(Optional.of(MoveAnswerer.Level.SERIES), ids)))
                .hasSize(124);
        assertThat(moves.plan(move(Optional.empty(), ids))).hasSize(124);
        assertThat(asked)
                .containsExactly(
                        "north STUDY 1.2.acc",
                        "north SERIES 1.2.series",
                        "north SERIES 1.2.more",
                        "north IMAGE unheard",
                        "north SERIES 1.2.series",
                        "north SERIES 1.2.more");
        for (MoveAnswerer.Level level : List.of(MoveAnswerer.Level.PATIENT, MoveAnswerer.Level.INSTANCE)) {
            assertThatThrownBy(() -> moves.plan(move(Optional.of(level), ids)))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
        }
        assertThat(events.stream().filter(event -> event.outcome() == AuditOutcome.FAILURE))
                .hasSize(2)
                .allMatch(event -> event.type() == AuditType.QUERY);
    }

    private static Move move(Optional<MoveAnswerer.Level> level, Map<MoveAnswerer.Id, String> ids) {
        return new Move(new DicomPeer("NORTH_CT", "ORTHANC", ""), "NORTH_WS", level, ids, 7);
    }

    /** Orthanc's SDK refuses some values that a file may well have. */
    @Test
    void aValueThatCannotBeWrittenIsLeftOutAndNothingElse() {
        Finds strict = new Finds(
                stations,
                holdings,
                "ORTHANC",
                level -> 10,
                json -> {
                    if (json.contains("1.2.3.4.10")) {
                        throw unavailable();
                    }
                    return json.getBytes(StandardCharsets.UTF_8);
                },
                () -> now,
                events::add);
        Found found =
                strict.find(query("NORTH_CT", "10.0.0.1", Map.of(Finds.LEVEL, "studies", UID, "", "0010,0010", "")));
        assertThat(found.datasets()).hasSize(2);
        assertThat(text(found, 0)).contains("\"0020,000d\":\"\"", "\"0010,0010\":\"Lovelace\"");
    }

    private Finds finds(int most) {
        return new Finds(
                stations,
                holdings,
                "ORTHANC",
                level -> most,
                json -> json.getBytes(StandardCharsets.UTF_8),
                () -> now,
                events::add);
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
