package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.ForwardAddress;
import org.strongroom.core.settings.ForwardSettings;
import org.strongroom.sidecar.audit.AnchorCopy;
import org.strongroom.sidecar.audit.AnchorVerification;
import org.strongroom.sidecar.audit.LogVerification;
import org.strongroom.sidecar.audit.Verdict;
import org.strongroom.sidecar.forward.Forwarder;

/** The audit log in the tiers, and what it proves against whoever has this machine. */
class AnchorTest {
    private static final Duration INTERVAL = Duration.ofMinutes(4);
    private static final int ANCHORS_OF_A_DAY = 361;
    private static final String NEAR = "anchor/near";
    private static final String LATE = "anchor-late/near";
    private static final String OTHER_KEY = "a tier holds a log of this installation that another key signed";
    private static final String FORKED = "the log is not the one that was seen";

    @TempDir
    Path folder;

    private Clinic clinic;
    private Store near;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder, "near", "far").open();
        near = clinic.store(0);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    @Test
    void everyTierHoldsWhatWasSignedWithinTheInterval() throws Exception {
        anchor(300);
        assertThat(verify()).isEqualTo(new Verdict(true, 300, null, null));
        Instant first = clinic.rooms.anchored("near").orElseThrow();
        assertThat(first).isCloseTo(clinic.clock.instant(), within(1, ChronoUnit.MINUTES));
        record(1);
        clinic.clock.advance(INTERVAL.minusSeconds(1));
        step();
        assertThat(checkpoints()).as("not yet").hasSize(1);
        assertThat(clinic.rooms.anchored("near")).contains(first);
        clinic.clock.advance(Duration.ofSeconds(1));
        step();
        assertThat(checkpoints()).hasSize(2);
        assertThat(verify()).isEqualTo(new Verdict(true, 301, null, null));
        assertThat(near.puts).isNotEmpty().allMatch(put -> !put.contains(" audit/") || put.startsWith("STAT "));
        assertThat(near.objects("audit/")).isEqualTo(clinic.store(1).objects("audit/"));
    }

    @Test
    void aLogThatRestsCostsNoObjectAndIsAnchored() throws Exception {
        anchor(3);
        List<String> objects = near.objects("audit/");
        for (int i = 0; i < 100; i++) {
            clinic.clock.advance(INTERVAL);
            step();
        }
        assertThat(near.objects("audit/")).isEqualTo(objects);
        assertThat(clinic.rooms.anchored("near").orElseThrow())
                .isCloseTo(clinic.clock.instant(), within(1, ChronoUnit.MINUTES));
    }

    /**
     * Of the tree's right edge there are those of as many anchors as a day may have, since somebody may read them, and no others where the
     * tier lets them be deleted; also if this machine is off every night.
     */
    @Test
    void theEdgesOfOlderAnchorsGo() throws Exception {
        anchor(200);
        anchor(50);
        anchor(50);
        assertThat(bundles()).hasSize(4);
        clinic.clock.advance(Duration.ofDays(30));
        clinic.reopen();
        anchor(1);
        assertThat(bundles()).as("they may be read").hasSize(5);
        for (int more = 0; more < ANCHORS_OF_A_DAY - 2; more++) {
            anchor(1);
        }
        near.keeps = true;
        clinic.reopen();
        anchor(1);
        assertThat(bundles()).contains("tile/entries/000.p/200", "tile/entries/001.p/44");
        near.keeps = false;
        clinic.reopen();
        anchor(1);
        assertThat(bundles())
                .doesNotContain("tile/entries/000.p/200", "tile/entries/000.p/250", "tile/entries/001.p/44")
                .contains("tile/entries/000", "tile/entries/001.p/46", "tile/entries/001", "tile/entries/002.p/150");
        assertThat(verify()).isEqualTo(new Verdict(true, 662, null, null));
    }

    /** From the tiers as well, behind what says so, as far as they let it; never before all of them have what stays. */
    @Test
    void whatIsKeptNoLongerGoesFromTheTiersToo() throws Exception {
        clinic.close();
        clinic.with(clinic.rules.audit().keeping(Duration.ofDays(2192))).reopen();
        anchor(600);
        tick(Duration.ofDays(2190));
        anchor(10);
        prune();
        assertThat(verify()).as("not old enough").isEqualTo(new Verdict(true, 610, null, null));
        tick(Duration.ofDays(3));
        clinic.store(1).away = true;
        clinic.rooms.table.forget("anchor/far");
        prune();
        assertThat(log().resolve("minimum-index")).as("far has nothing").doesNotExist();
        clinic.store(1).away = false;
        clinic.reopen();
        anchor(1);
        near.keeps = true;
        prune();
        assertThat(log().resolve("minimum-index")).hasContent("512");
        assertThat(log().resolve("tile/entries/001")).doesNotExist();
        assertThat(verify()).isEqualTo(new Verdict(true, 612, null, null));
        tick(Duration.ofDays(1));
        anchor(1);
        assertThat(bundles()).contains("tile/entries/000", "tile/entries/001");
        assertThat(verify()).as("what a lock keeps does no harm").isEqualTo(new Verdict(true, 613, null, null));
        near.keeps = false;
        clinic.reopen();
        anchor(1);
        assertThat(bundles())
                .doesNotContain("tile/entries/000", "tile/entries/001")
                .contains("tile/entries/002.p/102");
        assertThat(verify()).isEqualTo(new Verdict(true, 614, null, null));

        Path back = AnchorCopy.write(near.tier(), folder.resolve("fetched")).get(0);
        assertThat(LogVerification.of(back, back.resolve("key.pub"), List.of()))
                .isEqualTo(new Verdict(true, 614, null, null));
        near.objects("audit/").stream()
                .filter(name -> name.contains("/minimum/"))
                .forEach(near.memory::delete);
        assertThat(verify().reason()).isEqualTo("the copy in a tier is not what was signed");
        anchor(1);
        assertThat(verify()).as("it is written again").isEqualTo(new Verdict(true, 615, null, null));
    }

    /** What is in the tier is whole whenever the sidecar is killed: this machine may be lost then. */
    @Test
    void aKillAtEachObjectOfAPrunedLogLeavesACopyThatIsWhole() throws Exception {
        pruned();
        record(300);
        Set<String> killedAt = new HashSet<>();
        while (isKilledNow()) {
            killedAt.addAll(near.objects("audit/"));
            assertThat(copyAlone()).isEqualTo(new Verdict(true, killedAt.contains(newest()) ? 913 : 612, null, null));
        }
        assertThat(killedAt).anyMatch(name -> name.contains("/minimum/"));
        assertThat(copyAlone()).isEqualTo(new Verdict(true, 913, null, null));

        near.objects("audit/").forEach(near.memory::delete);
        record(1);
        while (isKilledNow()) {
            assertThat(clinic.rooms.problems.byName()).doesNotContainKey(NEAR);
        }
        assertThat(bundles()).as("a tier that is new has what is kept").first().isEqualTo("tile/entries/002");
        assertThat(copyAlone()).isEqualTo(new Verdict(true, 914, null, null));
    }

    /** When it has put one more object into the tier; it starts again. */
    private boolean isKilledNow() throws Exception {
        near.deadlyPut = "audit/";
        clinic.clock.advance(INTERVAL);
        try {
            step();
            near.deadlyPut = null;
            return false;
        } catch (Store.Killed e) {
            clinic.reopen();
            return true;
        }
    }

    private String newest() {
        return checkpoints().stream()
                .filter(name -> name.contains("/checkpoints/" + "0".repeat(15) + "913-"))
                .findFirst()
                .orElse("none");
    }

    /** 600 events, of which 512 are old enough, everywhere; those have gone here, and the tier does not know. */
    private void pruned() throws Exception {
        clinic.close();
        clinic.with(clinic.rules.audit().keeping(Duration.ofDays(2192))).reopen();
        anchor(300);
        anchor(300);
        tick(Duration.ofDays(2190));
        anchor(10);
        tick(Duration.ofDays(3));
        anchor(2);
        prune();
        assertThat(log().resolve("minimum-index")).hasContent("512");
    }

    /** If this machine is lost. */
    private Verdict copyAlone() throws IOException {
        return AnchorVerification.of(
                        folder.resolve("lost"),
                        Optional.of(log().resolve("key.pub")),
                        List.of(),
                        List.of(near.tier()),
                        List.of())
                .verdict();
    }

    @Test
    void whatAReceiverOfTheSettingsDoesNotHaveStays() throws Exception {
        Path receiver = folder.resolve("received");
        clinic.with(new ForwardSettings(
                new ForwardAddress(URI.create("file://" + receiver)),
                "beginning",
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThatThrownBy(this::pruned).isInstanceOf(AssertionError.class);
        assertThat(log().resolve("minimum-index")).doesNotExist();
        Forwarder forwarder = clinic.rooms.audit.forwarders.get(0);
        while (forwarder.step()) {
            // until it has everything
        }
        assertThat(receiver).exists();
        prune();
        assertThat(log().resolve("minimum-index")).hasContent("512");
    }

    /** Somebody with the tier's credentials and without the signing key. */
    @Test
    void anInventedEndOfWhatIsKeptSaysNothing() throws Exception {
        pruned();
        near.keeps = true;
        anchor(1);
        near.keeps = false;
        String genuine = near.objects("audit/").stream()
                .filter(name -> name.contains("/minimum/"))
                .findFirst()
                .orElseThrow();
        String bundle = near.objects("audit/").stream()
                .filter(name -> name.endsWith("entries/001"))
                .findFirst()
                .orElseThrow();
        for (String invented : List.of("000000000000000256", "000000000000000768", "000000000001048576", "tomorrow")) {
            for (byte[] content :
                    List.of("256\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), near.object(genuine))) {
                String name = genuine.substring(0, genuine.lastIndexOf('/') + 1) + invented;
                near.memory.put(name, content);
                assertThat(verify()).as(invented).isEqualTo(new Verdict(true, 614, null, null));
                Path back = AnchorCopy.write(near.tier(), folder.resolve(invented + content.length))
                        .get(0);
                assertThat(back.resolve("minimum-index")).hasContent("512");
                near.memory.delete(name);
            }
        }
        byte[] kept = near.object(bundle);
        near.memory.delete(genuine);
        near.memory.put(genuine, "512\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        anchor(1);
        assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(near.object(bundle)).as("nothing goes by it").isEqualTo(kept);
    }

    /** Whoever has the disk writes a number, of this log or a larger one: nothing goes from the tier by it. */
    @Test
    void aNumberThatTheLogDoesNotSayTakesNothingFromATier() throws Exception {
        anchor(600);
        List<String> there = bundles();
        for (String claim : List.of("512\n", "1048576\n")) {
            Files.writeString(log().resolve("minimum-index"), claim);
            clinic.reopen();
            anchor(1);
            assertThat(bundles()).containsAll(there);
            assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        }
        Files.delete(log().resolve("minimum-index"));
        clinic.reopen();
        anchor(1);
        assertThat(verify()).isEqualTo(new Verdict(true, 603, null, null));
    }

    /** It has run for a day with that, so the time is believed: a month goes, once a day, and everybody sees it. */
    @Test
    void aClockThatIsYearsAheadCostsAMonth() throws Exception {
        clinic.close();
        clinic.with(clinic.rules.audit().keeping(Duration.ofDays(2192))).reopen();
        for (int weeks = 0; weeks < 20; weeks++) {
            anchor(100);
            tick(Duration.ofDays(7));
        }
        prune();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("audit-prune/much");
        tick(Duration.ofDays(4000));
        prune();
        assertThat(log().resolve("minimum-index")).hasContent("256");
        assertThat(clinic.rooms.problems.byName().get("audit-prune/much").message())
                .contains("more than 31 days")
                .contains("256 go today");
        clinic.reopen();
        anchor(1);
        prune();
        assertThat(log().resolve("minimum-index")).as("once a day").hasContent("256");
        tick(Duration.ofHours(23));
        prune();
        assertThat(log().resolve("minimum-index")).hasContent("512");
        assertThat(verify().ok()).isTrue();
    }

    private void prune() throws Exception {
        clinic.rooms.refresh();
        clinic.plan();
        clinic.rooms.pruneAudit();
    }

    /** As the sidecar runs on. */
    private void tick(Duration time) {
        Instant before = clinic.clock.instant();
        clinic.clock.advance(time);
        assertThat(clinic.rooms.purgeClock.tick()).isAfterOrEqualTo(before.plus(time));
    }

    private List<String> bundles() {
        return near.objects("audit/").stream()
                .filter(name -> name.contains("/tile/entries/"))
                .map(name -> name.substring(name.indexOf("/tile/") + 1))
                .toList();
    }

    @Test
    void howFarATiersCopyReachesIsTold() throws Exception {
        anchor(300);
        record(7);
        assertThat(outcome(Optional.empty(), List.of()))
                .isEqualTo(new AnchorVerification.Outcome(new Verdict(true, 307, null, null), Map.of("near", 300L)));
    }

    /** A verifier on a bad line: a newer checkpoint comes, and the edge that he is about to read goes. */
    @Test
    void anEdgeThatGoesWhileItIsReadIsNoDamage() throws Exception {
        anchor(300);
        near.firstEdge = () -> {
            anchor(5);
            near.objects("audit/").stream()
                    .filter(name -> name.endsWith("001.p/44"))
                    .forEach(near.memory::delete);
        };
        assertThat(verify()).isEqualTo(new Verdict(true, 300, null, null));
        assertThat(near.firstEdge).as("it was read").isNull();
    }

    @Test
    void afterAnOutageItIsAnchoredByItself() throws Exception {
        anchor(10);
        Instant reached = clinic.rooms.anchored("near").orElseThrow();
        near.away = true;
        anchor(600);
        assertThat(clinic.rooms.problems.byName()).doesNotContainKeys(NEAR, LATE);
        clinic.clock.advance(Duration.ofHours(1));
        step();
        assertThat(clinic.rooms.anchored("near")).contains(reached);
        assertThat(clinic.rooms.anchored("far")).hasValueSatisfying(far -> assertThat(far)
                .isCloseTo(clinic.clock.instant(), within(1, ChronoUnit.MINUTES)));
        assertThat(clinic.rooms.problems.byName().get(LATE).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        clinic.reopen();
        step();
        assertThat(clinic.rooms.anchored("near")).as("after a restart").contains(reached);
        assertThat(clinic.rooms.problems.byName()).containsKey(LATE);
        near.away = false;
        clinic.clock.advance(Duration.ofSeconds(30));
        step();
        assertThat(verify()).isEqualTo(new Verdict(true, 610, null, null));
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey(LATE);
    }

    @Test
    void aKillAtEachObjectIsMadeGood() throws Exception {
        record(300);
        Set<String> killedAt = new HashSet<>();
        for (boolean whole = false; !whole; ) {
            near.deadlyPut = "audit/";
            long before = near.objects("audit/").size();
            clinic.clock.advance(INTERVAL);
            try {
                step();
                whole = true;
            } catch (Store.Killed e) {
                assertThat(near.objects("audit/")).hasSize((int) before + 1);
                killedAt.addAll(near.objects("audit/"));
                clinic.reopen();
            }
        }
        assertThat(killedAt).as("key, bundles, tiles, checkpoint").hasSize(7);
        assertThat(verify()).isEqualTo(new Verdict(true, 300, null, null));
    }

    /** A line that is cut again and again still carries a long log to its end. */
    @Test
    void whatWasSentBeforeALineBrokeIsNotSentOrReadAgain() throws Exception {
        record(1_000);
        clinic.clock.advance(INTERVAL);
        step();
        record(1_000);
        breakAt("entries/005");
        near.away = true;
        clinic.clock.advance(INTERVAL);
        step();
        near.away = false;
        near.calls.clear();
        clinic.clock.advance(INTERVAL);
        step();
        assertThat(near.calls).noneMatch(call -> call.endsWith("entries/004"));
        assertThat(verify()).isEqualTo(new Verdict(true, 2_000, null, null));
    }

    /** The line breaks when this arrives. */
    private void breakAt(String end) throws IOException {
        String name = near.objects("audit/").stream()
                .filter(object -> object.endsWith("entries/000"))
                .findFirst()
                .orElseThrow()
                .replace("entries/000", end);
        near.deadlyPut = name;
        clinic.clock.advance(INTERVAL);
        assertThatThrownBy(this::step).isInstanceOf(Store.Killed.class);
    }

    @Test
    void anOlderCopyBroughtBackIsNoticedAndNeverAnchored() throws Exception {
        anchor(300);
        Path older = copy("older");
        anchor(300);
        List<String> anchored = near.objects("audit/");
        replaceBy(older);
        assertThat(LogVerification.of(log(), log().resolve("key.pub"), List.of())
                        .ok())
                .as("nothing tells by itself")
                .isTrue();
        assertThat(verify())
                .isEqualTo(new Verdict(false, 300, 300L, "the log is older than a checkpoint that was seen"));
        for (boolean ledgerLost : List.of(false, true)) {
            if (ledgerLost) {
                clinic.rooms.table.forget(NEAR);
            }
            clinic.reopen();
            anchor(10);
            assertThat(near.objects("audit/")).isEqualTo(anchored);
            assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        }
        assertThat(verify()).isEqualTo(new Verdict(false, 320, 300L, FORKED));
    }

    /** Whoever has the signing key writes another history. */
    @Test
    void anotherHistoryIsNoticedAndItsFirstEventNamed() throws Exception {
        anchor(300);
        Path older = copy("older");
        anchor(300);
        replaceBy(older);
        clinic.reopen();
        record(400);
        assertThat(verify()).isEqualTo(new Verdict(false, 700, 300L, FORKED));
        clinic.clock.advance(INTERVAL);
        step();
        assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(checkpoints()).hasSize(2);
    }

    @Test
    void anotherKeyIsNoticed() throws Exception {
        anchor(300);
        Path key = Files.copy(log().resolve("key.pub"), folder.resolve("auditor.pub"));
        Path resigned = copy("resigned");
        for (String name : List.of("tile", "checkpoint", "series.json", "signing.key", "key.pub", "pending")) {
            delete(log().resolve(name));
        }
        clinic.reopen();
        record(200);
        assertThat(LogVerification.of(log(), log().resolve("key.pub"), List.of())
                        .ok())
                .as("nothing tells by itself")
                .isTrue();
        assertThat(verify()).isEqualTo(new Verdict(false, 200, 0L, OTHER_KEY));
        assertThat(verify(Optional.of(key), List.of())).satisfies(verdict -> {
            assertThat(verdict.ok()).isFalse();
            assertThat(verdict.firstBad()).isZero();
        });
        clinic.clock.advance(INTERVAL);
        step();
        assertThat(verify()).isEqualTo(new Verdict(false, 200, 0L, OTHER_KEY));
        assertThat(verify(Optional.empty(), List.of(key)))
                .as("everybody knows that the first log ended")
                .isEqualTo(new Verdict(true, 200, null, null));
        replaceBy(resigned);
        assertThat(verify(Optional.of(key), List.of()).reason()).isEqualTo(OTHER_KEY);
        Files.writeString(log().resolve("minimum-index"), "none");
        assertThat(verify(Optional.of(key), List.of()))
                .as("no number stops who compares")
                .isEqualTo(new Verdict(false, 300, 0L, "entries are missing"));
    }

    @Test
    void whenOnlyATierIsLeftItsCopyIsVerifiedAndTakenBack() throws Exception {
        anchor(700);
        delete(log());
        assertThat(verify()).isEqualTo(new Verdict(true, 700, null, null));
        List<Path> fetched = AnchorCopy.write(near.tier(), folder.resolve("fetched"));
        assertThat(fetched).hasSize(1);
        Path back = fetched.get(0);
        assertThat(LogVerification.of(back, back.resolve("key.pub"), List.of()))
                .isEqualTo(new Verdict(true, 700, null, null));
    }

    @Test
    void aCopyThatWasChangedInTheTierIsTold() throws Exception {
        anchor(300);
        String bundle = near.objects("audit/").stream()
                .filter(name -> name.endsWith("entries/001.p/44"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = near.object(bundle);
        bytes[bytes.length - 10] ^= 1;
        near.memory.delete(bundle);
        near.memory.put(bundle, bytes);
        assertThat(verify()).isEqualTo(new Verdict(false, 300, 299L, "the copy in a tier is not what was signed"));
    }

    /** Somebody with the tier's credentials and without the signing key. */
    @Test
    void anInventedCheckpointSaysNothing() throws Exception {
        anchor(300);
        String newest = checkpoints().get(0);
        String invented = newest.replace("/" + "0".repeat(15) + "300-", "/" + "0".repeat(15) + "900-");
        near.memory.put(invented, near.object(newest));
        String other = newest.substring(0, newest.length() - 1) + (newest.endsWith("0") ? "1" : "0");
        near.memory.put(other, "nothing".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        String huge = newest.replace("/" + "0".repeat(15) + "300-", "/" + "0".repeat(15) + "901-");
        near.memory.put(huge, new byte[256 * (2 + AuditEntry.LONGEST) + 1]);
        assertThat(verify()).isEqualTo(new Verdict(true, 300, null, null));
        clinic.reopen();
        anchor(1);
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey(NEAR);
        assertThat(verify()).isEqualTo(new Verdict(true, 301, null, null));
    }

    @Test
    void whatATierLostItGetsAgain() throws Exception {
        anchor(300);
        near.objects("audit/").forEach(near.memory::delete);
        assertThat(verify().reason()).isEqualTo("a tier holds no copy of the log");
        clinic.clock.advance(Duration.ofHours(2));
        step();
        assertThat(verify()).isEqualTo(new Verdict(true, 300, null, null));
    }

    /** Somebody deletes the anchors, and brings an older log back: the ledger still knows how far the tier was. */
    @Test
    void aTierThatLostItsAnchorsGetsNoOtherHistory() throws Exception {
        anchor(300);
        Path older = copy("older");
        anchor(300);
        near.objects("audit/").forEach(near.memory::delete);
        replaceBy(older);
        clinic.reopen();
        anchor(400);
        assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(near.objects("audit/")).isEmpty();
    }

    @Test
    void whatIsThereUnderANameOfTheLogIsNeverTakenForIt() throws Exception {
        anchor(10);
        String edge = near.objects("audit/").stream()
                .filter(name -> name.endsWith("entries/000.p/10"))
                .findFirst()
                .orElseThrow();
        near.memory.put(edge.replace(".p/10", ".p/20"), new byte[7]);
        anchor(10);
        assertThat(clinic.rooms.problems.byName().get(NEAR).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(checkpoints()).hasSize(1);
        near.memory.delete(edge.replace(".p/10", ".p/20"));
        near.calls.clear();
        for (int minutes = 0; minutes < 55; minutes++) {
            clinic.clock.advance(Duration.ofMinutes(1));
            step();
        }
        assertThat(near.calls).as("only a person can help").noneMatch(call -> call.startsWith("list audit/"));
        clinic.clock.advance(INTERVAL.plusMinutes(2));
        step();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey(NEAR);
        assertThat(verify()).isEqualTo(new Verdict(true, 20, null, null));
    }

    private void anchor(int more) throws IOException {
        record(more);
        clinic.clock.advance(INTERVAL);
        step();
    }

    private void step() throws IOException {
        for (TierRoom tier : clinic.rooms.tierRooms) {
            tier.anchor.step();
        }
    }

    private void record(int count) throws IOException {
        try (PendingLog pending =
                PendingLog.open(clinic.home.pendingAudit(), "test", clinic.clock, clinic.clock.running())) {
            for (int i = 0; i < count; i++) {
                pending.write(AuditEvent.of(AuditType.VIEW));
            }
        }
        clinic.rooms.audit.flush();
    }

    private Verdict verify() throws IOException {
        return verify(Optional.empty(), List.of());
    }

    private Verdict verify(Optional<Path> key, List<Path> former) throws IOException {
        return outcome(key, former).verdict();
    }

    private AnchorVerification.Outcome outcome(Optional<Path> key, List<Path> former) throws IOException {
        return AnchorVerification.of(log(), key, List.of(), List.of(near.tier()), former);
    }

    private Path log() {
        return clinic.home.audit();
    }

    private List<String> checkpoints() {
        return near.objects("audit/").stream()
                .filter(name -> name.contains("/checkpoints/"))
                .toList();
    }

    private Path copy(String name) throws IOException {
        return copy(log(), folder.resolve(name));
    }

    private void replaceBy(Path other) throws IOException {
        delete(log());
        copy(other, log());
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return to;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
