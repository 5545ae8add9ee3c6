package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrillNotice;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Drills;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.ExportNotice;
import org.strongroom.core.control.FileLine;
import org.strongroom.core.control.IndexLine;
import org.strongroom.core.control.LogRead;
import org.strongroom.core.control.Notices;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.PrefetchRequest;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.core.control.UrgentRequest;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.settings.DayTime;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TimetableSettings;
import org.strongroom.core.settings.UplinkSettings;
import org.strongroom.core.settings.WeekDays;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** The whole sidecar but its process, over real HTTP, as the plugin and the command line see it. */
class ServiceTest {
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    private Clinic clinic;
    private Service service;
    private ControlClient client;
    private Thread plugin;

    @BeforeEach
    void start() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        service = new Service(clinic.rooms, false);
        client = ControlClient.connect(clinic.home);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !clinic.rooms.rebuild.isRunning()); // until then nobody knows what is not there
    }

    @AfterEach
    void stop() throws Exception {
        if (plugin != null) {
            plugin.interrupt();
            plugin.join();
        }
        service.close();
        clinic.close();
    }

    /** A plugin that opens whatever it is asked to. */
    private void startPlugin() {
        plugin = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    client.work(Clinic.PLUGIN, Duration.ofSeconds(1))
                            .forEach(item -> client.answer(item.id(), WorkAnswer.DONE));
                } catch (StrongroomException e) {
                    return; // stopped
                }
            }
        });
        plugin.start();
    }

    private List<UUID> shipped(int... sizes) throws IOException {
        startPlugin();
        List<UUID> files = clinic.spool.study(KEY, sizes);
        client.ship(true);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> client.status().backlog().instances() == 0
                        && client.status().stored().instances() == sizes.length);
        return files;
    }

    @Test
    void a_drill_is_recorded_before_it_is_answered_and_told_with_the_status() throws Exception {
        DrillResult failed = new DrillResult(
                Instant.EPOCH, false, null, "kit", null, null, 5L, null, 6, 7, 1, "an image does not open");
        new Drills(Map.of("near", failed)).write(clinic.home.drills());
        assertThat(client.status().drills()).isEqualTo(Map.of("near", failed));
        client.drilled(new DrillNotice("near", failed, "root"));
        service.close();
        clinic.rooms.audit.flush();
        List<AuditEvent> events = new ArrayList<>();
        for (LogEntry entry : new LogReader(clinic.home.audit()).from(0)) {
            events.add(entry.entry().event());
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.DRILL);
            assertThat(event.outcome()).isEqualTo(AuditOutcome.FAILURE);
            assertThat(event.reason()).contains("an image does not open");
            assertThat(event.details())
                    .containsEntry("tier", "near")
                    .containsEntry("keys", "kit")
                    .containsEntry("secondsToList", "5")
                    .containsEntry("secondsToRead", "unknown");
        });
    }

    @Test
    void reads_of_the_log_and_orders_of_a_person_are_recorded_before_they_are_answered() throws Exception {
        client.logRead(new LogRead("audit verify", List.of(), "root"));
        client.logRead(new LogRead("audit search", List.of(KEY), "root"));
        client.evict(new EvictRequest(true, List.of(), true)); // asks only
        client.evict(new EvictRequest(true, List.of(), false));
        client.evict(new EvictRequest(false, List.of(KEY), false));
        client.uplink(new UplinkRequest("off", 60L));
        client.cancelSeed("near");
        client.seed("near"); // asks only
        clinic.spool.study(KEY, 1_000);
        client.urgent(new UrgentRequest(List.of(KEY), true));
        client.urgent(new UrgentRequest(List.of(UUID.randomUUID()), true)); // of nothing that is here
        client.urgent(new UrgentRequest(List.of(KEY), false));
        client.prefetch(new PrefetchRequest(List.of(KEY, UUID.randomUUID()), true, false));
        client.prefetch(new PrefetchRequest(List.of(KEY), false, false)); // asks only
        client.prefetch(new PrefetchRequest(List.of(), false, true));
        service.close();
        clinic.rooms.audit.flush();
        List<String> events = new ArrayList<>();
        for (LogEntry entry : new LogReader(clinic.home.audit()).from(0)) {
            AuditEvent event = entry.entry().event();
            assertThat(event.principal()).contains("command line");
            String way = event.details().getOrDefault("way", event.details().get("order"));
            events.add(event.type().wire() + " " + way + " " + event.details().getOrDefault("key", "no key"));
        }
        assertThat(events)
                .containsExactly(
                        "log-read audit verify no key",
                        "log-read audit search " + KEY,
                        "evict null no key",
                        "evict null " + KEY,
                        "settings uplink no key",
                        "tier seed cancel no key",
                        "tier urgent " + KEY,
                        "tier urgent no more " + KEY,
                        "tier prefetch no key",
                        "tier prefetch stop no key");
    }

    @Test
    void exports_and_what_is_done_to_tiers_are_recorded_before_they_are_answered() throws Exception {
        UUID export = UUID.randomUUID();
        client.export(new ExportNotice(export, List.of(KEY, export), "root", null));
        client.export(new ExportNotice(export, List.of(), "root", new ExportNotice.End(7, 70, 5, false)));
        client.addTier("near");
        client.drain("near", new DrainRequest("far", true)); // asks only
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> client.drain("near", new DrainRequest("near", false)));
        service.close(); // nobody takes them into the log meanwhile
        clinic.rooms.audit.flush();
        List<AuditEvent> events = new ArrayList<>();
        LogReader log = new LogReader(clinic.home.audit());
        for (LogEntry entry : log.from(0)) {
            events.add(entry.entry().event());
        }
        assertThat(events).hasSize(5).allSatisfy(event -> assertThat(event.principal())
                .contains("command line"));
        assertThat(events.get(0).details())
                .containsEntry("key", KEY.toString())
                .containsEntry("phase", "begin")
                .containsEntry("account", "root")
                .containsEntry("export", export.toString());
        assertThat(events.get(1).details()).containsEntry("key", export.toString());
        assertThat(events.get(2).outcome()).isEqualTo(AuditOutcome.FAILURE);
        assertThat(events.get(2).details())
                .containsEntry("what", "all")
                .containsEntry("phase", "end")
                .containsEntry("images", "7");
        assertThat(events.get(3).type()).isEqualTo(AuditType.TIER);
        assertThat(events.get(3).details())
                .containsEntry("order", "add")
                .containsEntry("tier", "near")
                .containsEntry("marked", "before");
        assertThat(events.get(4).outcome()).isEqualTo(AuditOutcome.REFUSED);
        assertThat(events.get(4).details()).containsEntry("order", "drain").containsEntry("to", "near");
    }

    @Test
    void every_sealed_file_that_was_not_removed_is_listed_also_what_came_just_now() throws Exception {
        List<UUID> shipped = shipped(40_000, 40_000);
        client.evict(new EvictRequest(true, null, false));
        List<UUID> fresh = clinic.spool.study(UUID.randomUUID(), 1000, 2000);
        TestJournal journal = new TestJournal(clinic.home, clinic.installation);
        journal.append(JournalType.TOMBSTONE, fresh.get(1), Instant.now());
        UUID again = UUID.randomUUID();
        UUID gone = UUID.randomUUID();
        journal.alias(again, shipped.get(1), Instant.now());
        journal.alias(gone, shipped.get(1), Instant.now());
        journal.append(JournalType.TOMBSTONE, gone, Instant.now());
        List<FileLine> files = new ArrayList<>();
        client.files(files::add);
        assertThat(files)
                .containsExactlyInAnyOrder(
                        new FileLine(shipped.get(0), shipped.get(0), 40_000, false),
                        new FileLine(shipped.get(1), shipped.get(1), 40_000, false),
                        new FileLine(again, shipped.get(1), 40_000, false),
                        new FileLine(fresh.get(0), fresh.get(0), 1000, true));
    }

    /** Whoever looks in spool, cache and tiers for what there has to be must not be told of less. */
    @Test
    void studies_and_packs_are_those_of_now() throws Exception {
        UUID key = UUID.randomUUID();
        clinic.spool.study(key, 1000, 2000);
        List<StudyStatus> studies = new ArrayList<>();
        client.studies(studies::add);
        assertThat(studies).singleElement().satisfies(study -> {
            assertThat(study.key()).isEqualTo(key);
            assertThat(study.instances()).isEqualTo(2);
        });
        clinic.plan();
        UUID lost = clinic.spool.study(key, 3000).get(0);
        client.packs(pack -> {
            assertThat(pack.settled()).isFalse();
            assertThat(pack.tiers()).isEmpty();
        });
        assertThat(client.study(key).instances()).isEqualTo(3);
        Files.delete(clinic.home.spooled(lost));
        studies.clear();
        client.studies(studies::add);
        assertThat(studies.get(0).instances()).as("what is lost counts").isEqualTo(3);
    }

    @Test
    void orthancs_own_index_is_told_where_no_orthanc_runs() throws Exception {
        Path file = folder.resolve("an index");
        UUID attachment = UUID.randomUUID();
        List<IndexLine> lines = new ArrayList<>();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> client.index(file, lines::add))
                .matches(e -> e.kind() == FailureKind.UNAVAILABLE && !e.cure().isEmpty());
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = database.createStatement()) {
            statement.executeUpdate("CREATE TABLE AttachedFiles (id INTEGER, fileType INTEGER, uuid TEXT,"
                    + " compressedSize INTEGER, uncompressedSize INTEGER)");
            client.index(file, lines::add);
            assertThat(lines).isEmpty();
            statement.executeUpdate("INSERT INTO AttachedFiles VALUES (1, 1, '" + attachment + "', 7, 9)");
        }
        client.index(file, lines::add);
        assertThat(lines).containsExactly(new IndexLine(attachment, 7));
    }

    @Test
    void what_the_plugin_tells_of_clear_files_is_in_the_status() {
        assertThat(client.status().clear()).isNull();
        Status.Problem full = new Status.Problem(FailureKind.FULL, "they wait", "Make room");
        ClearProgress waiting = new ClearProgress(7, 700, 3, 300, 1, full);
        client.notices(new Notices(List.of(), null, waiting));
        assertThat(client.status().clear()).isEqualTo(waiting);
        assertThat(client.status().problems()).contains(full);

        client.notices(new Notices(List.of(), null, new ClearProgress(0, 0, 10, 1000, 0, null)));
        assertThat(client.status().clear().waiting()).isZero();
        assertThat(client.status().problems()).doesNotContain(full);

        client.notices(new Notices(List.of(KEY), null, null));
        assertThat(client.status().clear().sealed()).isEqualTo(10);
    }

    @Test
    void a_study_is_shipped_evicted_and_read_back_over_the_contract() throws Exception {
        List<UUID> files = shipped(40_000, 40_000);
        Status status = client.status();
        assertThat(status.plugin()).isEqualTo(Status.Plugin.connected);
        assertThat(status.stored().rawBytes()).isEqualTo(80_000);
        assertThat(status.tiers().keySet()).containsExactly("near", "far");
        assertThat(status.tiers().get("far").healthy()).isTrue();
        assertThat(status.stored().tierBytes())
                .isEqualTo(2 * status.tiers().get("far").bytes());
        assertThat(status.problems()).isEmpty();

        List<PackLine> packs = new ArrayList<>();
        client.packs(packs::add);
        assertThat(packs).hasSize(1);
        assertThat(packs.get(0).tiers()).containsExactly("far", "near");
        assertThat(packs.get(0).settled()).isTrue();
        StudyStatus study = client.study(KEY);
        assertThat(study.local()).isEqualTo(2);
        assertThat(study.packs().get(0).tiers()).containsEntry("near", "received");
        List<StudyStatus> studies = new ArrayList<>();
        client.studies(studies::add);
        assertThat(studies).containsExactly(study);

        String name = PackPrologue.objectName(packs.get(0).pack());
        List<ObjectLine> objects = new ArrayList<>();
        client.tierObjects("near", "packs/", objects::add);
        assertThat(objects).containsExactly(new ObjectLine(name, packs.get(0).bytes()));
        assertThat(client.tierObject("near", name, 0, 4))
                .isEqualTo("STRP".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(client.received(List.of(files.get(1), UUID.randomUUID(), files.get(0)), false))
                .containsExactly(files.get(1), files.get(0));
        assertThat(client.evict(new EvictRequest(true, null, false)).instances())
                .isEqualTo(2);
        Duration deadline = Duration.ofSeconds(20);
        for (UUID file : files) {
            byte[] whole = clinic.spool.bytes(file);
            assertThat(client.sealedSize(file, deadline)).isEqualTo(whole.length);
            assertThat(client.sealed(file, 0, whole.length, deadline, false)).isEqualTo(whole);
        }
    }

    @Test
    void a_study_that_is_said_to_be_whole_is_shipped_at_once_and_no_other_one() throws Exception {
        startPlugin();
        List<UUID> whole = clinic.spool.study(KEY, 40_000, 40_000);
        List<UUID> goesOn = clinic.spool.study(UUID.randomUUID(), 40_000);
        assertThat(client.received(List.of(whole.get(0)), true)).isEmpty();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> client.received(whole, false).equals(whole));
        assertThat(client.received(goesOn, false)).isEmpty();
        List<PackLine> packs = new ArrayList<>();
        client.packs(packs::add);
        assertThat(packs).hasSize(1);
        assertThat(client.received(List.of(UUID.randomUUID()), true)).isEmpty();
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        ControlFile control = ControlFile.read(clinic.home.control());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.port() + path))
                .method(
                        method,
                        method.equals("POST")
                                ? HttpRequest.BodyPublishers.ofString("{]")
                                : HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20))
                .setHeader("Strongroom-Protocol", "1")
                .setHeader("Authorization", "Bearer " + control.token());
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    }

    private void assertError(int status, FailureKind kind, String method, String path, String... headers)
            throws Exception {
        HttpResponse<byte[]> answer = send(method, path, headers);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(ControlJson.readAnswer(answer.body(), ErrorBody.class).kind())
                .isEqualTo(kind);
    }

    @Test
    void ranges_are_those_of_the_rfc() throws Exception {
        UUID file = clinic.spool.study(KEY, 1_000).get(0);
        byte[] whole = clinic.spool.bytes(file);
        String path = "/v1/sealed/" + file;
        assertThat(send("GET", path).statusCode()).isEqualTo(200);
        assertThat(send("GET", path).body()).isEqualTo(whole);
        HttpResponse<byte[]> part = send("GET", path, "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 10-19/" + whole.length);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole, 10, 20));
        assertThat(send("GET", path, "Range", "bytes=-5").body())
                .isEqualTo(java.util.Arrays.copyOfRange(whole, whole.length - 5, whole.length));
        assertThat(send("GET", path, "Range", "bytes=" + (whole.length - 1) + "-")
                        .body())
                .hasSize(1);
        assertThat(send("GET", path, "Range", "bytes=0-99999999").body()).isEqualTo(whole);
        HttpResponse<byte[]> beyond = send("GET", path, "Range", "bytes=" + whole.length + "-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + whole.length);
        for (String bad : List.of("bytes=5-4", "bytes=0-1,5-6", "bytes=-", "lines=1-2", "bytes=a-b")) {
            assertError(400, FailureKind.REFUSED, "GET", path, "Range", bad);
        }
    }

    @Test
    void who_asks_wrongly_is_told_how() throws Exception {
        assertError(401, FailureKind.REFUSED, "GET", "/v1/status", "Authorization", "Bearer nonsense");
        assertError(426, FailureKind.REFUSED, "GET", "/v1/status", "Strongroom-Protocol", "2");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/v1/nothing");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/v1/sealed/" + UUID.randomUUID());
        assertError(400, FailureKind.REFUSED, "GET", "/v1/sealed/..%2f..%2fetc");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/v1/tiers/nowhere/objects/x");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/v1/tiers/near/objects/packs/x");
        assertError(404, FailureKind.NOT_FOUND, "GET", "/v1/studies/" + UUID.randomUUID());
        assertError(400, FailureKind.REFUSED, "POST", "/v1/evict");
        assertError(400, FailureKind.REFUSED, "GET", "/v1/work?asker=" + UUID.randomUUID() + "&wait=long");
        assertError(400, FailureKind.REFUSED, "GET", "/v1/work?asker=me");
        for (String pause : List.of("long", "-1", "3601", "99999999999")) {
            assertError(400, FailureKind.REFUSED, "GET", "/v1/fsck?pause=" + pause);
        }
        clinic.store(0).away = true;
        HttpResponse<byte[]> away = send("GET", "/v1/tiers/near/objects?prefix=packs/");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void a_replaced_tier_is_unavailable_until_it_is_added() throws Exception {
        clinic.store(1).memory.delete("tier.id");
        clinic.clock.advance(Duration.ofMinutes(2));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !client.status().tiers().get("far").healthy());
        assertThat(client.status().tiers().get("far").lastError()).isEqualTo("no marker");
        client.addTier("far");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.status().tiers().get("far").healthy());
    }

    @Test
    void the_backlog_tells_what_it_waits_for() throws Exception {
        shipped(1_000);
        List<UUID> files = clinic.spool.study(UUID.randomUUID(), 1_000, 1_000);
        clinic.rooms.refresh();
        Files.delete(clinic.home.spooled(files.get(1)));
        clinic.rooms.refresh();
        clinic.store(1).away = true;
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            client.ship(true);
            Status.Backlog backlog = client.status().backlog();
            assertThat(backlog.instances()).isEqualTo(2);
            assertThat(backlog.waitsFor())
                    .anySatisfy(problem -> {
                        assertThat(problem.message()).startsWith("1 sealed files vanished");
                        assertThat(problem.kind().retryable()).isFalse();
                    })
                    .anySatisfy(problem -> {
                        assertThat(problem.message()).contains("the line is cut");
                        assertThat(problem.kind().retryable()).isTrue();
                    });
        });
        clinic.store(1).away = false;
        clinic.spool.put(files.get(1), clinic.spool.bytes(files.get(1)));
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            client.ship(true);
            assertThat(client.status().backlog().instances()).isZero();
        });
        assertThat(client.status().backlog().waitsFor()).isEmpty();
    }

    @Test
    void a_supervised_sidecar_ends_when_it_is_released_or_alone_and_stays_when_adopted() throws Exception {
        var lifetime = new org.strongroom.sidecar.control.Lifetime(false, clinic.rooms.desk, clinic.clock.running());
        assertThat(lifetime.isOver()).isFalse();
        clinic.clock.advance(Duration.ofSeconds(119));
        assertThat(lifetime.isOver()).isFalse();
        clinic.clock.advance(Duration.ofSeconds(2));
        assertThat(lifetime.isOver()).isTrue();
        clinic.askedByPlugin();
        assertThat(lifetime.isOver()).isFalse();
        lifetime.released();
        clinic.clock.advance(Duration.ofSeconds(10));
        assertThat(lifetime.isOver()).isFalse();
        clinic.askedByPlugin();
        clinic.clock.advance(Duration.ofSeconds(20));
        assertThat(lifetime.isOver()).isFalse();
        lifetime.released();
        clinic.clock.advance(Duration.ofSeconds(16));
        assertThat(lifetime.isOver()).isTrue();
        var staying = new org.strongroom.sidecar.control.Lifetime(true, clinic.rooms.desk, clinic.clock.running());
        staying.released();
        clinic.clock.advance(Duration.ofHours(1));
        assertThat(staying.isOver()).isFalse();
    }

    @Test
    void an_orthanc_that_stops_is_not_said_to_be_connected() throws Exception {
        clinic.askedByPlugin();
        assertThat(client.status().plugin()).isEqualTo(Status.Plugin.connected);
        client.released();
        assertThat(client.status().plugin()).isEqualTo(Status.Plugin.absent);
        assertThat(client.status().problems())
                .anySatisfy(problem -> assertThat(problem.message()).startsWith("no plugin asks for work"));
        clinic.askedByPlugin();
        assertThat(client.status().plugin()).isEqualTo(Status.Plugin.connected);
    }

    @Test
    void a_backlog_that_waits_for_the_timetable_says_so() throws Exception {
        service.close();
        clinic.close();
        TimetableSettings off =
                new TimetableSettings(WeekDays.parse("daily"), new DayTime(0), new DayTime(1), Rate.OFF);
        Timetable table = new Timetable(
                new UplinkSettings(Rate.UNLIMITED, List.of(off), Optional.empty()), ZoneId.of("Europe/Berlin"));
        Instant night = Instant.parse("2026-11-25T23:00:30Z"); // 00:00:30 there
        clinic.clock.isWrongBy(Duration.between(Instant.now(), night));
        clinic.uplink = new Uplink(table, clinic.clock, clinic.clock.running(), Sleeper.SYSTEM);
        service = new Service(clinic.open().rooms, false);
        client = ControlClient.connect(clinic.home);
        clinic.spool.study(KEY, 1_000);
        client.ship(true);
        assertThat(client.status().backlog().waitsFor()).anySatisfy(problem -> {
            assertThat(problem.message()).endsWith("until 2026-11-26T00:01:00+01:00");
            assertThat(problem.kind().retryable()).isTrue();
        });
        clinic.clock.advance(Duration.ofMinutes(2));
        assertThat(client.status().backlog().waitsFor())
                .noneMatch(problem -> problem.message().contains("timetable"));
    }
}
