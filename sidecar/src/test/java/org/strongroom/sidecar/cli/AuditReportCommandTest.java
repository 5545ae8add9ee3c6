package org.strongroom.sidecar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.Status;
import org.strongroom.sidecar.search.WrittenLog;

class AuditReportCommandTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final String HEAD = "00000000-0000-4000-8000-000000000001";
    private static final String KNEE = "00000000-0000-4000-8000-000000000002";
    private static final String OTHERS = "00000000-0000-4000-8000-000000000003";

    @TempDir
    Path folder;

    private PlayedSidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        sidecar = new PlayedSidecar(folder);
    }

    @AfterEach
    void stop() {
        sidecar.close();
    }

    /** One a minute. */
    private void happen(Instant begin, AuditEvent... events) throws IOException {
        WrittenLog.append(sidecar.home, begin, Duration.ofMinutes(1), events.length, i -> events[i]);
    }

    private static AuditEvent event(AuditType type, String who, String... details) {
        AuditEvent event = AuditEvent.of(type).by(who);
        for (int i = 0; i < details.length; i += 2) {
            event = event.with(details[i], details[i + 1]);
        }
        return event;
    }

    private JsonNode report(String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of("audit", "report"));
        line.addAll(List.of(words));
        line.addAll(List.of("--json", "--to", "2026-11-28T00:00:00Z", "--zone", "UTC"));
        sidecar.out.getBuffer().setLength(0);
        assertThat(sidecar.run(line.toArray(String[]::new)))
                .as(sidecar.out.toString())
                .isZero();
        return new ObjectMapper().readTree(sidecar.out.toString());
    }

    private static List<String> column(JsonNode rows, String name) {
        List<String> values = new ArrayList<>();
        rows.forEach(row -> values.add(row.path(name).asText("-")));
        return values;
    }

    private Path named() throws IOException {
        return Files.writeString(folder.resolve("named"), HEAD + " 1.2.3\n" + KNEE + " \n");
    }

    private void disclose() throws IOException {
        happen(
                NOON,
                event(AuditType.VIEW, "anna", "key", HEAD, "session", "s", "phase", "begin", "what", "pixels"),
                event(AuditType.VIEW, "bert", "key", OTHERS, "session", "t", "phase", "begin"),
                event(AuditType.ARCHIVE, "anna", "key", KNEE).fromAddress("10.0.0.7"),
                event(AuditType.VIEW, "anna", "key", HEAD, "session", "s", "phase", "end", "instances", "12"),
                event(AuditType.TRANSFER_BEGIN, "anna", "key", HEAD, "to", "PRAXIS"),
                event(AuditType.ARCHIVE, "eve", "key", HEAD).refused("no right to it"),
                event(AuditType.EXPORT, "command line", "what", "all", "phase", "begin", "account", "root"),
                event(AuditType.ARCHIVE, "bert", "key", OTHERS),
                event(AuditType.VIEW, "bert", "key", "unknown"),
                event(AuditType.ARCHIVE, "bert", "key", "unsealed"),
                event(AuditType.VIEW, "bert", "key", "unsealed"),
                event(AuditType.ARCHIVE, "bert", "way", "rest", "route", "/tools/create-archive"),
                event(AuditType.ARCHIVE, "bert", "way", "job", "phase", "end", "images", "3"),
                event(AuditType.TRANSFER, "orthanc", "way", "job", "to", "PRAXIS"),
                event(AuditType.ARCHIVE, "eve", "way", "rest").refused("no right to it"),
                AuditEvent.of(AuditType.RECORDING_STOP)
                        .by(AuditEvent.STRONGROOM)
                        .failed("the disk takes no events"));
    }

    /** Where the report's times are told; an end that is not typed is now. */
    @Test
    void daysAreOfTheZoneThatIsNamed() throws IOException {
        disclose();
        assertThat(sidecar.run(
                        "audit",
                        "report",
                        "week",
                        "--json",
                        "--from",
                        "2026-11-26",
                        "--to",
                        "2026-11-26",
                        "--zone",
                        "Asia/Tokyo"))
                .isZero();
        JsonNode report = new ObjectMapper().readTree(sidecar.out.toString());
        assertThat(report.path("from").asText()).startsWith("2026-11-26T00:00");
        assertThat(report.path("until").asText()).startsWith("2026-11-27T00:00");
        assertThat(sidecar.run("audit", "report", "week", "--from", "2999-01-01"))
                .isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("nothing is between these times");
    }

    @Test
    void disclosuresOfOnePatientAreAccountedFor() throws IOException {
        disclose();
        AuditEvent failed = event(AuditType.VIEW, "carl", "key", HEAD, "session", "u", "phase", "begin");
        happen(NOON, failed.failed("it could not be read"));
        JsonNode report = report("disclosures", "--patient", "P1", "--named", named().toString());
        assertThat(report.path("subject").asText()).isEqualTo("patient P1");
        assertThat(report.path("studies").asText()).isEqualTo("2");
        assertThat(report.path("eventsAboutAStudyThatIsNotKnown").asText()).isEqualTo("1");
        assertThat(report.path("eventsAboutAStudyThatIsNotSealed").asText()).isEqualTo("2");
        JsonNode left = report.path("disclosures");
        assertThat(column(left, "event")).containsExactly("2", "4", "6");
        assertThat(column(left, "what")).containsExactly("archive", "transfer-begin", "export begin");
        assertThat(column(left, "to"))
                .containsExactly("anna, from 10.0.0.7", "PRAXIS, by anna", "root, by command line");
        assertThat(column(left, "study")).containsExactly("key " + KNEE, "1.2.3", "everything");
        assertThat(column(report.path("unnamed"), "event")).containsExactly("9", "11", "13");
        assertThat(column(report.path("unnamed"), "to")).containsExactly("bert", "bert", "PRAXIS, by orthanc");
        assertThat(column(report.path("views"), "who")).containsExactly("anna");
        assertThat(column(report.path("views"), "instances")).containsExactly("12");
        assertThat(column(report.path("views"), "first")).containsExactly("2026-11-26T12:00:00Z");
        assertThat(column(report.path("views"), "last")).containsExactly("2026-11-26T12:03:00Z");
        assertThat(column(report.path("holes"), "reason")).containsExactly("the disk takes no events");
        assertThat(column(report("disclosures", "--study", OTHERS).path("disclosures"), "event"))
                .containsExactly("6", "7");
        assertThat(sidecar.run("audit", "report", "disclosures")).isEqualTo(1);
    }

    /** That the disk takes no event is recorded when it does again, which may be after the time of the report. */
    @Test
    void aHoleIsWhereItBeganNotWhereItWasRecorded() throws IOException {
        AuditEvent stop = AuditEvent.of(AuditType.RECORDING_STOP)
                .by(AuditEvent.STRONGROOM)
                .failed("the disk took no event");
        happen(
                NOON,
                stop.with("since", "2026-11-26T11:00:00Z"),
                AuditEvent.of(AuditType.RECORDING_START)
                        .with("recordedLater", 2)
                        .with("lost", 1));
        happen(
                Instant.parse("2026-11-28T02:00:00Z"),
                stop.with("since", "2026-11-27T22:00:00Z"),
                AuditEvent.of(AuditType.RECORDING_START)
                        .with("recordedLater", 1)
                        .with("lost", 0),
                stop.with("since", "2026-11-28T01:00:00Z"));
        JsonNode holes = report("disclosures", "--patient", "P1", "--named", named().toString())
                .path("holes");
        assertThat(column(holes, "time"))
                .containsExactly("2026-11-26T11:00:00Z", "2026-11-26T12:01:00Z", "2026-11-27T22:00:00Z");
        assertThat(column(holes, "reason"))
                .containsExactly("the disk took no event", "2 recorded later, 1 lost", "the disk took no event");
    }

    /** Of a session that began before the time of the report its end says when; what the disk did not take then says so too. */
    @Test
    void timesAreThoseAtWhichItHappened() throws IOException {
        happen(
                Instant.parse("2026-11-26T08:00:00Z"),
                event(AuditType.VIEW, "anna", "key", HEAD, "session", "s", "phase", "begin"));
        happen(
                Instant.parse("2026-11-26T08:30:00Z"),
                event(
                                AuditType.VIEW,
                                "anna",
                                "key",
                                HEAD,
                                "session",
                                "s",
                                "phase",
                                "end",
                                "first",
                                "2026-11-26T08:00:00Z")
                        .with("last", "2026-11-26T08:20:00Z"),
                event(AuditType.VIEW, "owl", "key", HEAD, "session", "t", "phase", "begin")
                        .with("happened", "2026-11-26T03:00:00Z"));
        Path named = named();
        JsonNode views = report(
                        "disclosures", "--patient", "P1", "--named", named.toString(), "--from", "2026-11-26T08:10Z")
                .path("views");
        assertThat(column(views, "who")).containsExactly("anna");
        assertThat(column(views, "first")).containsExactly("2026-11-26T08:00:00Z");
        assertThat(column(views, "last")).containsExactly("2026-11-26T08:20:00Z");
        views = report("disclosures", "--patient", "P1", "--named", named.toString())
                .path("views");
        assertThat(column(views, "who")).containsExactly("anna", "owl");
        assertThat(column(views, "first")).containsExactly("2026-11-26T08:00:00Z", "2026-11-26T03:00:00Z");
        assertThat(column(report("week").path("oddHours"), "who")).containsExactly("owl");
    }

    /** Who was turned away has had nothing. */
    @Test
    void whatWasRefusedTouchesNoImages() throws IOException {
        AuditEvent[] refused = new AuditEvent[51];
        Arrays.setAll(refused, i -> event(AuditType.TRANSFER_BEGIN, "THIEF", "key", key(i))
                .refused("no destination"));
        WrittenLog.append(
                sidecar.home, Instant.parse("2026-11-26T23:00:00Z"), Duration.ofSeconds(1), 51, i -> refused[i]);
        JsonNode week = report("week");
        assertThat(week.path("massAccess")).isEmpty();
        assertThat(week.path("oddHours")).isEmpty();
        assertThat(column(week.path("refusals"), "times")).containsExactly("51");
    }

    @Test
    void aPageToPrintNeedsNothingAndRunsNothing() throws IOException {
        disclose();
        happen(NOON.plusSeconds(3600), event(AuditType.ARCHIVE, "<script>alert('x')</script>\"", "key", HEAD));
        Path page = Files.writeString(folder.resolve("page.html"), "of before");
        String evil = "</td><img src=//evil.example/x onerror=\"x\">&amp;";
        assertThat(sidecar.run(
                        "audit",
                        "report",
                        "disclosures",
                        "--patient",
                        evil,
                        "--named",
                        named().toString(),
                        "--to",
                        "2026-11-28T00:00:00Z",
                        "--html",
                        page.toString()))
                .isZero();
        String html = Files.readString(page);
        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .contains("&lt;/td&gt;&lt;img src=//evil.example/x onerror=&quot;x&quot;&gt;&amp;amp;")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;")
                .doesNotContain("<script", "<img", "<link", "href=", "src=\"", "url(", "@import", "of before");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
                .isEqualTo("rw-------");
    }

    @Test
    void theScopeOfAnAccountIsWhatItDid() throws IOException {
        disclose();
        happen(
                NOON.plusSeconds(7200),
                event(AuditType.QUERY, "anna", "route", "/tools/find"),
                event(AuditType.VIEW, "anna", "key", KNEE, "phase", "begin").failed("it could not be read"),
                event(AuditType.DENIAL, "anna").refused("no right to it"));
        JsonNode report = report("scope", "--user", "anna", "--from", "2026-11-26T12:02:00Z");
        assertThat(column(report.path("studies"), "key")).containsExactly(HEAD, KNEE);
        assertThat(column(report.path("studies"), "how"))
                .containsExactly("transfer-begin, view", "archive, view failure");
        assertThat(column(report.path("studies"), "first").get(0)).isEqualTo("2026-11-26T12:03:00Z");
        assertThat(column(report.path("other"), "how")).containsExactly("/tools/find");
        assertThat(column(report.path("refused"), "why")).containsExactly("no right to it");
        assertThat(column(report.path("refused"), "what")).containsExactly("denial");
        assertThat(column(report.path("addresses"), "address")).containsExactly("10.0.0.7", "not known");
    }

    /** Whether it did or not. */
    @Test
    void theScopeOfAnAccountIsAlsoWhatItMayLookAt() throws IOException {
        Files.writeString(
                sidecar.config,
                Files.readString(sidecar.config)
                        .replaceFirst(
                                "\"Tiers\"",
                                "\"Tenants\": {\"north\": {}, \"south\": {\"Sources\": {\"AETs\": [\"S\"]}}},"
                                        + " \"Access\": {\"Users\": {\"anna\": {\"Tenants\": [\"north\"], \"Roles\":"
                                        + " [\"radiologist\"]}}}, \"Tiers\""));
        happen(
                NOON.minus(Duration.ofDays(300)),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD).ofTenant("north"),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD).ofTenant("north"),
                event(AuditType.ARRIVAL, "CT1", "key", KNEE).ofTenant("north"),
                event(AuditType.ARRIVAL, "CT1").ofTenant("north").failed("no room"),
                event(AuditType.ARRIVAL, "CT2", "key", OTHERS).ofTenant("south"),
                event(AuditType.ASSIGNMENT, "operator", "key", OTHERS).ofTenant("north"));
        JsonNode reach = report("scope", "--user", "anna", "--from", "2026-11-26T00:00:00Z")
                .path("reach");
        assertThat(column(reach, "tenant")).containsExactly("north");
        assertThat(column(reach, "roles")).containsExactly("radiologist");
        assertThat(column(reach, "studies"))
                .as("two that arrived, one that was given to it")
                .containsExactly("3");
        assertThat(report("scope", "--user", "bert").path("reach")).isEmpty();
    }

    @Test
    void theScopeOfAKeyIsAllThatItSealedAndWhoHadToDoWithIt() throws IOException {
        happen(
                NOON.minus(Duration.ofDays(300)),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD, "bytes", "500", "sealed", OTHERS),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD, "bytes", "500"),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD, "bytes", "700"),
                event(AuditType.ARRIVAL, "CT1", "key", HEAD, "bytes", "9").failed("no room"),
                event(AuditType.ARRIVAL, "CT1", "key", OTHERS, "bytes", "11"));
        disclose();
        JsonNode report = report("scope", "--key", HEAD, "--from", "2026-11-26T00:00:00Z");
        assertThat(report.path("filesThatItSealed").asText()).isEqualTo("2");
        assertThat(report.path("bytesThatItSealed").asText()).isEqualTo("1200");
        assertThat(column(report.path("contacts"), "who")).containsExactly("anna", "command line", "eve");
        assertThat(column(report.path("contacts"), "how"))
                .containsExactly("transfer-begin, view", "export", "archive refused");
        JsonNode commands = report("scope", "--user", "command line").path("other");
        assertThat(column(commands, "what")).containsExactly("export");
        assertThat(column(commands, "how")).containsExactly("all");
    }

    @Test
    void theScopeOfATierIsWhatItHolds() throws IOException {
        happen(
                NOON,
                event(AuditType.TIER, "command line", "order", "add", "tier", "near"),
                event(AuditType.TIER, "command line", "order", "add", "tier", "far"));
        StringBuilder packs = new StringBuilder();
        for (PackLine pack : List.of(
                new PackLine(UUID.randomUUID(), UUID.fromString(HEAD), 3, 300, true, List.of("near", "far")),
                new PackLine(UUID.randomUUID(), UUID.fromString(HEAD), 4, 400, true, List.of("near")),
                new PackLine(UUID.randomUUID(), UUID.fromString(KNEE), 5, 500, true, List.of("far")))) {
            packs.append(new ObjectMapper().writeValueAsString(pack)).append('\n');
        }
        sidecar.on("GET /v1/packs", packs.toString());
        sidecar.on("GET /v1/status", PlayedSidecar.status(0, Status.Plugin.connected, true));
        JsonNode report = report("scope", "--tier", "near");
        assertThat(column(report.path("studies"), "key")).containsExactly(HEAD);
        assertThat(column(report.path("studies"), "files")).containsExactly("7");
        assertThat(column(report.path("studies"), "bytes")).containsExactly("700");
        assertThat(column(report.path("changes"), "event")).containsExactly("0");
        assertThat(sidecar.run("audit", "report", "scope", "--tier", "nowhere")).isEqualTo(1);
        assertThat(sidecar.run("audit", "report", "scope")).isEqualTo(2);
    }

    @Test
    void aWeekShowsWhatAPersonShouldLookAt() throws IOException {
        AuditEvent[] views = new AuditEvent[51];
        Arrays.setAll(views, i -> event(AuditType.VIEW, "mallory", "key", key(i), "phase", "begin"));
        AuditEvent[] many = new AuditEvent[50];
        Arrays.setAll(many, i -> event(AuditType.VIEW, "busy", "key", key(i), "phase", "begin"));
        AuditEvent[] failures = new AuditEvent[51];
        Arrays.setAll(failures, i -> event(AuditType.VIEW, "unlucky", "key", key(i), "phase", "begin")
                .failed("it could not be read"));
        AuditEvent[] denials = new AuditEvent[10];
        Arrays.setAll(denials, i -> event(AuditType.LOGIN_FAILED, "carl").refused("wrong password"));
        AuditEvent[] few = new AuditEvent[9];
        Arrays.setAll(few, i -> event(AuditType.DENIAL, "dora").refused("no right to it"));
        happen(NOON.minus(Duration.ofDays(10)), event(AuditType.LOCK_OUT, "long ago"));
        happen(NOON, views);
        happen(NOON, many);
        happen(NOON, failures);
        happen(NOON, denials);
        happen(NOON, few);
        happen(
                Instant.parse("2026-11-26T23:30:00Z"),
                event(AuditType.VIEW, "owl", "key", HEAD, "phase", "begin"),
                event(AuditType.VIEW, AuditEvent.ORTHANC, "key", HEAD, "phase", "begin"),
                event(AuditType.TRANSFER_BEGIN, "PACS2", "to", "A", "key", HEAD),
                event(AuditType.TRANSFER_BEGIN, "PACS2", "to", "B", "key", HEAD),
                event(AuditType.TRANSFER_BEGIN, "PACS2", "to", "B", "key", HEAD).refused("no destination"),
                event(AuditType.TRANSFER, "PACS2", "to", "A", "key", HEAD),
                event(AuditType.TRANSFER, "PACS2", "to", "B", "key", HEAD).failed("an image was not taken"),
                event(AuditType.TIER, AuditEvent.STRONGROOM, "order", "class", "tier", "near", "class", "COLD"),
                event(AuditType.TIER, "command line", "order", "drain", "tier", "near"),
                event(AuditType.LOCK_OUT, "carl"));
        JsonNode report = report("week");
        assertThat(column(report.path("massAccess"), "who")).containsExactly("mallory");
        assertThat(column(report.path("massAccess"), "studies")).containsExactly("51");
        assertThat(column(report.path("oddHours"), "who")).containsExactly("PACS2", "owl");
        assertThat(column(report.path("refusals"), "who")).containsExactly("account carl");
        assertThat(column(report.path("refusals"), "times")).containsExactly("10");
        assertThat(column(report.path("unfinishedTransfers"), "to")).containsExactly("B");
        assertThat(column(report.path("rare"), "what"))
                .as("but for what happens by age")
                .containsExactly("tier success", "lock-out success");
        assertThat(column(report.path("sums"), "type")).contains("denial", "lock-out", "view");
        assertThat(report.path("events").asText()).isEqualTo("181");
        assertThat(sidecar.run("audit", "report", "week", "--to", "2026-11-28T00:00:00Z", "--zone", "America/New_York"))
                .isZero();
        assertThat(sidecar.out.toString())
                .contains("At odd hours: none")
                .contains("mallory  2026-11-26T07:00:00-05:00  51");
    }

    /** Orthanc does not say who has started a job where nobody logs in; where users do, it is known. */
    @Test
    void whatIsSentByHttpEndsWithItsJob() throws IOException {
        happen(
                NOON,
                event(AuditType.TRANSFER_BEGIN, "anybody", "modality", "A").fromAddress("10.0.0.7"),
                event(AuditType.TRANSFER_BEGIN, "anybody", "modality", "A").fromAddress("10.0.0.8"),
                event(AuditType.TRANSFER_BEGIN, "anybody", "peer", "B"),
                event(AuditType.TRANSFER_BEGIN, "anna", "modality", "C").fromAddress("10.0.0.7"),
                event(AuditType.TRANSFER_BEGIN, "anna", "to", "C", "key", HEAD),
                event(AuditType.TRANSFER_BEGIN, "anna", "to", "C", "key", KNEE),
                event(AuditType.TRANSFER_BEGIN, "bert", "modality", "C").fromAddress("10.0.0.7"),
                event(AuditType.TRANSFER_BEGIN, "carl", "modality", "D"),
                event(AuditType.TRANSFER_BEGIN, "carl", "modality", "D"),
                event(AuditType.TRANSFER, AuditEvent.ORTHANC, "to", "A", "key", HEAD, "job", "1", "starter", "unknown"),
                event(AuditType.TRANSFER, AuditEvent.ORTHANC, "to", "A", "key", KNEE, "job", "1", "starter", "unknown"),
                event(AuditType.TRANSFER, AuditEvent.ORTHANC, "to", "B", "key", KNEE, "job", "2")
                        .failed("not all"),
                event(AuditType.TRANSFER, "anna", "to", "C", "key", HEAD, "job", "3"),
                event(AuditType.TRANSFER, "anna", "to", "C", "key", KNEE, "job", "3"),
                // What nobody's user has started ends nobody's request.
                event(AuditType.TRANSFER, AuditEvent.ORTHANC, "to", "C", "key", HEAD, "job", "4"),
                // Its study is gone meanwhile.
                event(AuditType.TRANSFER, "carl", "to", "D", "job", "5"));
        JsonNode left = report("week").path("unfinishedTransfers");
        assertThat(column(left, "event")).containsExactly("1", "2", "6", "8");
        assertThat(column(left, "to")).containsExactly("A", "B", "C", "D");
    }

    /** A job says of which studies it begins to send: that takes the place of the request, which did not say it. */
    @Test
    void whatAJobBeginsToSendIsTheRequestsAndEndsWithTheJob() throws IOException {
        happen(
                NOON,
                event(AuditType.TRANSFER_BEGIN, "anna", "modality", "C").fromAddress("10.0.0.7"),
                event(AuditType.TRANSFER_BEGIN, "anna", "to", "C", "key", HEAD),
                event(AuditType.TRANSFER_BEGIN, AuditEvent.ORTHANC, "to", "C", "key", HEAD, "job", "1"),
                event(AuditType.TRANSFER, "anna", "to", "C", "key", HEAD, "job", "1"),
                event(AuditType.TRANSFER_BEGIN, "anybody", "peer", "B"),
                event(AuditType.TRANSFER_BEGIN, "orthanc", "to", "B", "key", HEAD, "job", "2", "starter", "unknown"),
                event(AuditType.TRANSFER_BEGIN, "orthanc", "to", "B", "key", KNEE, "job", "2", "starter", "unknown"),
                event(AuditType.TRANSFER, "orthanc", "to", "B", "key", KNEE, "job", "2", "starter", "unknown"),
                event(AuditType.TRANSFER_BEGIN, "anna", "server", "cloud"),
                event(AuditType.TRANSFER_BEGIN, "anna", "modality", "D"),
                event(AuditType.TRANSFER, "anna", "to", "unknown", "job", "3"),
                event(AuditType.TRANSFER_BEGIN, "bert", "peer", "E"),
                event(AuditType.TRANSFER_BEGIN, "bert", "to", "E", "key", KNEE, "job", "4"));
        JsonNode left = report("week").path("unfinishedTransfers");
        assertThat(column(left, "event")).as("each once").containsExactly("5", "9", "12");
        assertThat(column(left, "to")).containsExactly("B", "D", "E");
        assertThat(column(left, "key")).containsExactly(HEAD, "", KNEE);
    }

    /** Nine each are typing errors; together they are one who tries. */
    @Test
    void refusalsAreCountedByAccountByAetAndByAddress() throws IOException {
        AuditEvent[] many = new AuditEvent[12];
        Arrays.setAll(many, i -> {
            AuditEvent event = event(AuditType.LOGIN_FAILED, "user" + i).refused("wrong password");
            return (i < 11 ? event.fromAddress("10.0.0.9") : event).fromAet("TITLE" + i % 2);
        });
        AuditEvent[] moving = new AuditEvent[10];
        Arrays.setAll(
                moving,
                i -> event(AuditType.DENIAL, "dora").refused("no right to it").fromAddress("10.0.1." + i));
        AuditEvent[] scanning = new AuditEvent[10];
        Arrays.setAll(scanning, i -> AuditEvent.of(AuditType.DENIAL)
                .refused("not a known modality")
                .fromAet("SCANNER")
                .fromAddress("10.0.2." + i));
        AuditEvent[] asking = new AuditEvent[12];
        Arrays.setAll(asking, i -> AuditEvent.of(i < 6 ? AuditType.QUERY : AuditType.TRANSFER)
                .by("THIEF")
                .refused("nobody's station asks by DICOM")
                .fromAet("THIEF"));
        AuditEvent[] sending = new AuditEvent[10];
        Arrays.setAll(sending, i -> event(AuditType.ARRIVAL, AuditEvent.ORTHANC)
                .fromAet("STRANGER")
                .refused("nothing tells whose an image is"));
        happen(NOON, many);
        happen(NOON.plusSeconds(3600), moving);
        happen(NOON.plusSeconds(7200), scanning);
        happen(NOON.plusSeconds(9000), asking);
        happen(NOON.plusSeconds(10800), sending);
        JsonNode refusals = report("week").path("refusals");
        assertThat(column(refusals, "who"))
                .containsExactly("AET SCANNER", "AET STRANGER", "AET THIEF", "account dora", "address 10.0.0.9");
        assertThat(column(refusals, "times")).containsExactly("10", "10", "12", "10", "11");
    }

    private static String key(int study) {
        return "00000000-0000-4000-8000-" + (100_000_000_000L + study);
    }
}
