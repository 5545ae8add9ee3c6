package org.strongroom.sidecar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.strongroom.sidecar.cli.PlayedSidecar.ID;
import static org.strongroom.sidecar.cli.PlayedSidecar.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.AddResult;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.SeedExported;
import org.strongroom.core.control.SeedReconciled;
import org.strongroom.core.control.SeedStatus;
import org.strongroom.core.control.ShipResult;
import org.strongroom.core.control.Status.Plugin;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.control.TrimResult;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.UplinkStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class CommandsTest {
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

    @Test
    void statusForProgramsHasThePromisedFields() throws IOException {
        sidecar.on("GET /v1/status", status(2, Plugin.connected, true));
        assertThat(sidecar.run("status", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(sidecar.out.toString());
        assertThat(json.at("/backlog/instances").longValue()).isEqualTo(2);
        assertThat(json.at("/backlog/bytes").longValue()).isEqualTo(2_000_000);
        assertThat(json.at("/stored/rawBytes").longValue()).isEqualTo(20_000_000);
        assertThat(json.at("/stored/tierBytes").longValue()).isEqualTo(9_000_000);
        assertThat(json.at("/local/bytes").longValue()).isEqualTo(9_000_000);
        assertThat(json.at("/tiers/near/healthy").booleanValue()).isTrue();
        assertThat(json.at("/erasing/here").longValue()).isEqualTo(1);
        assertThat(json.at("/erasing/tiers/far").longValue()).isEqualTo(2);
    }

    @Test
    void statusForPeople() {
        sidecar.clock.advance(java.time.Duration.between(sidecar.clock.instant(), Instant.EPOCH.plusSeconds(180)));
        sidecar.on("GET /v1/status", status(1, Plugin.absent, false));
        assertThat(sidecar.run("status")).isZero();
        String drains = DateTimeFormatter.ofPattern("EEEE d MMM HH:mm", Locale.ENGLISH)
                .format(Instant.EPOCH.plusSeconds(360_000).atZone(ZoneId.systemDefault()));
        assertThat(sidecar.out.toString().lines())
                .contains(
                        "Backlog  1 instance, 1.0 MB, the oldest for 3 min",
                        "Stored   10 instances, 20.0 MB, as 9.0 MB in all tiers",
                        "Line     48.0 kB/s; drains " + drains + "; intake exceeds line by 800 MB/day;"
                                + " without a line the disk lasts 12 days",
                        "Orthanc  not connected",
                        "Erasing  on this machine: 1 study key; in tier far: 2 study keys (strongroom shred"
                                + " certificate says what, and why)",
                        "near  directory  not healthy  3       9.0 MB  1       1970-01-01     3 min ago  not mounted",
                        "Store    near: versions not kept");
    }

    @Test
    void howMuchOfTheTimeBeforeIsSealed() {
        String json = new String(ControlJson.write(status(0, Plugin.connected, true)), StandardCharsets.UTF_8)
                .replace(
                        "\"clear\":null",
                        "\"clear\":{\"waiting\":30,\"waitingBytes\":3000000,\"sealed\":10,\"sealedBytes\":1000000,"
                                + "\"unknown\":2,\"problem\":null}");
        sidecar.on("GET /v1/status", json);
        assertThat(sidecar.run("status")).isZero();
        assertThat(sidecar.out.toString().lines())
                .contains(
                        "Clear    10 of 40 files of the time before sealed, 1.0 MB of 4.0 MB; 2 files not in Orthanc's"
                                + " index, left alone");
    }

    @Test
    void oneStudyAndAll() {
        StudyStatus study = new StudyStatus(
                ID,
                ID,
                4,
                5,
                1000,
                2000,
                0,
                5,
                0,
                Instant.EPOCH,
                List.of(
                        new StudyStatus.PackStatus(ID, 3, 600, Map.of("near", "received", "far", "received"), Map.of()),
                        new StudyStatus.PackStatus(
                                ID, 2, 400, Map.of("near", "received", "far", "queued"), Map.of("near", "archived"))));
        sidecar.on("GET /v1/studies", study).on("GET /v1/studies/" + ID, study);
        assertThat(sidecar.run("status", "--studies")).isZero();
        assertThat(sidecar.out.toString().lines().skip(1).findFirst().orElseThrow())
                .startsWith(ID.toString())
                .endsWith("  near");
        assertThat(sidecar.run("status", "--study", ID.toString())).isZero();
        assertThat(sidecar.out.toString()).contains("far queued, near received (archived)");
        assertThat(sidecar.run("status", "--study", ID.toString(), "--json")).isZero();
        assertThat(sidecar.out.toString()).contains("\"far\":\"queued\"");
    }

    @Test
    void nobodyThere() {
        sidecar.disappear();
        assertThat(sidecar.run("status")).isEqualTo(1);
        assertThat(sidecar.err.toString()).startsWith("strongroom: the sidecar").contains("\n  Cure: start Orthanc");
        assertThat(sidecar.out.toString()).isEmpty();
    }

    @Test
    void shipWaitsUntilTheBacklogIsGone() {
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000))
                .on(
                        "GET /v1/status",
                        status(2, Plugin.connected, true),
                        status(1, Plugin.connected, true),
                        status(0, Plugin.connected, true));
        assertThat(sidecar.run("ship", "--now")).isZero();
        assertThat(sidecar.out.toString()).startsWith("2 instances shipped and received");
        assertThat(sidecar.asked).contains("POST /v1/ship {\"now\":true}");
    }

    @Test
    void shipWaitsAlsoForWhatIsOnlyAttachedToASeries() {
        String attached = new String(ControlJson.write(status(2, Plugin.connected, true)), StandardCharsets.UTF_8)
                .replace("\"backlog\":{\"instances\":2", "\"backlog\":{\"instances\":0");
        sidecar.on("POST /v1/ship", new ShipResult(0, 2_000_000))
                .on("GET /v1/status", attached, attached, status(0, Plugin.connected, true));
        assertThat(sidecar.run("ship")).isZero();
        assertThat(sidecar.asked.stream().filter("GET /v1/status"::equals)).hasSize(3);
    }

    @Test
    void shipTellsWhyItCouldNot() {
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000))
                .on("GET /v1/status", status(2, Plugin.connected, false));
        assertThat(sidecar.run("ship", "--now", "--timeout", "30 s")).isEqualTo(1);
        assertThat(sidecar.err.toString())
                .contains("not everything was shipped in the time allowed")
                .contains("instances: 2")
                .contains("tier near: not mounted");
    }

    @Test
    void shipEndsWhenOnlyAPersonCanHelp() {
        Problem wrong = new Problem(FailureKind.REFUSED, "the store refuses these credentials", "Give others");
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000))
                .on("GET /v1/status", status(2, Plugin.connected, false, List.of(wrong)));
        assertThat(sidecar.run("ship")).isEqualTo(1);
        assertThat(sidecar.err.toString())
                .contains("Waits for: the store refuses these credentials. Give others")
                .contains("only be shipped when a person has helped")
                .containsOnlyOnce("Waits for");
    }

    @Test
    void shipGoesOnWhenSomebodyHelped() {
        Problem wrong = new Problem(FailureKind.REFUSED, "the store refuses these credentials", "Give others");
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000));
        for (int second = 0; second < 20; second++) {
            sidecar.on("GET /v1/status", status(2, Plugin.connected, false, List.of(wrong)));
        }
        sidecar.on("GET /v1/status", status(2, Plugin.connected, true), status(0, Plugin.connected, true));
        assertThat(sidecar.run("ship")).isZero();
    }

    @Test
    void shipWaitsForATierThatMayComeBackAndSaysSo() {
        Problem away = new Problem(FailureKind.UNAVAILABLE, "tier near: not mounted", "");
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000));
        for (int second = 0; second < 90; second++) {
            sidecar.on("GET /v1/status", status(2, Plugin.connected, false, List.of(away)));
        }
        sidecar.on("GET /v1/status", status(0, Plugin.connected, true));
        assertThat(sidecar.run("ship")).isZero();
        assertThat(sidecar.err.toString()).containsOnlyOnce("Waits for: tier near: not mounted");
    }

    @Test
    void shipFailsIfTheSpoolHoldsWhatNobodyCanTakeIn() {
        Problem damaged = new Problem(FailureKind.CORRUPT, "1 files in the spool are damaged", "Look into it");
        sidecar.on("POST /v1/ship", new ShipResult(0, 0))
                .on("GET /v1/status", status(0, Plugin.connected, true, List.of(damaged)));
        assertThat(sidecar.run("ship", "--now")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("1 files in the spool are damaged");
    }

    @Test
    void shipDoesNotWaitForEverForAnOrthancThatIsGone() {
        sidecar.on("POST /v1/ship", new ShipResult(2, 2_000_000)).on("GET /v1/status", status(2, Plugin.absent, true));
        assertThat(sidecar.run("ship", "--now")).isEqualTo(1);
        assertThat(sidecar.err.toString())
                .contains("no receipts without Orthanc")
                .contains("start Orthanc");
    }

    @Test
    void evictAllIsDoneWhenWhatHasReceiptsIsGone() {
        sidecar.on("GET /v1/studies", study(ID))
                .on("POST /v1/evict", new EvictResult(4, 4_000, List.of(new Kept("not received everywhere", 1))));
        assertThat(sidecar.run("evict", "--all", "--dry-run")).isZero();
        assertThat(sidecar.asked)
                .containsExactly(
                        "GET /v1/studies", "POST /v1/evict {\"all\":false,\"keys\":[\"" + ID + "\"],\"dryRun\":true}");
        assertThat(sidecar.out.toString())
                .contains("4 instances would go, 4.0 kB")
                .contains("1 instance kept: not received everywhere");
        assertThat(sidecar.run("evict", "--study", ID.toString())).isEqualTo(1);
        assertThat(sidecar.asked.get(2)).contains("\"keys\":[\"" + ID + "\"]");
    }

    @Test
    void evictAllGoesThroughManyStudiesStepByStep() {
        String lines = Stream.generate(UUID::randomUUID)
                .limit(150)
                .map(key -> new String(ControlJson.write(study(key)), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
        sidecar.on("GET /v1/studies", lines)
                .on(
                        "POST /v1/evict",
                        new EvictResult(4, 4_000, List.of(new Kept("held", 1))),
                        new EvictResult(2, 2_000, List.of(new Kept("held", 2))));
        assertThat(sidecar.run("evict", "--all")).isEqualTo(1);
        assertThat(sidecar.asked).hasSize(3);
        assertThat(sidecar.out.toString())
                .contains("6 instances evicted, 6.0 kB")
                .contains("3 instances kept: held");
    }

    private static StudyStatus study(UUID key) {
        return new StudyStatus(key, key, 5, 5, 1000, 2000, 0, 5, 0, Instant.EPOCH, List.of());
    }

    @Test
    void evictAllFailsIfSomethingWithReceiptsStays() {
        sidecar.on("GET /v1/studies", study(ID))
                .on(
                        "POST /v1/evict",
                        new EvictResult(4, 4_000, List.of(new Kept("a tier does not confirm its copy now", 1))),
                        new EvictResult(4, 4_000, List.of(new Kept("held", 0))));
        assertThat(sidecar.run("evict", "--all")).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("1 instance kept: a tier does not confirm its copy now");
        assertThat(sidecar.run("evict", "--all")).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("Only what is attached to series kept: held");
    }

    @Test
    void undeleteFailsIfSomethingCannotComeBack() {
        sidecar.on(
                "POST /v1/undelete",
                new UndeleteResult(2, List.of(ID, ID), List.of()),
                new UndeleteResult(2, List.of(), List.of()),
                new UndeleteResult(1, List.of(ID), List.of(new Kept("purged", 1))),
                new UndeleteResult(1, List.of(), List.of()),
                new UndeleteResult(1, List.of(ID), List.of()),
                new UndeleteResult(0, List.of(), List.of(new Kept("not taken", 1))));
        assertThat(sidecar.run("undelete", "--all")).isZero();
        assertThat(sidecar.out.toString()).contains("2 instances given back");
        assertThat(sidecar.run("undelete", "--attachment", ID.toString())).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("1 instance kept: purged");
        assertThat(sidecar.run("undelete", "--all")).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("0 instances given back").contains("1 instance kept: not taken");
    }

    @Test
    void uplinkShowsAndOrders() {
        Instant until = Instant.parse("2026-11-25T14:00:00Z");
        sidecar.on("GET /v1/uplink", new UplinkStatus("512 kbit/s", null, "512 kbit/s", null, Map.of()))
                .on(
                        "POST /v1/uplink",
                        new UplinkStatus("2 Mbit/s", until, "off", until, Map.of("old", 1_000L, "new", 200_000L)));
        assertThat(sidecar.run("uplink")).isZero();
        assertThat(sidecar.out.toString())
                .contains("Limit    512 kbit/s\n")
                .contains("Settings unlimited\n")
                .contains("Sending  nothing");
        assertThat(sidecar.run("uplink", "--limit", "2 Mbit/s", "--for", "2 h")).isZero();
        assertThat(sidecar.out.toString())
                .contains("Limit    2 Mbit/s until ")
                .contains("; the settings say off now")
                .contains("Sending  new 200 kB/s, old 1.0 kB/s");
        assertThat(sidecar.run("uplink", "--back")).isZero();
        assertThat(sidecar.asked)
                .containsExactly(
                        "GET /v1/uplink",
                        "POST /v1/uplink {\"limit\":\"2 Mbit/s\",\"seconds\":7200}",
                        "POST /v1/uplink {\"limit\":null,\"seconds\":null}");
        assertThat(sidecar.run("uplink", "--limit", "2 Mbit", "--for", "2 h")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("512 kbit/s");
        assertThat(sidecar.run("uplink", "--limit", "off")).isEqualTo(2);
        assertThat(sidecar.run("uplink", "--back", "--limit", "off", "--for", "1 h"))
                .isEqualTo(2);
    }

    @Test
    void tierAddKnowsTheSettings() {
        sidecar.on("POST /v1/tiers/near/add", new AddResult(2));
        assertThat(sidecar.run("tier", "add", "near")).isZero();
        assertThat(sidecar.out.toString()).contains("2 packs that it held before are sent to it again");
        assertThat(sidecar.run("tier", "add", "a b")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("no such tier").contains("known: near");
        assertThat(sidecar.asked).containsExactly("POST /v1/tiers/near/add");
    }

    @Test
    void tierDrainWaitsUntilTheOtherTierHasEverything() throws IOException {
        Files.writeString(
                sidecar.config,
                Files.readString(sidecar.config)
                        .replace("\"near\":", "\"new\": {\"Directory\": \"/mnt/new\"}, \"near\":"));
        sidecar.on("GET /v1/status", status(0, Plugin.connected, true))
                .on("POST /v1/tiers/near/drain", drain(0, false))
                .on("GET /v1/tiers/near/drain", drain(1, false), drain(2, false), drain(2, true));
        assertThat(sidecar.run("tier", "drain", "near", "--to", "new", "--dry-run"))
                .isZero();
        assertThat(sidecar.asked).containsExactly("POST /v1/tiers/near/drain {\"to\":\"new\",\"dryRun\":true}");
        assertThat(sidecar.out.toString()).contains("2 packs, 3.0 MB to copy from near to new");
        assertThat(sidecar.run("tier", "drain", "near", "--to", "new", "--json"))
                .isZero();
        assertThat(sidecar.out.toString()).contains("\"drained\":true");
        assertThat(sidecar.run("tier", "drain", "near")).isEqualTo(2);
    }

    @Test
    void tierDrainThatCannotEndFails() throws IOException {
        Files.writeString(
                sidecar.config,
                Files.readString(sidecar.config)
                        .replace("\"near\":", "\"new\": {\"Directory\": \"/mnt/new\"}, \"near\":"));
        sidecar.on("GET /v1/status", status(0, Plugin.absent, true))
                .on("POST /v1/tiers/near/drain", drain(0, false))
                .on("GET /v1/tiers/near/drain", drain(1, false));
        assertThat(sidecar.run("tier", "drain", "near", "--to", "new")).isEqualTo(1);
        assertThat(sidecar.err.toString())
                .contains("no receipts without Orthanc")
                .contains("done: 1");
        assertThat(sidecar.run("tier", "drain", "near", "--to", "new", "--timeout", "10 s"))
                .isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("not drained in the time allowed");
    }

    private static DrainStatus drain(long done, boolean drained) {
        return new DrainStatus("near", "new", 2, 3_000_000, done, done * 1_500_000, drained);
    }

    @Test
    void seedExportWritesPackByPackUntilNothingIsLeft() {
        sidecar.on("GET /v1/tiers/near/seed", seed(3, 0), seed(0, 2))
                .on(
                        "POST /v1/tiers/near/seed/export",
                        new SeedExported(9L, 1_000_000, null),
                        new SeedExported(8L, 0, "the line was faster"),
                        new SeedExported(7L, 1_000_000, null),
                        new SeedExported(null, 0, null));
        assertThat(sidecar.run("seed", "export", "/mnt/disk")).isZero();
        assertThat(sidecar.out.toString().lines())
                .contains("2 packs, 2.0 MB written to /mnt/disk and read back", "1 pack left out: the line was faster");
        assertThat(sidecar.asked)
                .contains(
                        "POST /v1/tiers/near/seed/export {\"disk\":\"/mnt/disk\",\"behind\":null,\"sameDisk\":false}",
                        "POST /v1/tiers/near/seed/export {\"disk\":\"/mnt/disk\",\"behind\":7,\"sameDisk\":false}");
    }

    @Test
    void seedExportGoesOnWithTheNextDiskWhereOneIsFull() {
        sidecar.on("GET /v1/tiers/near/seed", seed(2, 0), seed(2, 0), seed(1, 1))
                .on(
                        "POST /v1/tiers/near/seed/export",
                        new SeedExported(9L, 1_000_000, null),
                        ErrorBody.of(
                                StrongroomException.of(FailureKind.FULL, "the disk has no room for the next pack")));
        assertThat(sidecar.run("seed", "export", "/mnt/disk", "--dry-run")).isZero();
        assertThat(sidecar.asked).containsExactly("GET /v1/tiers/near/seed");
        assertThat(sidecar.out.toString()).contains("2 packs, 2.0 MB to write for tier near");
        assertThat(sidecar.run("seed", "export", "/mnt/disk", "--json")).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("\"full\":true").contains("\"left\":1");
    }

    @Test
    void seedReconcileTellsWhatItFound() {
        sidecar.on("GET /v1/tiers/near/seed", seed(0, 4))
                .on(
                        "POST /v1/tiers/near/seed/reconcile",
                        new SeedReconciled(5L, 2, 2_000_000, 0, 0, 0),
                        new SeedReconciled(null, 0, 0, 1, 1, 0));
        assertThat(sidecar.run("seed", "reconcile", "--tier", "near")).isEqualTo(1);
        assertThat(sidecar.out.toString().lines())
                .contains(
                        "2 packs, 2.0 MB found in tier near",
                        "1 pack not what was on the disk: made anew",
                        "1 pack not there: the line takes them");
        assertThat(sidecar.asked).contains("POST /v1/tiers/near/seed/reconcile {\"behind\":5,\"keep\":false}");
        assertThat(sidecar.run("seed", "reconcile", "--tier", "far")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("no such tier in the settings");
    }

    @Test
    void tierTrimShowsAndDeletesOnlyWhenTold() {
        sidecar.on(
                "POST /v1/tiers/near/trim",
                new TrimResult(5L, 2, 2_000_000, Map.of("locked", 1L)),
                new TrimResult(null, 1, 500_000, Map.of("locked", 1L)),
                new TrimResult(null, 3, 2_500_000, Map.of()));
        assertThat(sidecar.run("tier", "trim", "near")).isEqualTo(1);
        assertThat(sidecar.out.toString().lines())
                .contains("3 packs, 2.5 MB to delete from tier near (with --delete)", "2 packs stay: locked");
        assertThat(sidecar.asked)
                .containsExactly(
                        "POST /v1/tiers/near/trim {\"behind\":null,\"dryRun\":true}",
                        "POST /v1/tiers/near/trim {\"behind\":5,\"dryRun\":true}");
        sidecar.asked.clear();
        assertThat(sidecar.run("tier", "trim", "near", "--delete")).isZero();
        assertThat(sidecar.out.toString()).contains("3 packs, 2.5 MB deleted from tier near");
        assertThat(sidecar.asked).containsExactly("POST /v1/tiers/near/trim {\"behind\":null,\"dryRun\":false}");
        assertThat(sidecar.run("tier", "trim", "far")).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("no such tier in the settings");
    }

    @Test
    void seedCancelGivesEverythingToTheLine() {
        sidecar.on("POST /v1/tiers/near/seed/cancel", seed(0, 2));
        assertThat(sidecar.run("seed", "cancel")).isZero();
        assertThat(sidecar.out.toString()).contains("2 packs, 2.0 MB go to tier near by the line");
    }

    private static SeedStatus seed(long queued, long waiting) {
        return new SeedStatus("near", queued, queued * 1_000_000, waiting, waiting * 1_000_000);
    }

    @Test
    void doctorFindsWhatIsMissing() throws IOException {
        assertThat(sidecar.run("doctor", "--json")).isEqualTo(1);
        JsonNode findings = new ObjectMapper().readTree(sidecar.out.toString()).get("findings");
        assertThat(findings).isNotEmpty().allSatisfy(finding -> assertThat(
                        finding.get("cure").textValue())
                .isNotEmpty());
        assertThat(findings.get(0).get("level").textValue()).isEqualTo("SERIOUS");
    }

    @Test
    void aBadConfigurationIsToldOnceWithAllItsProblems() throws IOException {
        Files.writeString(sidecar.config, "{\"Strongroom\": {\"Hom\": \"/a\", \"Copies\": 0}}");
        assertThat(sidecar.run("status")).isEqualTo(1);
        assertThat(sidecar.err.toString())
                .contains("Strongroom.Hom: unknown setting: did you mean \"Home\"?")
                .contains("Strongroom.Copies: 0 is not allowed");
    }

    @Test
    void whatIsNotUnderstoodIsNotDone() {
        assertThat(sidecar.run("evict")).isEqualTo(2);
        assertThat(sidecar.run("stats")).isEqualTo(2);
        assertThat(sidecar.run("status", "--timeout", "60")).isEqualTo(2);
        assertThat(sidecar.err.toString())
                .contains("Cure: see strongroom evict --help")
                .contains("60 s");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of("status", "ship", "evict", "undelete", "tier", "doctor")) {
            assertThat(sidecar.run(command, "--help")).isZero();
            assertThat(sidecar.out.toString())
                    .contains("strongroom " + command)
                    .contains("--config")
                    .contains("--timeout");
        }
        assertThat(sidecar.run("--help")).isZero();
        assertThat(sidecar.out.toString()).contains("Exit status:");
        assertThat(sidecar.asked).isEmpty();
    }
}
