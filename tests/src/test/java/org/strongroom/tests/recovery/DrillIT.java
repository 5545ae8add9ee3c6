package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Installation;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;
import org.strongroom.tests.tier.CephServer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A recovery is tried beside a PACS that goes on, and leaves nothing anywhere: not in the tier, not on this machine. */
class DrillIT {
    private static final Pattern HEAD = Pattern.compile("journal/head-([0-9]+)-.*");
    private static final String BUCKET = "drilled";

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }

    private static Command.Result drill(Clinic clinic, Object... more) {
        return drillFrom("offsite", clinic, more);
    }

    private static Command.Result drillFrom(String tier, Clinic clinic, Object... more) {
        return clinic.cli(Stream.concat(Stream.of("drill", "--json", "--from", tier), Stream.of(more))
                .toArray());
    }

    private static Path scratch(Clinic clinic) {
        return clinic.scratch().path().resolve("orthanc/strongroom-drill");
    }

    /** Contents and times: an object that is written once more, the same to the bit, is seen as well. */
    private static Map<String, String> tier(Clinic clinic) throws IOException {
        Map<String, String> objects = new TreeMap<>();
        Path folder = clinic.tier("offsite");
        for (Path file : ClearText.files(folder)) {
            String name = folder.relativize(file).toString();
            if (!name.startsWith("audit")) { // the living log, which is told of the drill, is anchored there
                objects.put(name, Sha256.of(Files.readAllBytes(file)) + " " + Files.getLastModifiedTime(file));
            }
        }
        return objects;
    }

    private static void assertUntouched(Clinic clinic, Map<String, String> before) throws IOException {
        Map<String, String> now = tier(clinic);
        // The living sidecar takes former copies of the journal away.
        before.keySet().removeIf(name -> name.startsWith("journal/") && !now.containsKey(name));
        assertThat(now).isEqualTo(before);
    }

    /** With a snapshot, an image that came after it, and a journal in the tier; the images. */
    private static Map<String, byte[]> fill(Clinic clinic, OrthancProcess orthanc) {
        Map<String, byte[]> images = new TreeMap<>();
        for (byte[] image : Samples.everyKind().values()) {
            images.put(orthanc.rest().upload(image), image);
        }
        clinic.ship();
        // A snapshot names the journal's head, which is signed a little after what it is of.
        await().atMost(Duration.ofMinutes(1)).until(() -> journaled(clinic) >= written(clinic));
        clinic.cli("snapshot", "--now").orFail();
        images.put(orthanc.rest().upload(Samples.otherPatient()), Samples.otherPatient());
        clinic.ship();
        long sequence = journaled(clinic);
        clinic.endSidecars(); // the next one copies the journal, if it has grown, at once: its head last
        clinic.awaitSidecar();
        await().atMost(Duration.ofMinutes(3)).until(() -> hasSnapshot(clinic) && isCopied(sequence, heads(clinic)));
        return images;
    }

    private static boolean hasSnapshot(Clinic clinic) {
        return ClearText.files(clinic.tier("offsite").resolve("snapshots")).stream()
                .anyMatch(file ->
                        SnapshotLabel.timeOf("snapshots/" + file.getFileName()).isPresent());
    }

    private static Set<String> heads(Clinic clinic) {
        return ClearText.files(clinic.tier("offsite").resolve("journal")).stream()
                .map(file -> "journal/" + file.getFileName())
                .collect(Collectors.toSet());
    }

    /** How many entries the journal has. */
    private static long journaled(Clinic clinic) {
        try {
            byte[] key = Installation.read(clinic.home().resolve("installation.json"))
                    .orElseThrow()
                    .journalKey();
            return JournalHead.decode(Files.readAllBytes(clinic.home().resolve("journal/head")), key)
                    .sequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long written(Clinic clinic) throws IOException {
        UUID installation = Installation.read(clinic.home().resolve("installation.json"))
                .orElseThrow()
                .id();
        JournalReader reader = new JournalReader(clinic.home().resolve("journal"), installation);
        while (reader.next().isPresent()) {}
        return reader.sequence();
    }

    /** Whether one of these objects is a head of so many entries, or of more. */
    private static boolean isCopied(long sequence, Set<String> objects) {
        return objects.stream()
                .map(HEAD::matcher)
                .anyMatch(head -> head.matches() && Long.parseLong(head.group(1)) >= sequence);
    }

    @ParameterizedTest
    @EnumSource(Debian.class) // each opens its own index
    void aHealthyTierIsProvenByTheRootKeyAndByTheSheets(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> images = fill(clinic, orthanc);
            List<Path> sheets = new ArrayList<>();
            JsonNode kit = told(clinic.cli(
                    "kit",
                    "create",
                    "--json",
                    "--shares",
                    "3",
                    "--need",
                    "2",
                    "--out",
                    clinic.scratch().path().resolve("kit")));
            kit.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));

            assertThat(clinic.status().path("drills")).isEmpty();
            Command.Result dry = drill(clinic, "--dry-run").orFail();
            assertThat(told(dry).at("/plan/images").asInt()).isPositive();
            assertThat(clinic.status().path("drills")).isEmpty();

            Map<String, String> before = tier(clinic);
            Command.Result result = drill(clinic);
            JsonNode told = told(result);
            assertThat(result.status()).as(told.toString()).isZero();
            assertThat(told.path("proven").asBoolean()).isTrue();
            assertThat(told.path("imagesOpened").asInt())
                    .isEqualTo(told.path("members").asInt());
            assertThat(told.path("members").asInt()).isGreaterThanOrEqualTo(images.size());
            assertThat(told.at("/index/listed/instances").asInt()).isEqualTo(images.size() - 1);
            assertThat(told.at("/index/images").asInt()).isEqualTo(images.size() - 1);
            assertThat(told.at("/afterSnapshot/images").asInt())
                    .isPositive()
                    .isLessThan(told.path("members").asInt());
            assertThat(told.at("/result/secondsToList").isNumber()).isTrue();
            assertThat(told.at("/result/secondsToRead").isNumber()).isTrue();
            assertThat(told.at("/result/bytes").asLong()).isPositive();
            assertThat(scratch(clinic)).doesNotExist();

            Command.Result bySheets = drill(clinic, sheets.get(2), sheets.get(0));
            assertThat(bySheets.status()).as(bySheets.output()).isZero();
            assertThat(told(bySheets).at("/result/keys").asText()).isEqualTo("kit");
            Command.Result tooFew = drill(clinic, sheets.get(1));
            assertThat(tooFew.status()).isEqualTo(1);
            assertThat(tooFew.output()).contains("needs 2 shares");
            assertUntouched(clinic, before);

            JsonNode last = clinic.status().at("/drills/offsite");
            assertThat(last.path("proven").asBoolean()).isTrue();
            assertThat(last.path("keys").asText())
                    .as("what was not begun is not told")
                    .isEqualTo("kit");
            assertThat(clinic.cli("status").output()).contains("Drill    from offsite");
            goesOn(clinic, orthanc, images);
            // Once a minute the log is made ready to be searched.
            await().atMost(Duration.ofMinutes(2)).until(() -> clinic.cli("audit", "search", "--type", "drill")
                    .orFail()
                    .output()
                    .contains("offsite"));
        }
    }

    /** What is stored now is shipped, everything is evicted, and read from the tier. */
    private static void goesOn(Clinic clinic, OrthancProcess orthanc, Map<String, byte[]> images) {
        byte[] late = Samples.otherStudy();
        images.put(orthanc.rest().upload(late), late);
        clinic.makeCold();
        images.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
    }

    /** Of a store that is asked by HTTP, whose listing has pages and whose objects come as ranges; nothing is written there either. */
    @Test
    void aBucketIsProven() throws IOException {
        try (CephServer ceph = new CephServer();
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Buckets.make(ceph.endpoint(), ceph.credentials(), BUCKET);
            clinic.onlyBucket("cloud", BUCKET, ceph.endpoint(), ceph.credentialsFile());
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> images = new TreeMap<>();
            for (byte[] image : Samples.everyKind().values()) {
                images.put(orthanc.rest().upload(image), image);
            }
            clinic.ship();
            clinic.cli("snapshot", "--now").orFail();
            await().atMost(Duration.ofMinutes(3)).until(() -> inBucket(ceph).stream()
                    .anyMatch(name -> SnapshotLabel.timeOf(name).isPresent()));
            byte[] late = Samples.otherPatient();
            images.put(orthanc.rest().upload(late), late);
            clinic.ship();
            long sequence = journaled(clinic);
            clinic.endSidecars(); // the next one copies the journal, if it has grown, at once: its head last
            clinic.awaitSidecar();
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> isCopied(sequence, named(inBucket(ceph), "journal/head-")));

            Set<String> before = lasting(ceph);
            Command.Result result = drillFrom("cloud", clinic);
            JsonNode told = told(result);
            assertThat(result.status()).as(told.toString()).isZero();
            assertThat(told.path("proven").asBoolean()).as(told.toString()).isTrue();
            assertThat(told.at("/index/listed/instances").asInt()).isEqualTo(images.size() - 1);
            assertThat(told.at("/afterSnapshot/images").asInt()).isPositive();
            assertThat(told.path("members").asInt()).isGreaterThanOrEqualTo(images.size());
            assertThat(told.path("imagesOpened").asInt())
                    .isEqualTo(told.path("members").asInt());
            assertThat(scratch(clinic)).doesNotExist();
            assertThat(lasting(ceph)).as("nothing is written, nothing is gone").isEqualTo(before);
            assertThat(clinic.status().at("/drills/cloud/proven").asBoolean()).isTrue();

            damage(ceph, named(before, "packs/").iterator().next());
            Command.Result damaged = drillFrom("cloud", clinic);
            assertThat(damaged.status()).as(damaged.output()).isEqualTo(1);
            assertThat(told(damaged).path("proven").asBoolean()).isFalse();
            assertThat(told(damaged).path("faults")).hasSize(1);
        }
    }

    private static Set<String> inBucket(CephServer ceph) {
        try (S3Client client = Buckets.client(ceph.endpoint(), ceph.credentials())) {
            return client.listObjectsV2Paginator(each -> each.bucket(BUCKET)).contents().stream()
                    .map(S3Object::key)
                    .collect(Collectors.toSet());
        }
    }

    /** What neither the living log nor the living journal, whose former copies go, changes by itself. */
    private static Set<String> lasting(CephServer ceph) {
        return inBucket(ceph).stream()
                .filter(name -> !name.startsWith("audit/") && !name.startsWith("journal/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(Set<String> objects, String prefix) {
        return objects.stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toSet());
    }

    private static void damage(CephServer ceph, String object) {
        try (S3Client client = Buckets.client(ceph.endpoint(), ceph.credentials())) {
            byte[] bytes = client.getObjectAsBytes(each -> each.bucket(BUCKET).key(object))
                    .asByteArray();
            bytes[bytes.length / 3] ^= 1;
            client.putObject(each -> each.bucket(BUCKET).key(object), RequestBody.fromBytes(bytes));
        }
    }

    @Test
    void whatIsWrongInTheTierIsNamedAndAKilledDrillHarmsNothing() throws Exception {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> images = fill(clinic, orthanc);
            Map<String, String> before = tier(clinic);

            kill(clinic);
            assertThat(scratch(clinic)).as("what it left").exists();
            assertThat(drill(clinic).orFail().status()).isZero();
            assertThat(scratch(clinic)).doesNotExist();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> processes("strongroom-drill", clinic).isEmpty());
            assertUntouched(clinic, before);

            Path pack = ClearText.files(clinic.tier("offsite").resolve("packs")).get(0);
            byte[] whole = Files.readAllBytes(pack);
            byte[] damaged = whole.clone();
            damaged[damaged.length / 3] ^= 1;
            Scratch.own(Files.write(pack, damaged));
            Command.Result result = drill(clinic);
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(told(result).path("faults")).singleElement().satisfies(fault -> assertThat(
                            fault.path("object").asText())
                    .endsWith(pack.getFileName().toString()));
            assertThat(clinic.status().at("/drills/offsite/proven").asBoolean()).isFalse();
            assertThat(clinic.status().at("/drills/offsite/lastProven").isNull())
                    .isFalse();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("status").output().contains("trial recovery from tier offsite failed"));
            assertThat(Arrays.equals(Files.readAllBytes(pack), damaged))
                    .as("the drill mends nothing")
                    .isTrue();
            Scratch.own(Files.write(pack, whole));

            Path snapshots = clinic.tier("offsite").resolve("snapshots");
            Path away = clinic.scratch().path().resolve("snapshots-away");
            Files.move(snapshots, away);
            Command.Result none = clinic.cli("drill", "--from", "offsite");
            assertThat(none.status()).isEqualTo(1);
            assertThat(none.output()).contains("no snapshot").contains("each image would be read and listed anew");
            Files.move(away, snapshots);
            Command.Result again = clinic.cli("drill", "--from", "offsite");
            assertThat(again.orFail().output()).contains("Proven: what was tried came back.");
            assertThat(scratch(clinic)).doesNotExist();
            goesOn(clinic, orthanc, images);
            withoutAnOrthancNothingIsTried(clinic, orthanc);
        }
    }

    /** This may be the machine that was replaced: a sidecar that is started for the drill would write to the tier. */
    private static void withoutAnOrthancNothingIsTried(Clinic clinic, OrthancProcess orthanc) throws IOException {
        orthanc.stop();
        clinic.endSidecars();
        Map<String, String> before = tier(clinic);
        Command.Result alone = clinic.cli("drill", "--from", "offsite");
        assertThat(alone.status()).isEqualTo(1);
        assertThat(alone.errors()).contains("start Orthanc");
        assertUntouched(clinic, before);
        assertThat(clinic.sidecar().filter(ProcessHandle::isAlive)).isEmpty();
    }

    private static List<ProcessHandle> processes(String word, Clinic clinic) {
        String folder = clinic.scratch().path().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String words = String.join(" ", process.info().arguments().orElse(new String[0]));
                    return words.contains(word) && words.contains(folder);
                })
                .toList();
    }

    /** In the middle, when the scratch folder holds something. */
    private static void kill(Clinic clinic) throws Exception {
        Process drill = clinic.startCli("drill", "--from", "offsite");
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.isDirectory(scratch(clinic).resolve("home")));
        processes("offline.Main", clinic).forEach(ProcessHandle::destroyForcibly);
        drill.destroyForcibly();
        drill.waitFor();
    }
}
