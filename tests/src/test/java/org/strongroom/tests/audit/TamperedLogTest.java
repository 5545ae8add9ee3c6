package org.strongroom.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.core.settings.WitnessKey;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AnchorCopy;
import org.strongroom.sidecar.audit.AnchorVerification;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.Cosignatures;
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.audit.InclusionProof;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.audit.LogVerification;
import org.strongroom.sidecar.audit.LogWitness;
import org.strongroom.sidecar.audit.Pruner;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.audit.TierAnchor;
import org.strongroom.sidecar.audit.Verdict;
import org.strongroom.sidecar.audit.WitnessServer;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.Agreement;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.DirectoryTier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Uplink;

/** Whatever is done to a log, both verifiers see it, and ours tells from which entry on. */
class TamperedLogTest {
    private static final UUID INSTALLATION = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final int SIZE = 600;
    private static final AuditRules RULES =
            new AuditRules(100, Duration.ofMinutes(1), Duration.ofMinutes(4), Duration.ofHours(1));

    @TempDir
    static Path temporary;

    private static Home home;
    /** The log, and its checkpoint, when it was 300 entries long. */
    private static Path older;

    private static Path olderCheckpoint;
    private static GoVerifier go;

    @BeforeAll
    static void write() throws Exception {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
        record(home, "first", 300);
        older = copy(home.root(), "older").resolve("audit");
        olderCheckpoint = older.resolve("checkpoint");
        record(home, "second", SIZE - 300);
        go = GoVerifier.build(temporary);
    }

    @Test
    void theLogAsItIs() throws Exception {
        assertThat(ours(home.audit(), olderCheckpoint)).isEqualTo(new Verdict(true, SIZE, null, null));
        assertThat(ours(home.audit(), older)).isEqualTo(new Verdict(true, SIZE, null, null));
        assertThat(ours(older)).isEqualTo(new Verdict(true, 300, null, null));
        assertThat(theirs(home.audit(), olderCheckpoint)).isEqualTo("ok " + SIZE);
        assertThat(theirs(older)).isEqualTo("ok 300");
    }

    /** Around the tiles' ends. */
    @Test
    void everySize() throws Exception {
        Home growing = new Home(temporary.resolve("growing"));
        growing.createFolders();
        int size = 0;
        for (int next : new int[] {0, 1, 2, 3, 255, 256, 257, 511, 512, 513}) {
            record(growing, "growing", next - size);
            size = next;
            assertThat(LogVerification.of(growing.audit(), growing.audit().resolve("key.pub"), List.of()))
                    .isEqualTo(new Verdict(true, size, null, null));
            assertThat(go.verify(growing.audit(), growing.audit().resolve("key.pub")))
                    .isEqualTo("ok " + size);
        }
    }

    /** C2SP tlog-tiles, "Pruning": Go's own reader takes what is left, and a checkpoint of before; a prefix that only somebody took away it does not. */
    @Test
    void pruned() throws Exception {
        Path root = copy(home.root(), "pruned");
        Home pruned = new Home(root);
        Path log = pruned.audit();
        Pruner pruner = new Pruner(log, Duration.ofDays(1), key -> false);
        Pruner.Plan plan = pruner.plan(Instant.now().plus(Duration.ofDays(2)), () -> 400);
        pruner.prune(
                plan,
                event -> {
                    try (PendingLog pending = PendingLog.open(
                            pruned.pendingAudit(), "test", InstantSource.system(), RunningTime.system())) {
                        pending.record(event);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                () -> record(pruned, "behind", 5));
        assertThat(log.resolve("tile/entries/000")).doesNotExist();
        assertThat(ours(log, home.audit().resolve("checkpoint"))).isEqualTo(new Verdict(true, SIZE + 6, null, null));
        assertThat(theirs(log, home.audit().resolve("checkpoint"))).isEqualTo("ok " + (SIZE + 6));
        assertThat(theirs(log, olderCheckpoint)).isEqualTo("ok " + (SIZE + 6));
        Files.writeString(log.resolve("minimum-index"), "512\n");
        assertRejected(log, 0L);
        Files.delete(log.resolve("minimum-index"));
        assertRejected(log, 0L);
    }

    @Test
    void edit() throws Exception {
        Path log = changed("edit", 1, entries -> entries.set(10, altered(entries.get(10))));
        assertRejected(log, 266L);
    }

    @Test
    void delete() throws Exception {
        assertRejected(changed("delete", 1, entries -> entries.remove(10)), 266L);
        assertRejected(changed("delete-last", 2, entries -> entries.remove(87)), 599L);
    }

    @Test
    void insert() throws Exception {
        assertRejected(changed("insert", 0, entries -> entries.add(7, altered(entries.get(7)))), 7L);
        assertRejected(changed("append", 0, entries -> entries.add(altered(entries.get(7)))), 256L);
    }

    /** No entry and no hash is altered, but the file is not the one that was written. */
    @Test
    void bytesThatNobodySigned() throws Exception {
        for (int bundle : new int[] {0, 2}) {
            byte[] written = Files.readAllBytes(bundle(home.audit(), bundle));
            long behind = bundle == 0 ? 256 : SIZE;
            for (int added : new int[] {1, 2, 3}) {
                Path log = copy(home.root(), "added-" + bundle + "-" + added).resolve("audit");
                Files.write(bundle(log, bundle), Arrays.copyOf(written, written.length + added));
                assertRejected(log, behind);
            }
            Path log = copy(home.root(), "longer-" + bundle).resolve("audit");
            int last = written.length - entries(log, bundle).get((int) behind - 1 - bundle * 256).length - 2;
            written[last] ^= 1; // its length: more than there is
            Files.write(bundle(log, bundle), written);
            assertRejected(log, behind - 1);
        }
        for (String tile : List.of("tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2")) {
            Path log = copy(home.root(), "hashes-" + tile.replace('/', '-')).resolve("audit");
            byte[] written = Files.readAllBytes(log.resolve(tile));
            Files.write(log.resolve(tile), Arrays.copyOf(written, written.length + 32));
            assertRejected(log, null);
        }
    }

    @Test
    void reorder() throws Exception {
        assertRejected(changed("reorder", 2, entries -> Collections.swap(entries, 3, 40)), 515L);
    }

    @Test
    void truncate() throws Exception {
        Path log = copy(home.root(), "truncated").resolve("audit");
        deleteTree(log.resolve("tile/entries/002.p"));
        assertRejected(log, 512L);
    }

    /** Tile and entry altered together: the tile above tells, to the tile. */
    @Test
    void editWithItsHash() throws Exception {
        Path log = changed("edit-hash", 1, entries -> entries.set(10, altered(entries.get(10))));
        byte[] tile = Files.readAllBytes(log.resolve("tile/0/001"));
        byte[] entry = entries(log, 1).get(10);
        byte[] leaf = leaf(entry);
        System.arraycopy(leaf, 0, tile, 10 * 32, 32);
        Files.write(log.resolve("tile/0/001"), tile);
        assertRejected(log, 256L);
    }

    /** The log as it was once, signed properly: only who saw a later checkpoint can tell. */
    @Test
    void replayedOldLog() throws Exception {
        Path latest = home.audit().resolve("checkpoint");
        assertThat(ours(older, latest))
                .isEqualTo(new Verdict(false, 300, 300L, "the log is older than a checkpoint that was seen"));
        assertThat(theirs(older, latest)).startsWith("bad: ");
    }

    /** What a tier holds is a log for every verifier, and an older copy that was brought back is not what it holds. */
    @Test
    void rolledBackBehindAnAnchor() throws Exception {
        Tier tier = anchored();
        Path key = home.audit().resolve("key.pub");
        Optional<Path> auditor = Optional.of(key);
        assertThat(AnchorVerification.of(home.audit(), auditor, List.of(), List.of(tier), List.of())
                        .verdict())
                .isEqualTo(new Verdict(true, SIZE, null, null));
        assertThat(AnchorVerification.of(older, Optional.empty(), List.of(), List.of(tier), List.of())
                        .verdict())
                .isEqualTo(new Verdict(false, 300, 300L, "the log is older than a checkpoint that was seen"));
        Home forked = new Home(older.getParent().resolveSibling("forked-and-short"));
        copy(older.getParent(), "forked-and-short");
        record(forked, "other", 100);
        assertThat(AnchorVerification.of(forked.audit(), auditor, List.of(), List.of(tier), List.of())
                        .verdict())
                .isEqualTo(new Verdict(false, 400, 300L, "the log is not the one that was seen"));
        Path altered = changed("altered-and-anchored", 0, entries -> entries.set(7, altered(entries.get(7))));
        assertThat(AnchorVerification.of(altered, auditor, List.of(), List.of(tier), List.of())
                        .verdict()
                        .firstBad())
                .isEqualTo(7);
        Path fetched = AnchorCopy.write(tier, temporary.resolve("fetched")).get(0);
        assertThat(theirs(fetched, olderCheckpoint)).isEqualTo("ok " + SIZE);
        assertThat(theirs(older, fetched.resolve("checkpoint"))).startsWith("bad: ");
    }

    /** A tier to which the log was anchored when it had 300 entries, and now. */
    private static Tier anchored() throws Exception {
        MarkedTier tier = new MarkedTier(
                new DirectoryTier("offsite", Files.createDirectories(temporary.resolve("offsite"))),
                Optional.empty(),
                INSTALLATION,
                Optional::empty,
                () -> true,
                true,
                new Agreement("offsite", Optional.empty(), false, InstantSource.system()),
                RunningTime.system());
        tier.mark();
        for (Path root : List.of(older.getParent(), home.root())) {
            Files.createDirectories(new Home(root).ledger().getParent());
            try (Ledger ledger = Ledger.open(new Home(root).ledger(), Instant.EPOCH)) {
                new TierAnchor(
                                new Home(root),
                                tier,
                                RULES,
                                new TierTable(ledger),
                                new Problems(),
                                Uplink.unlimited(),
                                InstantSource.system(),
                                RunningTime.system())
                        .step();
            }
        }
        return tier.tier();
    }

    /** Whoever has the signing key writes another history behind entry 300. */
    @Test
    void fork() throws Exception {
        Home forked = new Home(older.getParent().resolveSibling("forked"));
        copy(older.getParent(), "forked");
        record(forked, "other", SIZE - 300);
        Path latest = home.audit().resolve("checkpoint");
        assertThat(ours(forked.audit()).ok()).as("nothing tells by itself").isTrue();
        assertThat(ours(forked.audit(), latest))
                .isEqualTo(new Verdict(false, SIZE, null, "the log is not the one that was seen"));
        assertThat(ours(forked.audit(), home.audit()).firstBad()).isEqualTo(300);
        assertThat(ours(forked.audit(), older).ok()).as("they part later").isTrue();
        assertThat(theirs(forked.audit(), latest)).startsWith("bad: ");
    }

    /**
     * Whoever has the signing key brings an older copy back, or writes another history of the same length, together with all that this
     * machine knows of its witness: the witness tells.
     */
    @Test
    void resignedBehindAWitness() throws Exception {
        Home log = new Home(copy(older.getParent(), "witnessed"));
        log.createFolders();
        Path key = log.audit().resolve("key.pub");
        try (LogWitness witness = LogWitness.open(
                        temporary.resolve("witness"),
                        Optional.of("clinic.example/w"),
                        List.of(key),
                        InstantSource.system());
                WitnessServer server =
                        new WitnessServer(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            WitnessSettings settings = new WitnessSettings(
                    WebAddress.parse("http://127.0.0.1:" + server.port()),
                    WitnessKey.parse(witness.key()),
                    Duration.ofHours(1));
            cosign(log, settings);
            Path before = copy(log.root(), "before-the-witness");
            record(log, "second", SIZE - 300);
            Path request = asked(log, settings);
            cosign(log, settings);
            assertThat(witnessed(log.audit(), settings, true)).isEqualTo(new Verdict(true, SIZE, null, null));
            assertThat(witnessed(before.resolve("audit"), settings, false).ok())
                    .as("nothing tells by itself")
                    .isTrue();
            assertThat(witnessed(before.resolve("audit"), settings, true))
                    .isEqualTo(new Verdict(false, 300, 300L, "the log is older than a checkpoint that was seen"));
            Home forked = new Home(before);
            record(forked, "other", SIZE - 300);
            assertThat(witnessed(forked.audit(), settings, false).ok()).isTrue();
            assertThat(witnessed(forked.audit(), settings, true))
                    .isEqualTo(new Verdict(false, SIZE, null, "the log is not the one that was seen"));
            cosignedByGo(log, witness.key(), key);
            assertThat(go.request(request, key, older.resolve("checkpoint"))).isEqualTo("ok " + SIZE);
        }
    }

    private static void cosignedByGo(Home log, String witness, Path key) throws Exception {
        Path note;
        try (Stream<Path> files = Files.list(log.audit().resolve("cosigned"))) {
            note = files.findFirst().orElseThrow();
        }
        assertThat(go.cosigned(note, key, witness)).isEqualTo("ok " + SIZE);
        assertThat(go.cosigned(log.audit().resolve("checkpoint"), key, witness)).startsWith("bad: ");
        String text = Files.readString(note).strip();
        byte[] line = Base64.getDecoder().decode(text.substring(text.lastIndexOf(' ') + 1));
        for (int at : new int[] {4, 11, 12, line.length - 1}) { // of time and signature
            byte[] changed = line.clone();
            changed[at] ^= 1;
            Path wrong = Files.writeString(
                    temporary.resolve("wrong"),
                    text.substring(0, text.lastIndexOf(' ') + 1)
                            + Base64.getEncoder().encodeToString(changed) + "\n");
            assertThat(go.cosigned(wrong, key, witness)).startsWith("bad: ");
        }
    }

    /** What a witness is asked; this one only listens. */
    private static Path asked(Home log, WitnessSettings settings) throws Exception {
        Path body = temporary.resolve("request");
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/w/add-checkpoint", exchange -> {
            Files.write(body, exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        listener.start();
        Cosigning cosigning = cosigning(
                log,
                new WitnessSettings(
                        WebAddress.parse(
                                "http://127.0.0.1:" + listener.getAddress().getPort() + "/w"),
                        settings.key(),
                        settings.alarm()));
        cosigning.step();
        listener.stop(0);
        assertThat(cosigning.status().lastError()).isEqualTo("status 503");
        return body;
    }

    private static void cosign(Home log, WitnessSettings settings) throws Exception {
        Cosigning cosigning = cosigning(log, settings);
        cosigning.step();
        assertThat(cosigning.status().lastError()).isNull();
    }

    private static Cosigning cosigning(Home log, WitnessSettings settings) {
        return new Cosigning(
                "witness",
                log.audit(),
                settings,
                RULES,
                event -> {},
                new Problems(),
                Uplink.unlimited(),
                Cosigning.Memory.ofThisProcess(),
                InstantSource.system(),
                RunningTime.system());
    }

    private static Verdict witnessed(Path log, WitnessSettings settings, boolean ask) throws Exception {
        Cosignatures witnesses = new Cosignatures(log);
        witnesses.add("witness", settings.key().text(), true);
        if (ask) {
            witnesses.ask("witness", settings);
        }
        return LogVerification.of(log, Optional.empty(), List.of(), witnesses);
    }

    @Test
    void signedByAnotherKey() throws Exception {
        Home other = new Home(temporary.resolve("other"));
        other.createFolders();
        record(other, "first", SIZE);
        assertThat(LogVerification.of(other.audit(), home.audit().resolve("key.pub"), List.of()))
                .isEqualTo(new Verdict(
                        false, 0, null, "the checkpoint is not there, or not signed by the key of this log"));
        assertThat(go.verify(other.audit(), home.audit().resolve("key.pub"))).startsWith("bad: ");
    }

    @Test
    void anotherSizeInTheCheckpoint() throws Exception {
        Path log = copy(home.root(), "size").resolve("audit");
        String checkpoint = Files.readString(log.resolve("checkpoint"));
        Files.writeString(log.resolve("checkpoint"), checkpoint.replace("\n600\n", "\n599\n"));
        assertThat(ours(log).ok()).isFalse();
        assertThat(theirs(log)).startsWith("bad: ");
    }

    /** Whoever signs besides is left alone; what is no signature is not. */
    @Test
    void linesBehindTheSignature() throws Exception {
        Path log = copy(home.root(), "lines").resolve("audit");
        String checkpoint = Files.readString(log.resolve("checkpoint"));
        Files.writeString(log.resolve("checkpoint"), checkpoint + "\u2014 somebody.example AAAAAAAA\n");
        assertThat(ours(log).ok()).isTrue();
        assertThat(theirs(log)).isEqualTo("ok " + SIZE);
        for (String line : List.of("x\n", "\n", "\u2014 somebody.example\n", "\u2014 somebody.example AAAA\n")) {
            Files.writeString(log.resolve("checkpoint"), checkpoint + line);
            assertRejected(log, null);
        }
    }

    /** Of every entry, in trees whose right edge has several subtrees. */
    @Test
    void proofs() throws Exception {
        for (Path log : List.of(home.audit(), older)) {
            LogReader reader = new LogReader(log);
            for (long index = 0; index < reader.size(); index += index % 256 == 0 ? 51 : 17) {
                InclusionProof proof = reader.prove(index);
                Path file = Files.writeString(temporary.resolve("event.tlog-proof"), proof.text());
                Path entry = Files.writeString(temporary.resolve("event.json"), proof.entry());
                assertThat(theirs(entry, file)).isEqualTo("ok " + index);
                Files.write(entry, altered(Files.readAllBytes(entry)));
                assertThat(theirs(entry, file)).startsWith("bad: ");
            }
        }
    }

    private static void assertRejected(Path log, Long firstBad) throws Exception {
        Verdict verdict = ours(log);
        assertThat(verdict.ok()).isFalse();
        assertThat(verdict.firstBad()).isEqualTo(firstBad);
        assertThat(theirs(log)).startsWith("bad: ");
    }

    private static Verdict ours(Path log, Path... seen) throws IOException {
        return LogVerification.of(log, home.audit().resolve("key.pub"), Arrays.asList(seen));
    }

    private static String theirs(Path log, Path... seen) throws Exception {
        return go.verify(log, home.audit().resolve("key.pub"), seen);
    }

    /** A copy of the log, whose bundle was taken apart, changed, and put together again. */
    private static Path changed(String name, int bundle, Consumer<List<byte[]>> change) throws IOException {
        Path log = copy(home.root(), name).resolve("audit");
        List<byte[]> entries = entries(log, bundle);
        change.accept(entries);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            out.write(entry.length >> 8);
            out.write(entry.length);
            out.write(entry);
        }
        Files.write(bundle(log, bundle), out.toByteArray());
        return log;
    }

    private static List<byte[]> entries(Path log, int bundle) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(bundle(log, bundle)));
        List<byte[]> entries = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] entry = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    private static Path bundle(Path log, int bundle) {
        return log.resolve(bundle < 2 ? "tile/entries/00" + bundle : "tile/entries/002.p/" + (SIZE - 512));
    }

    private static byte[] altered(byte[] entry) {
        return new String(entry, StandardCharsets.UTF_8)
                .replace("\"success\"", "\"refused\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] leaf(byte[] entry) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((byte) 0);
        return digest.digest(entry);
    }

    private static void record(Home of, String text, int count) throws IOException {
        try (PendingLog log =
                PendingLog.open(of.pendingAudit(), "test", InstantSource.system(), RunningTime.system())) {
            for (int i = 0; i < count; i++) {
                log.write(AuditEvent.of(AuditType.VIEW).with("text", text));
            }
        }
        new Sequencer(of, INSTALLATION, RULES, InstantSource.system(), RunningTime.system()).flush();
    }

    private static Path copy(Path root, String name) throws IOException {
        Path copy = temporary.resolve(name);
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(root.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return copy;
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
