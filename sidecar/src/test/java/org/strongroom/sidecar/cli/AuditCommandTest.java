package org.strongroom.sidecar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SidecarLock;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.core.settings.WitnessKey;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.audit.LogWitness;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.audit.TierAnchor;
import org.strongroom.sidecar.audit.WitnessServer;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.Agreement;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.search.ErasureProofs;
import org.strongroom.sidecar.search.WrittenLog;
import org.strongroom.sidecar.tier.DirectoryTier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Uplink;

class AuditCommandTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private static final String KEY_OF_BERT = "00000000-0000-4000-8000-000000000002";

    @TempDir
    Path folder;

    private PlayedSidecar sidecar;
    private Path log;

    @BeforeEach
    void start() throws IOException {
        sidecar = new PlayedSidecar(folder);
        log = sidecar.home.audit();
    }

    @AfterEach
    void stop() {
        sidecar.close();
    }

    @Test
    void aWholeLogIsOk() throws Exception {
        write();
        assertThat(sidecar.run("audit", "verify", "--json")).isZero();
        assertThat(sidecar.out.toString().strip())
                .isEqualTo("{\"ok\":true,\"size\":4,\"firstBad\":null,\"reason\":null}");
    }

    @Test
    void anAlteredLogIsNot() throws Exception {
        write();
        Path bundle = log.resolve("tile/entries/000.p/4");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length - 10] ^= 1;
        Files.write(bundle, bytes);
        assertThat(sidecar.run("audit", "verify", "--json")).isEqualTo(1);
        JsonNode json = new ObjectMapper().readTree(sidecar.out.toString());
        assertThat(json.path("ok").asBoolean(true)).isFalse();
        assertThat(json.path("firstBad").asLong()).isEqualTo(3);
        assertThat(sidecar.run("audit", "verify")).isEqualTo(1);
        assertThat(sidecar.out.toString())
                .contains("BAD: an entry is not the one that was signed; the first wrong one is number 3 of 4 events");
    }

    /** A part of the log that is there twice could be changed in the one that is not read. */
    @Test
    void everyFileOfTheTreeIsRead() throws Exception {
        write();
        byte[] before = Files.readAllBytes(log.resolve("checkpoint"));
        write();
        List<Path> files;
        try (var all = Files.walk(log.resolve("tile"))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(files)
                .containsExactly(
                        log.resolve("tile/0/000.p/4"),
                        log.resolve("tile/0/000.p/8"),
                        log.resolve("tile/entries/000.p/4"),
                        log.resolve("tile/entries/000.p/8"));
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] altered = bytes.clone();
            altered[40] ^= 1;
            Files.write(file, altered);
            assertThat(sidecar.run("audit", "verify")).as(file.toString()).isEqualTo(1);
            Files.write(file, bytes);
        }
        assertThat(sidecar.run("audit", "verify")).isZero();
        Files.write(log.resolve("checkpoint"), before);
        assertThat(sidecar.run("audit", "verify", "--json"))
                .as("a reader who has begun with it")
                .isZero();
        assertThat(sidecar.out.toString()).contains("\"size\":4");
    }

    /** Whoever reads the verdict gets one, whatever stands where a file of the log should be, and however long that is. */
    @Test
    void whatIsNoFileOfALogIsTold() throws Exception {
        write();
        Path bundle = log.resolve("tile/entries/000.p/4");
        byte[] whole = Files.readAllBytes(bundle);
        try (RandomAccessFile file = new RandomAccessFile(bundle.toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        assertThat(verdict()).isEqualTo(notOk(4, 4L, "an entry is not the one that was signed"));
        Files.delete(bundle);
        Files.createDirectory(bundle);
        String missing = notOk(4, 0L, "entries are missing");
        assertThat(verdict()).isEqualTo(missing);
        for (String target : List.of("/dev/zero", "4", "nowhere")) {
            Files.delete(bundle);
            Files.createSymbolicLink(bundle, Path.of(target));
            assertThat(verdict()).as(target).isEqualTo(missing);
        }
        Files.delete(bundle);
        Files.delete(bundle.getParent());
        Files.write(bundle.getParent(), whole);
        assertThat(verdict()).isEqualTo(missing);
        Path checkpoint = log.resolve("checkpoint");
        Path key = log.resolve("key.pub");
        for (Path file : List.of(checkpoint, key)) {
            byte[] kept = Files.readAllBytes(file);
            Files.delete(file);
            Files.createDirectory(file);
            assertThat(verdict())
                    .isEqualTo(notOk(
                            file.equals(key)
                                    ? "the verifier key beside the log is not there, or is none"
                                    : "the checkpoint is not there, or not signed by the key of this log"));
            Files.delete(file);
            Files.write(file, kept);
        }
    }

    @Test
    void anOldCheckpointAndAKeyFromElsewhereAreCompared() throws Exception {
        write();
        Path old = Files.copy(log.resolve("checkpoint"), folder.resolve("old"));
        Path key = Files.copy(log.resolve("key.pub"), folder.resolve("old.pub"));
        write();
        assertThat(sidecar.run("audit", "verify", "--seen", old.toString(), "--key", key.toString()))
                .isZero();
        try (var files = Files.list(log)) {
            for (Path file : files.toList()) {
                Files.move(file, folder.resolve("gone-" + file.getFileName()));
            }
        }
        write();
        assertThat(sidecar.run("audit", "verify")).isZero();
        assertThat(sidecar.run("audit", "verify", "--key", key.toString())).isEqualTo(1);
    }

    /** As an auditor does, with what a tier has of the log: nothing runs, and at last nothing else is there. */
    @Test
    void theCopyInATierIsCompared() throws Exception {
        write();
        Path tier = Files.createDirectories(folder.resolve("near"));
        assertThat(sidecar.run("audit", "verify", "--from", "near")).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("BAD: a tier holds no copy of the log of 4 events");
        assertThat(sidecar.run("audit", "verify", "--from", "nowhere")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("no such tier in the settings");
        anchor(tier);
        assertThat(sidecar.run("audit", "verify", "--from", "near")).isZero();
        Path key = log.resolve("key.pub");
        byte[] kept = Files.readAllBytes(key);
        for (byte[] none : List.of(new byte[0], new byte[] {(byte) 0xff, 0, 1})) {
            Files.write(key, none);
            sidecar.out.getBuffer().setLength(0);
            assertThat(sidecar.run("audit", "verify", "--json", "--from", "near"))
                    .isEqualTo(1);
            assertThat(sidecar.out.toString()).contains("\"ok\":false").contains("the verifier key beside the log");
        }
        Files.write(key, kept);
        write();
        assertThat(sidecar.run("audit", "verify", "--from", "near")).isZero();
        anchor(tier);
        try (var files = Files.walk(log)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(sidecar.run("audit", "verify")).isEqualTo(1);
        assertThat(sidecar.run("audit", "verify", "--from", "near")).isZero();
        assertThat(sidecar.run(
                        "audit",
                        "fetch",
                        "--from",
                        "near",
                        "--to",
                        folder.resolve("back").toString()))
                .isZero();
        sidecar.out.getBuffer().setLength(0);
        try (var logs = Files.list(folder.resolve("back"))) {
            String back = logs.findFirst().orElseThrow().toString();
            assertThat(sidecar.run("audit", "--log", back, "search", "--user", "bert"))
                    .isZero();
            assertThat(sidecar.out.toString().lines()).hasSize(2);
            assertThat(sidecar.run("audit", "--log", back, "verify")).isZero();
        }
        assertThat(sidecar.run(
                        "audit",
                        "fetch",
                        "--from",
                        "near",
                        "--to",
                        folder.resolve("back").toString()))
                .as("what is there may be evidence")
                .isEqualTo(1);
        write();
        assertThat(sidecar.run("audit", "verify", "--from", "near"))
                .as("a new log by a new key")
                .isEqualTo(1);
    }

    /** The tier as the sidecar of this Home fills it. */
    private void anchor(Path folder) throws IOException {
        Tier tier = new DirectoryTier("near", folder);
        MarkedTier marked = new MarkedTier(
                tier,
                Optional.empty(),
                PlayedSidecar.ID,
                Optional::empty,
                () -> true,
                true,
                new Agreement(tier.name(), Optional.empty(), false, () -> NOON),
                RunningTime.system());
        marked.mark();
        Files.createDirectories(sidecar.home.run());
        try (Ledger ledger = Ledger.open(sidecar.home.ledger(), NOON)) {
            new TierAnchor(
                            sidecar.home,
                            marked,
                            new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                            new TierTable(ledger),
                            new Problems(),
                            Uplink.unlimited(),
                            () -> NOON,
                            RunningTime.system())
                    .step();
        }
    }

    /** By the process itself, on a free port; a log that it signed is one for who names its key, and no other is. */
    @Test
    void aWitnessIsNamedAndHasSigned() throws Exception {
        write();
        Path keys = log.resolve("key.pub");
        Path own = folder.resolve("witness");
        try (LogWitness witness = LogWitness.open(own, Optional.of("clinic.example/w"), List.of(keys), () -> NOON);
                WitnessServer server =
                        new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            assertThat(sidecar.run("audit", "verify", "--witness", witness.key()))
                    .isEqualTo(1);
            assertThat(sidecar.out.toString())
                    .contains(
                            "BAD: a witness that was named has signed nothing of this log",
                            "Witness clinic.example/w has signed nothing that is here");
            WitnessSettings settings = new WitnessSettings(
                    WebAddress.parse("http://127.0.0.1:" + server.port()),
                    WitnessKey.parse(witness.key()),
                    Duration.ofHours(1));
            new Cosigning(
                            "w",
                            log,
                            settings,
                            new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                            event -> {},
                            new Problems(),
                            Uplink.unlimited(),
                            Cosigning.Memory.ofThisProcess(),
                            () -> NOON,
                            RunningTime.system())
                    .step();
            sidecar.out.getBuffer().setLength(0);
            assertThat(sidecar.run("audit", "verify", "--json", "--witness", witness.key()))
                    .isZero();
            assertThat(sidecar.out.toString().strip())
                    .isEqualTo("{\"ok\":true,\"size\":4,\"firstBad\":null,\"reason\":null,\"witnesses\":"
                            + "{\"clinic.example/w\":{\"events\":4,\"time\":\"2026-11-26T12:00:00Z\"}}}");
            assertThat(sidecar.run(
                            "audit", "witness", own.toString(), "--key", keys.toString(), "--listen", "127.0.0.1:0"))
                    .isEqualTo(1);
            assertThat(sidecar.err.toString()).contains("another witness has this folder");
        }
        assertThat(sidecar.run(
                        "audit", "verify", "--witness", Files.readString(keys).strip()))
                .isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("not the verifier key of a witness");
        for (String[] wrong : new String[][] {{"--listen", "7654"}, {"--name", "two words"}}) {
            assertThat(sidecar.run("audit", "witness", own.toString(), "--key", keys.toString(), wrong[0], wrong[1]))
                    .isEqualTo(1);
        }
        assertThat(sidecar.run(
                        "--timeout",
                        "1 s",
                        "audit",
                        "witness",
                        own.toString(),
                        "--key",
                        keys.toString(),
                        "--listen",
                        "127.0.0.1:0"))
                .as("it is ended")
                .isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("Listening at http://127.0.0.1:", "clinic.example/w+");
    }

    /** Who may write the folder may delete what is kept in it: then the settings still say who has to have signed. */
    @Test
    void aWitnessOfTheSettingsMustHaveSigned() throws Exception {
        write();
        Path own = folder.resolve("witness");
        Path evidence = folder.resolve("evidence");
        try (LogWitness witness = LogWitness.open(
                        own, Optional.of("clinic.example/w"), List.of(log.resolve("key.pub")), () -> NOON);
                WitnessServer server =
                        new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            String address = "http://127.0.0.1:" + server.port();
            WitnessSettings settings = new WitnessSettings(
                    WebAddress.parse(address), WitnessKey.parse(witness.key()), Duration.ofHours(1));
            Files.writeString(
                    sidecar.config,
                    """
                    {"Strongroom": {"Home": "%s", "RootKey": {"KeyFile": "%s"}, "Tiers": {"near": {"Directory": "%s"}},
                      "Audit": {"Witnesses": {"colleague": {"Address": "%s", "Key": "%s"}}}}}
                    """
                            .formatted(
                                    sidecar.home.root(),
                                    folder.resolve("key"),
                                    folder.resolve("near"),
                                    address,
                                    witness.key()));
            Cosigning cosigning = new Cosigning(
                    "colleague",
                    log,
                    settings,
                    new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                    event -> {},
                    new Problems(),
                    Uplink.unlimited(),
                    Cosigning.Memory.ofThisProcess(),
                    () -> NOON,
                    RunningTime.system());
            cosigning.step();
            assertThat(sidecar.run("audit", "verify")).isZero();
            assertThat(sidecar.run("audit", "report", "evidence", "--into", evidence + "1"))
                    .isZero();
            assertThat(Path.of(evidence + "1", "evidence.html"))
                    .content()
                    .contains("witness colleague (the first 4 events)");
            try (var files = Files.list(log.resolve("cosigned"))) {
                Path signed = files.findFirst().orElseThrow();
                Files.delete(signed);
                Files.createDirectory(signed);
            }
            assertThat(verdict()).contains("a witness that was named has signed nothing of this log");
            delete(log.resolve("cosigned"));
            assertThat(sidecar.run("audit", "verify")).isEqualTo(1);
            assertThat(sidecar.out.toString()).contains("BAD: a witness that was named has signed nothing of this log");
            assertThat(sidecar.run("audit", "report", "evidence", "--into", evidence + "2"))
                    .isEqualTo(1);
            assertThat(sidecar.run("audit", "verify", "--ask"))
                    .as("the witness itself says it")
                    .isZero();
            assertThat(sidecar.run("audit", "--log", log.toString(), "verify"))
                    .as("a copy may be anybody's")
                    .isZero();
            assertThat(sidecar.run("audit", "--log", log.toString(), "verify", "--ask"))
                    .isEqualTo(1);
            assertThat(sidecar.err.toString()).contains("witnesses cannot be asked about a copy of a log");
        }
    }

    /** An older copy of all of the folder is signed throughout: only the tier tells. */
    @Test
    void theEvidenceIsHeldAgainstATier() throws Exception {
        write();
        Path tier = Files.createDirectories(folder.resolve("near"));
        anchor(tier);
        Path evidence = folder.resolve("evidence");
        assertThat(sidecar.run("audit", "report", "evidence", "--tier", "near", "--into", evidence + "1"))
                .isZero();
        assertThat(Path.of(evidence + "1", "evidence.html")).content().contains("tier near (the first 4 events)");
        delete(log);
        write(); // another log, with another key
        assertThat(sidecar.run("audit", "report", "evidence", "--into", evidence + "2"))
                .isZero();
        assertThat(Path.of(evidence + "2", "evidence.html")).content().contains("nothing but the key beside it");
        assertThat(sidecar.run("audit", "report", "evidence", "--tier", "near", "--into", evidence + "3"))
                .isEqualTo(1);
        assertThat(Path.of(evidence + "3", "evidence.html")).content().contains("NO: ");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** By the sidecar, before it is read; where nothing runs in its place, and it can be read all the same. */
    @Test
    void thatTheLogIsReadIsRecorded() throws Exception {
        write();
        Path named = Files.writeString(folder.resolve("named"), KEY_OF_BERT + " \n");
        assertThat(found("--patient", "P1", "--named", named.toString())).hasSize(1);
        assertThat(sidecar.run("audit", "verify")).isZero();
        assertThat(sidecar.run("audit", "report", "week")).isZero();
        assertThat(sidecar.run("audit", "--log", log.toString(), "search")).isZero();
        String account = "\"account\":\"" + System.getProperty("user.name") + "\"}";
        assertThat(sidecar.asked)
                .filteredOn(one -> one.startsWith("POST /v1/log-reads"))
                .containsExactly(
                        "POST /v1/log-reads {\"how\":\"audit search\",\"keys\":[\"" + KEY_OF_BERT + "\"]," + account,
                        "POST /v1/log-reads {\"how\":\"audit verify\",\"keys\":[]," + account,
                        "POST /v1/log-reads {\"how\":\"audit report week\",\"keys\":[]," + account);
        sidecar.disappear();
        assertThat(found("--patient", "P1", "--named", named.toString())).hasSize(1);
        assertThat(sidecar.err.toString()).isEmpty();
        PendingReader pending = new PendingReader(sidecar.home.pendingAuditOfSidecar());
        assertThat(pending.next().orElseThrow().entry().orElseThrow().event()).satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.LOG_READ);
            assertThat(event.details()).containsEntry("way", "audit search").containsEntry("key", KEY_OF_BERT);
        });
        SidecarLock anothers = SidecarLock.take(sidecar.home).orElseThrow();
        try (anothers) {
            assertThat(found()).hasSize(4);
            assertThat(sidecar.err.toString()).contains("That the log was read is not recorded in it: ");
        }
        assertThat(pending.next()).isEmpty();
    }

    @Test
    void noLogIsToldAsThat() {
        assertThat(verdict()).isEqualTo(notOk("there is no audit log here"));
        assertThat(sidecar.run("audit", "verify")).isEqualTo(1);
        assertThat(sidecar.out.toString()).endsWith("\nBAD: there is no audit log here\n");
        assertThat(sidecar.run("audit", "search")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("there is no audit log yet");
    }

    /** Whoever reads the verdict looks for ok, whatever was taken away. */
    @Test
    void aLogWithoutItsKeyIsNotOk() throws Exception {
        write();
        Path key = log.resolve("key.pub");
        Path kept = Files.move(key, folder.resolve("kept.pub"));
        String none = "the verifier key beside the log is not there, or is none";
        assertThat(verdict()).isEqualTo(notOk(none));
        Files.write(key, new byte[] {(byte) 0xff, 0, 1});
        assertThat(verdict()).isEqualTo(notOk(none));
        assertThat(sidecar.run("audit", "verify", "--key", kept.toString())).isZero();
        assertThat(sidecar.run("audit", "verify", "--key", key.toString())).isEqualTo(1);
        assertThat(sidecar.err.toString()).isNotEmpty();
    }

    private String verdict() {
        assertThat(sidecar.run("audit", "verify", "--json")).isEqualTo(1);
        return sidecar.out.toString().lines().reduce((before, last) -> last).orElseThrow();
    }

    private static String notOk(String reason) {
        return notOk(0, null, reason);
    }

    private static String notOk(long size, Long firstBad, String reason) {
        return "{\"ok\":false,\"size\":" + size + ",\"firstBad\":" + firstBad + ",\"reason\":\"" + reason + "\"}";
    }

    @Test
    void searchFilters() throws Exception {
        write();
        assertThat(found()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(found("--user", "anna")).containsExactly(1L, 3L);
        assertThat(found("--type", "view")).containsExactly(1L, 2L);
        assertThat(found("--outcome", "refused")).containsExactly(2L);
        assertThat(found("--tenant", "clinic")).containsExactly(3L);
        assertThat(found("--since", "2026-11-26T12:02:00Z")).containsExactly(2L, 3L);
        assertThat(found("--until", "2026-11-26T12:02:00Z")).containsExactly(0L, 1L);
        assertThat(found("--detail", "level=study")).containsExactly(1L);
        assertThat(found("--user", "anna", "--type", "delete")).containsExactly(3L);
        assertThat(sidecar.run("audit", "search", "--type", "nonsense")).isEqualTo(2);
    }

    /** As people type them: of a day all of it, wherever they are; what was understood is told beside the events. */
    @Test
    void searchTakesDaysAndTimes() throws Exception {
        write();
        LocalDate day = LocalDate.ofInstant(Instant.parse("2026-11-26T12:00:00Z"), ZoneId.systemDefault());
        assertThat(found("--since", day.toString(), "--until", day.toString())).hasSize(4);
        assertThat(found("--since", day.plusDays(1).toString())).isEmpty();
        assertThat(found("--since", "2026-11-26 12:02Z", "--until", "2026-11-26T13:03:00+01:00"))
                .containsExactly(2L);
        assertThat(sidecar.err.toString()).endsWith("Events from 2026-11-26T12:02:00Z until 2026-11-26T12:03:00Z\n");
        assertThat(sidecar.run("audit", "search", "--since", "yesterday")).isEqualTo(2);
        assertThat(sidecar.err.toString()).contains("'--since': \"yesterday\" is no time: write \"2026-11-30\"");
        assertThat(sidecar.run("audit", "search", "--since", "2026-11-27", "--until", "2026-11-26T00:00Z"))
                .isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("nothing is between these times");
    }

    /** Nothing that fits is an answer, whatever was asked for. */
    @Test
    void nothingFoundIsNoFailure() throws Exception {
        write();
        Path nothing = Files.createFile(folder.resolve("named"));
        for (String about : List.of("--patient", "--study")) {
            assertThat(found(about, "unknown", "--named", nothing.toString())).isEmpty();
            assertThat(sidecar.err.toString()).contains("nothing of this was ever sealed here, or it is erased");
        }
        assertThat(found("--user", "nobody")).isEmpty();
        assertThat(found("--study", "00000000-0000-4000-8000-000000000009")).isEmpty();
        assertThat(sidecar.run("audit", "report", "disclosures", "--patient", "unknown", "--named", nothing.toString()))
                .as("nobody had them: that is not known")
                .isEqualTo(1);
    }

    @Test
    void searchByPatientAndStudy() throws Exception {
        write();
        String key = "00000000-0000-4000-8000-000000000001";
        assertThat(found("--study", key)).containsExactly(1L);
        Path named = Files.writeString(folder.resolve("named"), key + " 1.2.3\n" + KEY_OF_BERT + " \n");
        assertThat(found("--patient", "P1", "--named", named.toString())).containsExactly(1L, 2L);
        assertThat(found("--study", "1.2.3", "--named", named.toString(), "--user", "bert"))
                .containsExactly(2L);
        for (String nobodyAsked : List.of("--patient=P1", "--study=1.2.3")) {
            assertThat(sidecar.run("audit", "search", nobodyAsked)).isEqualTo(1);
            assertThat(sidecar.err.toString()).contains("only the keyring knows whose studies these are");
        }
        for (String broken : List.of("", "nothing", key, key + " 1.2\u001b[2J", "unknown 1.2.3")) {
            Files.writeString(named, key + " 1.2.3\n" + broken + "\n");
            assertThat(sidecar.run("audit", "search", "--patient", "P1", "--named", named.toString()))
                    .as(broken)
                    .isEqualTo(1);
            assertThat(sidecar.err.toString()).contains("no answer of the keyring");
        }
        assertThat(found("--limit", "2", "--unindexed")).containsExactly(0L, 1L);
    }

    @Test
    void whoSearchesForAPatientSeesThatEverythingWasExported() throws Exception {
        write();
        WrittenLog.append(
                sidecar.home, NOON.plusSeconds(3600), Duration.ofMinutes(1), 2, i -> AuditEvent.of(AuditType.EXPORT)
                        .by("command line")
                        .with("what", i == 0 ? "all" : "study"));
        assertThat(found("--study", KEY_OF_BERT)).containsExactly(2L, 4L);
        assertThat(found("--study", KEY_OF_BERT, "--unindexed")).containsExactly(2L, 4L);
        assertThat(found("--study", KEY_OF_BERT, "--user", "bert")).containsExactly(2L);
    }

    @Test
    void searchForPeople() throws Exception {
        write();
        assertThat(sidecar.run("audit", "search", "--type", "view")).isZero();
        assertThat(sidecar.out.toString().lines())
                .containsExactly(
                        "1 2026-11-26T12:01:00Z view success by anna (key 00000000-0000-4000-8000-000000000001,"
                                + " level study)",
                        "2 2026-11-26T12:02:00Z view refused by bert, from 10.0.0.7: no right to it (key " + KEY_OF_BERT
                                + ")");
    }

    @Test
    void aProofIsWrittenAsTwoFiles() throws Exception {
        write();
        assertThat(sidecar.run("audit", "proof", "2", "--to", folder.toString()))
                .isZero();
        assertThat(folder.resolve("2.json")).content().contains("\"bert\"");
        assertThat(folder.resolve("2.tlog-proof"))
                .content()
                .startsWith("c2sp.org/tlog-proof@v1\nindex 2\n")
                .endsWith(Files.readString(log.resolve("checkpoint")));
        assertThat(sidecar.run("audit", "proof", "4")).isEqualTo(1);
    }

    @Test
    void aCertificateIsCheckedWithNothingButTheVerifierKey() throws Exception {
        UUID erasure = UUID.randomUUID();
        List<UUID> keys = List.of(UUID.randomUUID());
        List<String> statement = CertificateFile.statement(erasure, List.of("ordered by Dr. Roe"), keys, List.of());
        String digest = CertificateFile.digest(statement).toString();
        WrittenLog.append(
                sidecar.home,
                NOON,
                Duration.ofMinutes(1),
                2,
                at -> at == 1
                        ? ErasureProofs.certificate(erasure, digest, 1, "root")
                        : AuditEvent.of(AuditType.KEY)
                                .with("key", keys.get(0))
                                .with("erasure", erasure)
                                .with("destroyed", true));
        ErasureProofs proofs = new ErasureProofs(log);
        List<ProvedEvent> events = new ArrayList<>(proofs.steps(erasure, digest));
        events.addAll(proofs.destroyed(erasure, keys));
        CertificateFile certificate = new CertificateFile(statement, Files.readString(log.resolve("key.pub")), events);
        Path file = Files.write(folder.resolve("certificate.json"), ControlJson.write(certificate));
        Path key = Files.move(log.resolve("key.pub"), folder.resolve("clinic.pub"));
        sidecar.disappear();

        assertThat(sidecar.run("audit", "certificate", file.toString(), "--key", key.toString()))
                .as(sidecar.out.toString() + sidecar.err)
                .isZero();
        assertThat(sidecar.out.toString())
                .contains("ok, 1 study key of erasure " + erasure + " destroyed", "ordered by Dr. Roe");
        Files.writeString(file, Files.readString(file).replace("Dr. Roe", "Dr. Who"));
        sidecar.out.getBuffer().setLength(0);
        assertThat(sidecar.run("audit", "certificate", file.toString(), "--key", key.toString()))
                .isEqualTo(1);
        assertThat(sidecar.out.toString()).isEqualTo("BAD: the statement: it is not the one that is in the log\n");
        Files.writeString(file, "{}");
        assertThat(sidecar.run("audit", "certificate", file.toString(), "--key", key.toString()))
                .isEqualTo(1);
    }

    private List<Long> found(String... filters) throws IOException {
        List<String> words = new ArrayList<>(List.of("audit", "search", "--json"));
        words.addAll(List.of(filters));
        sidecar.out.getBuffer().setLength(0);
        assertThat(sidecar.run(words.toArray(String[]::new))).isZero();
        List<Long> found = new ArrayList<>();
        for (String line : sidecar.out.toString().lines().toList()) {
            found.add(new ObjectMapper().readTree(line).path("index").asLong(-1));
        }
        return found;
    }

    private void write() throws IOException {
        Home home = sidecar.home;
        Duration[] passed = {Duration.ZERO};
        try (PendingLog pending =
                PendingLog.open(home.pendingAudit(), "test", () -> NOON.plus(passed[0]), () -> passed[0])) {
            for (AuditEvent event : List.of(
                    AuditEvent.of(AuditType.START).by(AuditEvent.STRONGROOM),
                    AuditEvent.of(AuditType.VIEW)
                            .by("anna")
                            .with("level", "study")
                            .with("key", "00000000-0000-4000-8000-000000000001"),
                    AuditEvent.of(AuditType.VIEW)
                            .by("bert")
                            .fromAddress("10.0.0.7")
                            .with("key", KEY_OF_BERT)
                            .refused("no right to it"),
                    AuditEvent.of(AuditType.DELETE).by("anna").ofTenant("clinic"))) {
                pending.record(event);
                passed[0] = passed[0].plusMinutes(1);
            }
        }
        new Sequencer(
                        home,
                        UUID.fromString("11111111-2222-3333-4444-555555555555"),
                        new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                        () -> NOON,
                        RunningTime.system())
                .flush();
    }
}
