package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.core.settings.WitnessKey;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.MovableClock;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** A log and its witness, each with what the other one may do wrong. */
class WitnessTest {
    private static final UUID INSTALLATION = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final AuditRules RULES =
            new AuditRules(100, Duration.ofMinutes(1), Duration.ofMinutes(4), Duration.ofHours(1));
    private static final String PROBLEM = "witness/colleague";
    private static final String LATE = "witness-late/colleague";

    @TempDir
    Path temporary;

    private final MovableClock clock = new MovableClock();
    private final Problems problems = new Problems();
    private final List<AuditEvent> alarms = new ArrayList<>();
    private Home home;
    private LogWitness witness;
    private WitnessServer server;

    @BeforeEach
    void begin() throws IOException {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
        record(home, 300);
        open();
        listen(0);
    }

    private void open() throws IOException {
        witness = LogWitness.open(
                temporary.resolve("witness"),
                Optional.of("clinic.example/w"),
                List.of(home.audit().resolve("key.pub")),
                clock);
    }

    private void listen(int port) throws IOException {
        server = new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        witness.close();
    }

    // The witness

    @Test
    void onlyAKnownLogsGrowthIsSigned() throws Exception {
        byte[] first = note(home);
        assertThat(witness.add(request(0, home)).status()).isEqualTo(200);
        assertThat(witness.add(request(0, home))).isEqualTo(new LogWitness.Answer(409, "text/x.tlog.size", "300\n"));
        assertThat(witness.add(request(300, home)).status())
                .as("the same again: a new time")
                .isEqualTo(200);
        record(home, 13);
        assertThat(witness.add(new WitnessRequest(300, List.of(), note(home)).encode())
                        .status())
                .isEqualTo(422);
        assertThat(witness.add(new WitnessRequest(400, List.of(), note(home)).encode())
                        .status())
                .as("the old size above the new one")
                .isEqualTo(400);
        assertThat(witness.add(request(300, home)).status()).isEqualTo(200);
        assertThat(witness.add(new WitnessRequest(300, List.of(), first).encode())
                        .status())
                .as("a log that became shorter")
                .isEqualTo(409);
        assertThat(witness.add(new WitnessRequest(313, List.of(), first).encode())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatIsNoRequestIsToldSo() throws Exception {
        String good = new String(request(0, home), StandardCharsets.UTF_8);
        for (String body : List.of(
                "",
                "\n\n",
                "old 0\n",
                good.replace("old 0", "old 00"),
                good.replace("old 0", "old -1"),
                good.replace("old 0", "old"),
                good.replace("old 0\n", "old 0\nnonsense\n"),
                good.replace("old 0\n", "old 0\n" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(64)),
                good.replace("\n300\n", "\n0300\n"),
                good.substring(0, good.length() - 1))) {
            assertThat(witness.add(body.getBytes(StandardCharsets.UTF_8)).status())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(witness.add(good.replace("old 0\n", "old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
                                .getBytes(StandardCharsets.UTF_8))
                        .status())
                .as("a proof where nothing has to be proved")
                .isEqualTo(422);
    }

    @Test
    void whatItIsAskedIsCountedAndWaitsForTheTimetable() throws Exception {
        Uplink uplink = new Uplink(Timetable.always(Rate.UNLIMITED), clock, clock.running(), pause -> {});
        uplink.limit(Rate.OFF, clock.instant().plusSeconds(60));
        Cosigning cosigning = new Cosigning(
                "colleague",
                home.audit(),
                settings(server.port()),
                RULES,
                alarms::add,
                problems,
                uplink,
                Cosigning.Memory.ofThisProcess(),
                clock,
                clock.running());
        cosigning.step();
        assertThat(cosigning.status().cosigned()).isNull();
        uplink.back();
        cosigning.step();
        assertThat(cosigning.status().cosigned()).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(uplink.sending()).containsOnlyKeys(Priority.STAT);
        assertThat(uplink.sending().get(Priority.STAT)).isGreaterThan(request(0, home).length / 5);
    }

    @Test
    void strangersAreNotSignedFor() throws Exception {
        String good = new String(request(0, home), StandardCharsets.UTF_8);
        assertThat(witness.add(good.replace("strongroom/audit/", "stranger/").getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(404);
        assertThat(witness.add(good.replace("\n300\n", "\n301\n").getBytes(StandardCharsets.UTF_8))
                        .status())
                .as("not what was signed")
                .isEqualTo(403);
        Home other = new Home(temporary.resolve("other"));
        other.createFolders();
        record(other, 300);
        assertThat(witness.add(request(0, other)).status())
                .as("another key of the same name")
                .isEqualTo(403);
        try (Stream<Path> signed = Files.list(temporary.resolve("witness/logs"))) {
            assertThat(signed).isEmpty();
        }
    }

    /** Whoever has the log's key signs another history of the same size, or a longer one. */
    @Test
    void twoLogsAreNeverBothSigned() throws Exception {
        Path before = copy(home.root(), "before");
        record(home, 10);
        assertThat(witness.add(request(0, home)).status()).isEqualTo(200);
        Home forked = new Home(before);
        record(forked, 10);
        assertThat(witness.add(new WitnessRequest(310, List.of(), note(forked)).encode())
                        .status())
                .isEqualTo(422);
        record(forked, 10);
        assertThat(witness.add(request(310, forked)).status()).isEqualTo(422);
    }

    @Test
    void afterAKillItKnowsWhatItSigned() throws Exception {
        assertThat(witness.add(request(0, home)).status()).isEqualTo(200);
        String key = witness.key();
        Path copied = copy(temporary.resolve("witness"), "killed"); // as the disk is at a kill
        try (LogWitness again =
                LogWitness.open(copied, Optional.empty(), List.of(home.audit().resolve("key.pub")), clock)) {
            assertThat(again.key()).isEqualTo(key);
            assertThat(again.add(request(0, home)).body()).isEqualTo("300\n");
            String origin = LogWitness.hash("strongroom/audit/" + INSTALLATION);
            Cosigned newest = Cosigned.open(
                    again.newest(origin).body().getBytes(StandardCharsets.UTF_8), NoteKey.parseWitness(key));
            assertThat(newest.checkpoint().size()).isEqualTo(300);
            assertThat(again.newest("0".repeat(64)).status()).isEqualTo(404);
        }
    }

    /** What cannot be kept is not signed, and what was kept and cannot be read is not taken for nothing. */
    @Test
    void nothingIsSignedThatIsNotOnTheDisk() throws Exception {
        assertThat(witness.add(request(0, home)).status()).isEqualTo(200);
        Path kept;
        try (Stream<Path> files = Files.list(temporary.resolve("witness/logs"))) {
            kept = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(kept);
        bytes[bytes.length - 20] ^= 1;
        Files.write(kept, bytes);
        assertThatThrownBy(() -> witness.add(request(0, home))).isInstanceOf(StrongroomException.class);
        assertThat(post("/add-checkpoint", request(0, home)).statusCode()).isEqualTo(500);
        Files.delete(kept);
        Files.createDirectories(kept.resolve("in-its-way"));
        assertThat(post("/add-checkpoint", request(0, home)).statusCode()).isEqualTo(500);
        assertThat(post("/add-checkpoint", request(0, home)).body()).doesNotContain("\u2014");
    }

    @Test
    void oneProcessHasAFolderAndItsKeyIsItsOwn() throws Exception {
        List<Path> keys = List.of(home.audit().resolve("key.pub"));
        Path folder = temporary.resolve("witness");
        assertThatThrownBy(() -> LogWitness.open(folder, Optional.empty(), keys, clock))
                .hasMessageContaining("another witness has this folder");
        assertThat(Files.getPosixFilePermissions(folder.resolve("cosigning.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        witness.add(request(0, home));
        witness.close();
        assertThatThrownBy(() -> LogWitness.open(folder, Optional.of("another.example"), keys, clock))
                .hasMessageContaining("another name");
        Path secret = Files.move(folder.resolve("cosigning.key"), folder.resolve("away"));
        assertThatThrownBy(() -> LogWitness.open(folder, Optional.empty(), keys, clock))
                .hasMessageContaining("has lost its key");
        Files.move(secret, folder.resolve("cosigning.key"));
        open();
        assertThat(witness.add(request(300, home)).status()).isEqualTo(200);
    }

    @Test
    void whatIsAskedByHttpHasLimits() throws Exception {
        assertThat(post("/add-checkpoint", new byte[64 * 1024 + 1]).statusCode())
                .isEqualTo(413);
        assertThat(post("/", request(0, home)).statusCode()).isEqualTo(404);
        HttpRequest get = HttpRequest.newBuilder(uri("/add-checkpoint")).build();
        assertThat(HttpClient.newHttpClient()
                        .send(get, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
        HttpResponse<String> signed = post("/add-checkpoint", request(0, home));
        assertThat(signed.statusCode()).isEqualTo(200);
        assertThat(signed.body()).startsWith("\u2014 clinic.example/w ").endsWith("=\n");
        assertThat(post("/add-checkpoint", request(0, home)).headers().firstValue("Content-Type"))
                .contains("text/x.tlog.size");
    }

    // The log's side

    @Test
    void whatIsSignedIsCosignedAndKept() throws Exception {
        Cosigning cosigning = cosigning();
        assertThat(cosigning.status().cosigned()).isNull();
        cosigning.step();
        assertThat(cosigning.status().events()).isEqualTo(300);
        assertThat(cosigning.status().lastError()).isNull();
        Path kept = Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key()));
        assertThat(SignedNote.open(Files.readAllBytes(kept), LogReader.key(home.audit())))
                .as("still the log's own note")
                .startsWith("strongroom/audit/");
        record(home, 50);
        cosigning.step();
        assertThat(cosigning.status().events()).as("not before AnchorInterval").isEqualTo(300);
        clock.advance(Duration.ofMinutes(4));
        cosigning.step();
        assertThat(cosigning.status().events()).isEqualTo(350);
        assertThat(cosigning().status().events()).as("after a restart").isEqualTo(350);
        assertThat(verify(false)).isEqualTo(Verdict.good(350));
        assertThat(verify(true)).isEqualTo(Verdict.good(350));
    }

    @Test
    void aLogThatRestsIsSignedAgainInTime() throws Exception {
        Cosigning cosigning = cosigning();
        cosigning.step();
        Instant first = cosigning.status().cosigned();
        for (int minutes = 0; minutes < 120; minutes += 5) {
            clock.advance(Duration.ofMinutes(5));
            cosigning.step();
            assertThat(problems.byName()).isEmpty();
        }
        assertThat(cosigning.status().cosigned()).isAfter(first.plus(Duration.ofMinutes(100)));
    }

    @Test
    void aWitnessThatIsAwayIsAProblemLaterAndIsCaughtUpWith() throws Exception {
        Cosigning cosigning = cosigning();
        cosigning.step();
        int port = server.port();
        server.close();
        record(home, 20);
        clock.advance(Duration.ofMinutes(20));
        cosigning.step();
        assertThat(cosigning.status().lastError()).isNotEmpty();
        assertThat(problems.byName()).isEmpty();
        clock.advance(Duration.ofMinutes(40));
        cosigning.step();
        assertThat(problems.byName()).containsOnlyKeys(LATE);
        listen(port);
        clock.advance(Duration.ofMinutes(5));
        cosigning.step();
        assertThat(problems.byName()).isEmpty();
        assertThat(cosigning.status().events()).isEqualTo(320);
        assertThat(cosigning.status().lastError()).isNull();
        assertThat(alarms).isEmpty();
    }

    /** What was kept here is gone, or the witness's answer was lost on the way: it tells how far it is. */
    @Test
    void theWitnessTellsWhatWeForgot() throws Exception {
        cosigning().step();
        Files.delete(Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key())));
        record(home, 300);
        Cosigning cosigning = cosigning();
        cosigning.step();
        assertThat(cosigning.status().events()).isEqualTo(600);
        assertThat(problems.byName()).isEmpty();
    }

    @Test
    void anOlderCopyOfTheLogIsAnAlarm() throws Exception {
        Path before = copy(home.root(), "before");
        record(home, 50);
        cosigning().step();
        copyOver(before, home.root());
        Files.deleteIfExists(Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key())));
        assertThat(verify(false)).as("this machine alone knows nothing").isEqualTo(Verdict.good(300));
        Cosigning cosigning = cosigning();
        cosigning.step();
        cosigning.step();
        assertDisagrees(cosigning, Cosigning.LONGER);
        assertThat(verify(true)).isEqualTo(Verdict.bad(300, 300L, LogVerification.OLDER));

        record(home, 100); // it goes on, longer than what was signed
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        assertDisagrees(cosigning, Cosigning.ANOTHER);
        assertThat(verify(true).reason()).isEqualTo(LogVerification.FORKED);
    }

    @Test
    void whatIsKeptHereIsComparedBeforeAnybodyIsAsked() throws Exception {
        Path before = copy(home.root(), "before");
        record(home, 50);
        cosigning().step();
        Path kept = Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key()));
        byte[] note = Files.readAllBytes(kept);
        copyOver(before, home.root());
        Files.createDirectories(kept.getParent());
        Files.write(kept, note);
        server.close();
        Cosigning cosigning = cosigning();
        cosigning.step();
        assertDisagrees(cosigning, Cosigning.LONGER);
        assertThat(verify(false)).isEqualTo(Verdict.bad(300, 300L, LogVerification.OLDER));
        record(home, 50);
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        assertDisagrees(cosigning, Cosigning.ANOTHER);
        assertThat(verify(false)).isEqualTo(Verdict.bad(350, null, LogVerification.FORKED));
    }

    /** Who has the folder can delete what is kept in it; the ledger knows, however often the sidecar starts. */
    @Test
    void whatWasSignedIsKnownAlsoWhereItWasDeleted() throws Exception {
        Cosigning.Memory memory = Cosigning.Memory.ofThisProcess();
        Path before = copy(home.root(), "before");
        record(home, 50);
        cosigning(server.port(), memory).step();
        copyOver(before, home.root());
        Files.deleteIfExists(Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key())));
        int port = server.port();
        server.close();
        Cosigning cosigning = cosigning(port, memory);
        cosigning.step();
        assertDisagrees(cosigning, Cosigning.LONGER);
        clock.advance(Duration.ofMinutes(40));
        cosigning(port, memory).step();
        assertThat(problems.byName()).doesNotContainKey(LATE);
        clock.advance(Duration.ofMinutes(40));
        cosigning(port, memory).step();
        assertThat(problems.byName()).containsKey(LATE);
    }

    /** With the log its cosignatures were put back; what the ledger remembers is newer. */
    @Test
    void anOlderLogThatCameBackWithItsCosignaturesIsNotSignedOn() throws Exception {
        Cosigning.Memory memory = Cosigning.Memory.ofThisProcess();
        int port = server.port();
        cosigning(port, memory).step();
        Path before = copy(home.root(), "home-before");
        record(home, 50);
        clock.advance(Duration.ofMinutes(10));
        cosigning(port, memory).step();
        server.close();
        copyOver(before, home.root());
        clock.advance(Duration.ofMinutes(10));
        Cosigning after = cosigning(port, memory);
        after.step();
        assertThat(after.status().disagrees()).isTrue();
        assertThat(problems.byName().get(PROBLEM).kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void aWitnessThatNeverSignedIsAProblemHoweverOftenTheSidecarStarts() throws Exception {
        Cosigning.Memory memory = Cosigning.Memory.ofThisProcess();
        int port = server.port();
        server.close();
        for (int start = 0; start < 4; start++) {
            assertThat(problems.byName()).isEmpty();
            cosigning(port, memory).step();
            clock.advance(Duration.ofMinutes(20));
        }
        cosigning(port, memory).step();
        assertThat(problems.byName()).containsOnlyKeys(LATE);
    }

    @Test
    void aWitnessThatWentBackIsAnAlarmAndSignsOn() throws Exception {
        Cosigning cosigning = cosigning();
        cosigning.step();
        Path before = copy(temporary.resolve("witness"), "witness-before");
        record(home, 50);
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        int port = server.port();
        server.close();
        witness.close();
        copyOver(before, temporary.resolve("witness"));
        open();
        listen(port);
        record(home, 50);
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        assertThat(cosigning.status().events()).isEqualTo(400);
        assertThat(problems.byName()).containsOnlyKeys("witness-back/colleague");
        assertThat(problems.byName().get("witness-back/colleague").message())
                .contains("colleague signed 350 events, and knows of 300");
        assertThat(alarms).singleElement().satisfies(alarm -> assertThat(alarm.reason())
                .contains(Cosigning.FORGOT));
    }

    /** Nobody changed an event: no alarm, but nothing is claimed either until the tile is right. */
    @Test
    void aDamagedTileIsToldAsThatAndNotAsAnotherLog() throws Exception {
        Cosigning cosigning = cosigning();
        cosigning.step();
        record(home, 50);
        Path tile = home.audit().resolve("tile/0/001.p/94");
        byte[] right = Files.readAllBytes(tile);
        byte[] wrong = right.clone();
        wrong[0] ^= 1;
        Files.write(tile, wrong);
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        assertThat(problems.byName().get(PROBLEM).message()).contains("is not what its checkpoint says");
        assertThat(cosigning.status().disagrees()).isFalse();
        assertThat(alarms).isEmpty();
        Path key = home.audit().resolve("key.pub");
        assertThat(LogVerification.of(home.audit(), key, List.of()))
                .isEqualTo(Verdict.bad(350, null, LogVerification.DAMAGED));
        Files.write(tile, right);
        clock.advance(Duration.ofMinutes(10));
        cosigning.step();
        assertThat(problems.byName()).isEmpty();
        assertThat(LogVerification.of(home.audit(), key, List.of())).isEqualTo(Verdict.good(350));
    }

    @Test
    void aWitnessThatDoesNotKnowUsIsAProblemAtOnce() throws Exception {
        witness.close();
        server.close();
        Home other = new Home(temporary.resolve("other"));
        other.createFolders();
        record(other, 3);
        witness = LogWitness.open(
                temporary.resolve("witness"),
                Optional.empty(),
                List.of(other.audit().resolve("key.pub")),
                clock);
        listen(0);
        Cosigning cosigning = cosigning();
        cosigning.step();
        assertThat(problems.byName().get(PROBLEM).kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(problems.byName().get(PROBLEM).message()).contains("does not take this log's signature");
        assertThat(alarms).isEmpty();
        witness.close();
        server.close();
        witness = LogWitness.open(temporary.resolve("witness"), Optional.empty(), List.of(), clock);
        listen(0);
        cosigning = cosigning();
        cosigning.step();
        assertThat(problems.byName().get(PROBLEM).message()).contains("does not know this log");
        witness.close();
        server.close();
        open();
        listen(0);
        cosigning = cosigning();
        cosigning.step();
        assertThat(problems.byName()).isEmpty();
    }

    /** Whatever somebody answers in its place, or a witness that is broken. */
    @Test
    void answersThatAreNoneAreNotKept() throws Exception {
        String other;
        try (LogWitness another = LogWitness.open(
                temporary.resolve("another"),
                Optional.of("clinic.example/w"),
                List.of(home.audit().resolve("key.pub")),
                clock)) {
            other = another.add(request(0, home)).body();
        }
        clock.isWrongBy(Duration.ofHours(1));
        String ahead = witness.add(request(0, home)).body();
        clock.isWrongBy(Duration.ZERO);
        String right = witness.add(request(300, home)).body();
        int at = right.length() - 8;
        String wrong = right.substring(0, at) + (right.charAt(at) == 'A' ? 'B' : 'A') + right.substring(at + 1);
        String note = Files.readString(home.audit().resolve("checkpoint"));
        String longer = "x\n\n"
                + WitnessSigner.open(temporary.resolve("witness"), Optional.of("clinic.example/w"), true)
                        .line(note + "x\n", clock.instant());
        assertThat(SignedNote.signatures(
                        (note + longer).getBytes(StandardCharsets.UTF_8), NoteKey.parseWitness(witness.key())))
                .as("of the note with more text")
                .hasSize(1);
        for (Map.Entry<String, Integer> answer : Map.of(
                        longer,
                        200,
                        other,
                        200,
                        ahead,
                        200,
                        wrong,
                        200,
                        "",
                        200,
                        "nonsense\n",
                        200,
                        right,
                        500,
                        "x",
                        409,
                        "300",
                        409,
                        "\n",
                        503)
                .entrySet()) {
            HttpServer played = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            played.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                byte[] body = answer.getKey().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.getValue(), body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            played.start();
            Cosigning cosigning = cosigning(played.getAddress().getPort());
            cosigning.step();
            played.stop(0);
            assertThat(cosigning.status().cosigned()).as(answer.toString()).isNull();
            assertThat(cosigning.status().lastError()).as(answer.toString()).isNotEmpty();
        }
        assertThat(alarms).isEmpty();
        assertThat(problems.byName()).isEmpty();
    }

    @Test
    void whatWasKeptAndIsDamagedIsToldByVerify() throws Exception {
        cosigning().step();
        Path kept = Cosigned.file(home.audit(), NoteKey.parseWitness(witness.key()));
        byte[] note = Files.readAllBytes(kept);
        note[note.length - 10] ^= 1;
        Files.write(kept, note);
        assertThat(verify(false)).isEqualTo(Verdict.bad(300, null, Cosignatures.WRONG));
        Files.delete(kept);
        Cosignatures named = new Cosignatures(home.audit());
        named.add("w", witness.key(), true);
        assertThat(LogVerification.of(home.audit(), Optional.empty(), List.of(), named))
                .isEqualTo(Verdict.bad(300, null, Cosignatures.NONE));
        server.close();
        assertThatThrownBy(() -> verify(true)).hasMessageContaining("does not tell what it signed");
    }

    private void assertDisagrees(Cosigning cosigning, String text) {
        assertThat(cosigning.status().disagrees()).isTrue();
        assertThat(problems.byName().get(PROBLEM).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(problems.byName().get(PROBLEM).message()).startsWith(text);
        assertThat(alarms).as("told once").hasSize(1);
        assertThat(alarms.get(0).type()).isEqualTo(AuditType.ALERT);
        assertThat(alarms.get(0).details()).containsEntry("witness", "colleague");
    }

    private Verdict verify(boolean ask) throws Exception {
        Cosignatures witnesses = new Cosignatures(home.audit());
        witnesses.add("colleague", witness.key(), false);
        if (ask) {
            witnesses.ask("colleague", settings(server.port()));
        }
        return LogVerification.of(home.audit(), Optional.empty(), List.of(), witnesses);
    }

    private Cosigning cosigning() {
        return cosigning(server.port());
    }

    private Cosigning cosigning(int port) {
        return cosigning(port, Cosigning.Memory.ofThisProcess());
    }

    private Cosigning cosigning(int port, Cosigning.Memory memory) {
        return new Cosigning(
                "colleague",
                home.audit(),
                settings(port),
                RULES,
                alarms::add,
                problems,
                Uplink.unlimited(),
                memory,
                clock,
                clock.running());
    }

    private WitnessSettings settings(int port) {
        return new WitnessSettings(
                WebAddress.parse("http://127.0.0.1:" + port), WitnessKey.parse(witness.key()), Duration.ofHours(1));
    }

    private static byte[] note(Home of) throws IOException {
        return Files.readAllBytes(of.audit().resolve("checkpoint"));
    }

    private static byte[] request(long old, Home of) throws IOException {
        long size = new LogReader(of.audit()).size();
        List<Sha256> proof = ConsistencyProof.of(Tiles.in(of.audit()), old, size);
        return new WitnessRequest(old, proof, note(of)).encode();
    }

    private HttpResponse<String> post(String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static void record(Home of, int count) throws IOException {
        try (PendingLog log =
                PendingLog.open(of.pendingAudit(), "test", InstantSource.system(), RunningTime.system())) {
            for (int i = 0; i < count; i++) {
                log.write(AuditEvent.of(AuditType.VIEW));
            }
        }
        new Sequencer(of, INSTALLATION, RULES, InstantSource.system(), RunningTime.system()).flush();
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = temporary.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private void copyOver(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(to)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        copy(from, to.getFileName().toString());
        new Home(to).createFolders();
    }
}
