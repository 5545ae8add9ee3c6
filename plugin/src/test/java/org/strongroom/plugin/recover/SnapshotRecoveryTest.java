package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.TenantChange;
import org.strongroom.plugin.snapshot.KeptBeside;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.snapshot.SnapshotFolder;
import org.strongroom.plugin.snapshot.SnapshotMaker;
import org.strongroom.plugin.snapshot.SnapshotSource;
import org.strongroom.plugin.supervise.SmallObjects;

/** What comes back beside the index, of a tier that is a folder. */
class SnapshotRecoveryTest {
    private static final Instant BEGUN = Instant.parse("2026-11-26T02:00:00Z");
    private static final Instant NOW = BEGUN.plusSeconds(864_000);
    private static final String ACCOUNT =
            "{\"accounts\":[{\"user\":\"anna\",\"factor\":{\"secret\":\"ABC\",\"lastStep\":7},\"keys\":[],"
                    + "\"recoveryCodes\":[\"c0de\"],\"tokens\":[{\"id\":\"t1\",\"hash\":\"h\",\"label\":\"script\",\"scope\":[],"
                    + "\"made\":\"2026-11-01T00:00:00Z\",\"until\":\"2027-11-01T00:00:00Z\"}],\"acknowledged\":null}]}";

    @TempDir
    Path folder;

    private Home lost;
    private KeySource source;
    private Keyring keyring;
    private Path index;

    @BeforeEach
    void open() throws IOException {
        lost = new Home(folder.resolve("lost"));
        lost.createFolders();
        Path root = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(root)));
        keyring = Keyring.create(lost, source, UUID.randomUUID(), Clock.systemUTC());
        index = Files.write(folder.resolve("index"), new byte[1000]);
    }

    @AfterEach
    void close() throws IOException {
        keyring.close();
    }

    /** All that has a name of Home's snapshots. */
    private record Tier(Path root) implements SmallObjects {
        @Override
        public Map<String, Long> list() throws IOException {
            Map<String, Long> objects = new TreeMap<>();
            try (Stream<Path> all = Files.walk(root.resolve("snapshots"))) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    objects.put(root.relativize(file).toString(), Files.size(file));
                }
            }
            return objects;
        }

        @Override
        public Map<String, Path> get(List<String> names) {
            Map<String, Path> files = new LinkedHashMap<>();
            names.forEach(name -> files.put(name, root.resolve(name)));
            return files;
        }
    }

    private byte[] state(String name, String json) {
        return keyring.state().seal(name, json.getBytes(StandardCharsets.UTF_8));
    }

    /** A snapshot of that day, with settings that name the day. */
    private void snapshot(int day) throws IOException {
        snapshot(day, state("emergencies", "{\"day\":" + day + "}"));
    }

    private void snapshot(int day, byte[] emergencies) throws IOException {
        Map<String, SnapshotSource> files = new LinkedHashMap<>();
        files.put(SnapshotContents.INDEX, SnapshotSource.of(index));
        put(files, SnapshotContents.SETTINGS, ("{\"day\": " + day + "}").getBytes(StandardCharsets.UTF_8));
        put(files, KeptBeside.ACCOUNTS.file(), state("accounts", ACCOUNT));
        put(files, KeptBeside.RETENTION_TOLD.file(), state("retention-told", "{\"day\":" + day + "}"));
        put(files, KeptBeside.EMERGENCIES.file(), emergencies);
        make(day, files);
    }

    private void make(int day, Map<String, SnapshotSource> files) throws IOException {
        new SnapshotMaker(new SnapshotFolder(lost), keyring, new Watermark(1, true))
                .make(BEGUN.plusSeconds(86_400L * day), "1.12.7", 17, () -> 3, files, 5);
    }

    private void put(Map<String, SnapshotSource> files, String name, byte[] content) throws IOException {
        files.put(name, SnapshotSource.of(Files.write(folder.resolve(name), content)));
    }

    private SnapshotRecovery recovery() throws Exception {
        return new SnapshotRecovery(new Tier(lost.root()), keyring);
    }

    private Home made() throws IOException {
        Home made = new Home(folder.resolve("made " + UUID.randomUUID()));
        made.createFolders();
        return made;
    }

    private String opened(Home home, KeptBeside kept, String name) throws IOException {
        return new String(keyring.state().open(name, Files.readAllBytes(kept.in(home))), StandardCharsets.UTF_8);
    }

    @Test
    void whatPeopleWereToldAndTheirSecondFactorsComeBackAndNoAppToken() throws Exception {
        snapshot(0);
        snapshot(1);
        Home made = made();
        recovery().writeBeside(NOW, made);
        assertThat(made.recoveredSettings()).hasContent("{\"day\": 1}");
        assertThat(opened(made, KeptBeside.RETENTION_TOLD, "retention-told")).isEqualTo("{\"day\":1}");
        assertThat(opened(made, KeptBeside.EMERGENCIES, "emergencies")).isEqualTo("{\"day\":1}");
        assertThat(opened(made, KeptBeside.ACCOUNTS, "accounts"))
                .contains("\"lastStep\":7", "c0de")
                .doesNotContain("t1", "script");
        try (Stream<Path> left = Files.walk(made.run())) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }

        // What is there already stays: a later call, or what was made since.
        Files.writeString(KeptBeside.EMERGENCIES.in(made), "newer");
        recovery().writeBeside(NOW, made);
        assertThat(KeptBeside.EMERGENCIES.in(made)).hasContent("newer");
    }

    @Test
    void eachComesOfTheNewestSnapshotInWhichItIsWholeWhateverBecameOfTheIndex() throws Exception {
        snapshot(0);
        List<Path> older = chunks();
        Files.write(index, new byte[] {1, 2, 3});
        snapshot(1);
        Path lostIndex = null;
        for (Path chunk : chunks()) {
            if (!older.contains(chunk) && holds(chunk, new byte[] {1, 2, 3})) {
                lostIndex = chunk;
            }
        }
        Files.delete(lostIndex);
        Home made = made();
        SnapshotRecovery recovery = recovery();
        assertThat(recovery.found(NOW)).as("whole ones").hasSize(1);
        recovery.writeBeside(NOW, made);
        assertThat(made.recoveredSettings()).hasContent("{\"day\": 1}");

        for (Path chunk : chunks()) {
            if (!older.contains(chunk)) {
                Files.write(chunk, new byte[100]);
            }
        }
        Home damaged = made();
        recovery().writeBeside(NOW, damaged);
        assertThat(damaged.recoveredSettings()).hasContent("{\"day\": 0}");
    }

    /** As it was copied it does not open, and nothing would start with it. */
    @Test
    void whatWasDamagedOnTheLostDiskComesOfAnOlderSnapshotOrNotAtAll() throws Exception {
        snapshot(0);
        snapshot(1, new byte[100]);
        Home made = made();
        recovery().writeBeside(NOW, made);
        assertThat(made.recoveredSettings()).hasContent("{\"day\": 1}");
        assertThat(opened(made, KeptBeside.RETENTION_TOLD, "retention-told")).isEqualTo("{\"day\":1}");
        assertThat(opened(made, KeptBeside.EMERGENCIES, "emergencies")).isEqualTo("{\"day\":0}");
    }

    @Test
    void whereStudiesOfFormerTenantsMayBeComesOfTheNewestSnapshotThatTells() throws Exception {
        snapshot(0);
        Home made = made();
        recovery().writeBeside(NOW, made);
        assertThat(recovery().tenantPlaces(NOW, made).haveJurisdictions())
                .as("nobody ever said any")
                .isFalse();
        String places = "{\"north\": {\"Jurisdictions\": [\"EU\"]}}";
        int day = 1;
        for (String next : List.of(places, "{\"north\": {\"Jurisdictions\": \"EU\"}}")) {
            Map<String, SnapshotSource> files = new LinkedHashMap<>();
            files.put(SnapshotContents.INDEX, SnapshotSource.of(index));
            put(files, SnapshotContents.TENANT_PLACES, next.getBytes(StandardCharsets.UTF_8));
            make(day++, files);
            assertThat(recovery().tenantPlaces(NOW, made).haveJurisdictions())
                    .as("also if the newest one cannot be understood")
                    .isTrue();
        }
        try (Stream<Path> left = Files.walk(made.run())) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** What is missing of the log is told all the same, and nothing else depends on it. */
    @Test
    void keysOfAuditLogsThatCannotBeReadHoldUpNothing() throws Exception {
        String lines = "strongroom/audit/x\n10\n" + Base64.getEncoder().encodeToString(new byte[32]) + "\n";
        Map<String, SnapshotSource> files = new LinkedHashMap<>();
        files.put(SnapshotContents.INDEX, SnapshotSource.of(index));
        put(files, SnapshotContents.CHECKPOINT, lines.getBytes(StandardCharsets.UTF_8));
        make(0, files);
        List<String> told = new ArrayList<>();
        assertThat(recovery().missingEvents(NOW, made(), "far", told::add)).isPresent();
        assertThat(told).isEmpty();

        SmallObjects damaged = new WithBadKey(new Tier(lost.root()));
        assertThat(new SnapshotRecovery(damaged, keyring).missingEvents(NOW, made(), "far", told::add))
                .isPresent();
        assertThat(told).singleElement().asString().contains("audit logs", "the tier cannot be read");
    }

    /** Has an audit log whose key its disk does not give: asked for it, a tier gives nothing at all. */
    private record WithBadKey(Tier tier) implements SmallObjects {
        private static final String KEY = "audit/key-" + "ab".repeat(16);

        @Override
        public Map<String, Long> list() throws IOException {
            Map<String, Long> objects = tier.list();
            objects.put(KEY, 80L);
            return objects;
        }

        @Override
        public Map<String, Path> get(List<String> names) {
            if (names.contains(KEY)) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier cannot be read");
            }
            return tier.get(names);
        }
    }

    private List<Path> chunks() throws IOException {
        try (Stream<Path> all = Files.list(lost.snapshots().resolve("chunks"))) {
            return all.sorted().toList();
        }
    }

    private boolean holds(Path chunk, byte[] plain) throws IOException {
        byte[] frame = keyring.state().open("chunk/" + chunk.getFileName(), Files.readAllBytes(chunk));
        byte[] opened = Zstd.decompress(frame, 4096);
        return Arrays.equals(opened, plain);
    }

    @Test
    void oneUnderAKeyThatThisHomeDoesNotHaveIsToldApartFromADamagedOne() throws Exception {
        Home older = new Home(folder.resolve("older"));
        older.createFolders();
        try (Stream<Path> all = Files.walk(lost.root())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path to = older.root().resolve(lost.root().relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        new TenantChange(lost, keyring.home())
                .change(source, "clinic", Clock.systemUTC(), event -> {}, "a test", done -> {});
        keyring.close();
        keyring = Keyring.open(lost, source, Clock.systemUTC());
        snapshot(0);
        assertThat(recovery().found(NOW)).hasSize(1);
        try (Keyring before = Keyring.read(older, source, Clock.systemUTC())) {
            SnapshotRecovery recovery = new SnapshotRecovery(new Tier(lost.root()), before);
            assertThat(recovery.found(NOW)).isEmpty();
            assertThat(recovery.unopened()).contains(BEGUN);
        }
        try (Stream<Path> all = Files.list(lost.snapshots())) {
            for (Path snapshot : all.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(snapshot);
                bytes[bytes.length - 1] ^= 1;
                Files.write(snapshot, bytes);
            }
        }
        SnapshotRecovery damaged = recovery();
        assertThat(damaged.found(NOW)).isEmpty();
        assertThat(damaged.unopened()).isEmpty();
    }
}
