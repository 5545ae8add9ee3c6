package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.FsckLine.Repair;
import org.strongroom.core.control.IndexBatch;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.RepairRequest;
import org.strongroom.core.control.RepairResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.fsck.Fsck;

/** What is compared with what, one fault at a time, with an index that the test writes itself. */
class FsckTest {
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    private Clinic clinic;
    private final Set<UUID> index = ConcurrentHashMap.newKeySet();
    private final Set<UUID> clear = ConcurrentHashMap.newKeySet();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Work> askedOfPlugin = new ArrayList<>();
    private FsckLine.Result result;
    private List<UUID> study;
    private boolean indexLost;

    @BeforeEach
    void store() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        study = clinic.spool.study(KEY, 3_000, 4_000, 5_000);
        index.addAll(study);
        clinic.ship();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private void fsck() throws Exception {
        fsck(Optional.empty());
    }

    private void fsck(Optional<Fsck.OfflineIndex> file) throws Exception {
        findings.clear();
        withPlugin(() -> clinic.rooms.fsck.run(file, indexLost, Protocol.FSCK_PAUSE, line -> {
            if (line instanceof Finding finding) {
                findings.add(finding);
            } else if (line instanceof FsckLine.Result told) {
                result = told;
            }
        }));
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Beside a plugin that tells the index and does whatever else it is asked. */
    private void withPlugin(Step step) throws Exception {
        Thread plugin = new Thread(() -> {
            try {
                while (true) {
                    for (Work work : clinic.askedByPlugin()) {
                        if (work instanceof Work.ListIndex) {
                            clinic.rooms.desk.deliver(work.id(), new IndexBatch(0, List.copyOf(index), List.of()));
                            clinic.rooms.desk.deliver(work.id(), new IndexBatch(1, null, List.copyOf(clear)));
                        } else {
                            askedOfPlugin.add(work);
                        }
                        clinic.rooms.desk.answer(work.id(), WorkAnswer.DONE);
                    }
                    Thread.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        clinic.askedByPlugin();
        plugin.start();
        try {
            step.run();
        } finally {
            plugin.interrupt();
            plugin.join();
        }
    }

    private RepairResult repair() throws Exception {
        RepairResult[] done = new RepairResult[1];
        withPlugin(() -> done[0] = clinic.rooms.repairs.repair(new RepairRequest(List.copyOf(findings), indexLost)));
        return done[0];
    }

    private Finding only(Kind kind) {
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).kind()).isEqualTo(kind);
        return findings.get(0);
    }

    /** Where no Orthanc runs nobody checks what a tier has. */
    @Test
    void whatATierHasAndNobodyHasCheckedIsNotMissingAndNothingIsSetAsideForIt() throws Exception {
        UUID fresh = clinic.spool.study(UUID.randomUUID(), 6_000).get(0);
        index.add(fresh);
        clinic.plan();
        clinic.rooms.tierRooms.get(0).worker.step();
        Path file = clinic.home.spooled(fresh);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
        fsck();
        assertThat(only(Kind.corrupt).repair()).isNull();

        Files.delete(file);
        fsck();
        assertThat(findings).isEmpty();

        List<String> packs = new ArrayList<>(clinic.store(0).objects("packs/"));
        packs.removeAll(clinic.store(1).objects("packs/"));
        assertThat(packs).hasSize(1);
        byte[] pack = clinic.store(0).object(packs.get(0));
        clinic.store(0).replace(packs.get(0), Arrays.copyOf(pack, pack.length - 1));
        fsck();
        assertThat(only(Kind.missing).tier()).isEqualTo("near");
    }

    @Test
    void nothingIsWrongWithWhatWasShippedEvictedRemovedAndNeverOurs() throws Exception {
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        UUID removed = study.get(0);
        clinic.rooms.files.journaled(
                List.of(new org.strongroom.sidecar.ledger.FileTable.Change(removed, clinic.clock.instant())),
                List.of(),
                List.of(),
                Map.of(),
                "");
        index.remove(removed);
        clear.add(UUID.randomUUID());
        UUID fresh = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        index.add(fresh);
        clinic.rooms.table.remember("journal", "0 -");
        fsck();
        assertThat(findings).isEmpty();
        assertThat(result.notAsked()).isEmpty();
        assertThat(result.index()).isEqualTo("plugin");
        assertThat(result.attachments()).isEqualTo(4);
        assertThat(result.clear()).isEqualTo(1);
        assertThat(result.forgotten()).isEqualTo(1);
        assertThat(result.objects()).isEqualTo(2);
    }

    @Test
    void whatNobodyKnowsIsAnOrphanAndIsGivenBack() throws Exception {
        UUID orphan = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        fsck();
        assertThat(only(Kind.orphan).attachment()).isEqualTo(orphan);
        assertThat(findings.get(0).repair()).isEqualTo(Repair.giveBack);
        assertThat(repair().done()).isEqualTo(1);
        assertThat(askedOfPlugin).hasSize(1);
        assertThat(((Work.Restore) askedOfPlugin.get(0)).attachments()).containsExactly(orphan);
        assertThat(((Work.Restore) askedOfPlugin.get(0)).forget()).isTrue();
        assertThat(clinic.home.spooled(orphan)).exists();
    }

    @Test
    void anOrphanThatOnlyTiersHoldIsFound() throws Exception {
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        for (UUID uuid : study) {
            Files.deleteIfExists(clinic.home.cachedHead(uuid));
        }
        index.remove(study.get(1));
        fsck();
        assertThat(only(Kind.orphan).attachment()).isEqualTo(study.get(1));
        assertThat(findings.get(0).tier()).isNotNull();
    }

    @Test
    void aForeignSealedFileAndANoteAreOrphansAndAreSetAside() throws Exception {
        UUID uuid = UUID.randomUUID();
        Path foreign = clinic.home.spooled(uuid);
        DurableFiles.createDirectories(foreign.getParent());
        Files.write(foreign, clinic.spool.bytes(study.get(0)));
        Path note = foreign.resolveSibling("notes.txt");
        Files.writeString(note, "call the vendor");
        fsck();
        assertThat(findings)
                .hasSize(2)
                .allMatch(finding -> finding.kind() == Kind.orphan && finding.repair() == Repair.setAside);
        assertThat(repair().done()).isEqualTo(2);
        assertThat(foreign).doesNotExist();
        assertThat(note).doesNotExist();
        assertThat(clinic.home.quarantine().resolve("spool-" + uuid)).exists();
        fsck();
        assertThat(findings).isEmpty();
        assertThat(result.quarantined()).isEqualTo(2);
    }

    @Test
    void aSpooledFileThatIsGoneIsMissing() throws Exception {
        UUID lost = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        index.add(lost);
        clinic.rooms.plan(false);
        Files.delete(clinic.home.spooled(lost));
        fsck();
        assertThat(only(Kind.missing).attachment()).isEqualTo(lost);
        assertThat(findings.get(0).repair()).isNull();
    }

    @Test
    void aFileThatOnlyTheMirrorHasIsCopiedBack() throws Exception {
        clinic.close();
        Path mirror = folder.resolve("mirror");
        clinic.with(mirror).open();
        UUID lost = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        index.add(lost);
        DurableFiles.createDirectories(
                org.strongroom.core.home.Home.sharded(mirror, lost).getParent());
        Files.copy(clinic.home.spooled(lost), org.strongroom.core.home.Home.sharded(mirror, lost));
        Files.delete(clinic.home.spooled(lost));
        fsck();
        assertThat(only(Kind.missing).repair()).isEqualTo(Repair.fromMirror);
        assertThat(repair().kept()).isEmpty();
        assertThat(Files.readAllBytes(clinic.home.spooled(lost))).isEqualTo(clinic.spool.bytes(lost));
        fsck();
        assertThat(findings).isEmpty();
    }

    @Test
    void anObjectThatATierLostIsMissingOncePerImageAndIsMadeAgain() throws Exception {
        String pack = clinic.store(0).objects("packs/").get(0);
        byte[] before = clinic.store(0).object(pack);
        clinic.store(0).memory.delete(pack);
        fsck();
        assertThat(findings).hasSize(3).allMatch(finding -> finding.kind() == Kind.missing);
        assertThat(findings).extracting(Finding::attachment).containsExactlyInAnyOrderElementsOf(study);
        assertThat(findings).extracting(Finding::repair).containsOnly(Repair.remake);
        assertThat(repair().done()).isEqualTo(3);
        clinic.ship();
        assertThat(clinic.store(0).object(pack)).isEqualTo(before);
        fsck();
        assertThat(findings).isEmpty();
    }

    @Test
    void withoutAnyOtherBytesALostObjectCannotBeMadeAgain() throws Exception {
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        for (Store store : clinic.stores) {
            store.memory.delete(store.objects("packs/").get(0));
        }
        fsck();
        assertThat(findings).hasSize(6).allMatch(finding -> finding.kind() == Kind.missing);
        assertThat(findings).extracting(Finding::repair).containsOnlyNulls();
    }

    @Test
    void aPackOfAnotherSizeAndACutOffFileAreCorrupt() throws Exception {
        String pack = clinic.store(1).objects("packs/").get(0);
        byte[] bytes = clinic.store(1).object(pack);
        clinic.store(1).memory.delete(pack);
        clinic.store(1).memory.put(pack, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        Path cached = clinic.home.cached(study.get(2));
        Files.write(cached, java.util.Arrays.copyOf(clinic.spool.bytes(study.get(2)), 4_990));
        fsck();
        assertThat(findings).hasSize(4).allMatch(finding -> finding.kind() == Kind.corrupt);
        assertThat(findings.stream().filter(finding -> finding.file() != null))
                .hasSize(1)
                .allMatch(finding -> finding.repair() == Repair.setAside);
    }

    /** One bad sector: everything else is compared all the same. */
    @Test
    void whatTheDiskDoesNotGiveIsCorrupt() throws Exception {
        UUID lost = study.get(1);
        Path file = clinic.home.cached(lost);
        Files.delete(file);
        Files.createDirectory(file); // opens, and cannot be read
        assumeTrue(Files.size(file) > 0, "folders have a size here");
        fsck();
        assertThat(only(Kind.corrupt).attachment()).isEqualTo(lost);
        assertThat(findings.get(0).what()).isEqualTo("the disk does not give the file");
        assertThat(findings.get(0).repair()).isEqualTo(Repair.setAside);
    }

    @Test
    void whatIsInSpoolAndCacheIsThereTwice() throws Exception {
        Path spooled = clinic.home.spooled(study.get(0));
        DurableFiles.createDirectories(spooled.getParent());
        Files.copy(clinic.home.cached(study.get(0)), spooled);
        fsck();
        assertThat(only(Kind.duplicate).attachment()).isEqualTo(study.get(0));
        assertThat(repair().done()).isEqualTo(1);
        fsck();
        assertThat(findings).isEmpty();
    }

    @Test
    void anObjectThatNobodyKnowsAndAnUploadThatNobodyGoesOnWithAreOrphans() throws Exception {
        clinic.store(0).memory.put("packs/00000000000000000000000000000001", new byte[100]);
        clinic.store(0).memory.begin("packs/00000000000000000000000000000002", 10);
        fsck();
        assertThat(findings).hasSize(2).allMatch(finding -> finding.kind() == Kind.orphan);
        Finding upload = findings.stream()
                .filter(finding -> finding.repair() == Repair.abort)
                .findFirst()
                .orElseThrow();
        assertThat(upload.object()).startsWith("packs/00000000000000000000000000000002 ");
        findings.retainAll(List.of(upload));
        assertThat(repair().done()).isEqualTo(1);
        assertThat(clinic.store(0).memory.uploads()).isEmpty();
    }

    @Test
    void whatWasBeingStoredAtTheFirstLookIsNotTold() throws Exception {
        UUID arriving = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        List<Duration> pauses = new ArrayList<>();
        clinic.betweenLooks = pause -> {
            pauses.add(pause);
            index.add(arriving);
        };
        fsck();
        assertThat(findings).isEmpty();
        assertThat(pauses).containsExactly(Protocol.FSCK_PAUSE);
    }

    @Test
    void aTierThatIsAwayIsSaidNotToHaveBeenCompared() throws Exception {
        clinic.store(1).away = true;
        fsck();
        assertThat(findings).isEmpty();
        assertThat(result.notAsked()).hasSize(1).allMatch(what -> what.startsWith("tier far"));
    }

    @Test
    void anIndexFileIsReadWhereNoOrthancRuns() throws Exception {
        Path file = folder.resolve("index");
        index.add(UUID.randomUUID());
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = database.createStatement()) {
            statement.executeUpdate("CREATE TABLE AttachedFiles (id INTEGER, fileType INTEGER, uuid TEXT)");
            for (UUID uuid : index) {
                statement.executeUpdate("INSERT INTO AttachedFiles VALUES (1, 1, '" + uuid + "')");
            }
        }
        byte[] before = Files.readAllBytes(file);
        fsck(Optional.of(new Fsck.OfflineIndex(file, folder)));
        only(Kind.missing);
        assertThat(result.index()).isEqualTo("file");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    /** As many more images as make the few of this test no rule. */
    private List<UUID> manyMore(int count) throws Exception {
        int[] sizes = new int[count];
        java.util.Arrays.fill(sizes, 300);
        List<UUID> more = clinic.spool.study(UUID.randomUUID(), sizes);
        index.addAll(more);
        return more;
    }

    @Test
    void anIndexFromABackupForgetsNothingHoweverFewImagesThereAre() throws Exception {
        List<UUID> newest = manyMore(9);
        clinic.ship();
        index.removeAll(newest.subList(0, 8));
        fsck();
        assertThat(findings).hasSize(8).allMatch(finding -> finding.repair() == null);
        Finding forged = new Finding(Kind.orphan, "", newest.get(0), null, null, null, Repair.giveBack, "");
        assertThat(clinic.rooms
                        .repairs
                        .repair(new RepairRequest(List.of(forged), false))
                        .done())
                .isZero();
        assertThat(clinic.rooms.deletions.mayPurge())
                .as("Orthanc was seen to remove what is purged")
                .isTrue();
        index.addAll(newest.subList(0, 6));
        fsck();
        assertThat(findings).hasSize(2).allMatch(finding -> finding.repair() == Repair.giveBack);
    }

    @Test
    void anIndexFromABackupForgetsNothing() throws Exception {
        List<UUID> newest = manyMore(240);
        clinic.ship();
        fsck();
        assertThat(findings).isEmpty();
        assertThat(clinic.rooms.deletions.mayPurge()).isTrue();
        index.removeAll(newest.subList(0, 50)); // so many may have been stored at once when Orthanc was killed
        fsck();
        assertThat(findings).hasSize(50).allMatch(finding -> finding.repair() == Repair.giveBack);
        assertThat(clinic.rooms.deletions.mayPurge()).isTrue();
        index.removeAll(newest.subList(0, 51));
        fsck();
        assertThat(findings).hasSize(51).allMatch(finding -> finding.kind() == Kind.orphan && finding.repair() == null);
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
        assertThat(clinic.rooms.problems.standing())
                .anySatisfy(problem -> assertThat(problem.message()).contains("more than 1 %"));
        // Whoever asks for it all the same.
        Finding forged = new Finding(Kind.orphan, "", newest.get(0), null, null, null, Repair.forget, "");
        RepairResult done = clinic.rooms.repairs.repair(new RepairRequest(List.of(forged), false));
        assertThat(done.done()).isZero();
        assertThat(askedOfPlugin).isEmpty();
        clinic.close();
        clinic.open(); // it is remembered
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
        clinic.rooms.journal.read();
        index.addAll(newest);
        fsck();
        assertThat(clinic.rooms.deletions.mayPurge()).isTrue();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void anIndexThatKnowsWhatWasRemovedIsAnOlderOne() throws Exception {
        List<UUID> removed = manyMore(11);
        clinic.ship();
        remove(removed);
        fsck();
        assertThat(findings).isNotEmpty();
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
    }

    /** So many unknown ones alone may be a crash's. */
    @Test
    void anIndexThatKnowsOneThatWasRemovedAndLacksTenOthersIsAnOlderOne() throws Exception {
        List<UUID> newest = manyMore(240);
        clinic.ship();
        index.removeAll(newest.subList(0, 10));
        fsck();
        assertThat(clinic.rooms.deletions.mayPurge()).isTrue();
        remove(newest.subList(10, 11));
        fsck();
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
    }

    /** By Orthanc, as the journal tells, whatever the index says. */
    private void remove(List<UUID> removed) throws Exception {
        clinic.rooms.files.journaled(
                removed.stream()
                        .map(uuid -> new org.strongroom.sidecar.ledger.FileTable.Change(uuid, clinic.clock.instant()))
                        .toList(),
                List.of(),
                List.of(),
                Map.of(),
                "");
        clinic.rooms.table.remember("journal", "0 -");
    }

    @Test
    void whileTheJournalHasAGapNothingIsForgotten() throws Exception {
        UUID orphan = clinic.spool.study(UUID.randomUUID(), 2_000).get(0);
        TestJournal journal = new TestJournal(clinic.home, clinic.installation);
        journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
        journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
        Path segment = clinic.home.journal().resolve("00000001.strj");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[30] ^= 1;
        Files.write(segment, bytes);
        fsck();
        assertThat(only(Kind.orphan).attachment()).isEqualTo(orphan);
        assertThat(findings.get(0).repair()).isNull();
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
    }

    /** After a rebuild, until the tier's copies were looked at: it must not be taken for nothing. */
    @Test
    void whatNobodyListsIsToldAlsoWhileItsCopiesAreNotChecked() throws Exception {
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        for (UUID each : study) {
            Files.deleteIfExists(clinic.home.cachedHead(each));
        }
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        while (clinic.rooms.rebuild.isRunning()) {
            for (TierRoom tier : clinic.rooms.tierRooms) {
                tier.worker.step();
            }
        }
        index.removeAll(study);
        indexLost = true;
        fsck();
        assertThat(findings).extracting(Finding::attachment).containsExactlyInAnyOrderElementsOf(study);
        assertThat(findings).allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.orphan);
            assertThat(finding.tier()).isNull();
            assertThat(finding.repair()).isNull();
        });
    }

    @Test
    void whatALostIndexDoesNotKnowIsGivenBackAndNothingElse() throws Exception {
        List<UUID> lost = manyMore(51);
        clinic.ship();
        index.removeAll(lost);
        fsck();
        assertThat(findings).isNotEmpty().allMatch(finding -> finding.repair() == null);
        indexLost = true;
        fsck();
        assertThat(findings).isNotEmpty().allMatch(finding -> finding.repair() == Repair.giveBack);
        assertThat(clinic.rooms.deletions.mayPurge()).isFalse();
        indexLost = false;
        assertThat(clinic.rooms
                        .repairs
                        .repair(new RepairRequest(List.copyOf(findings), false))
                        .done())
                .isZero();
        indexLost = true;
        assertThat(repair().done()).isEqualTo(findings.size());
        assertThat(askedOfPlugin).hasSize(findings.size()).allMatch(work -> work instanceof Work.Restore);
    }

    @Test
    void whatOrthancMadeOfImagesSaysNothingOfTheAgeOfAnIndex() throws Exception {
        UUID key = UUID.randomUUID();
        for (int i = 0; i < 20; i++) {
            clinic.spool.store(key, Tag16.NONE, i, 3, 300);
        }
        clinic.ship();
        fsck();
        assertThat(findings).hasSize(20).allMatch(finding -> finding.repair() == Repair.forget);
        assertThat(clinic.rooms.deletions.mayPurge()).isTrue();
        assertThat(repair().done()).isEqualTo(20);
        clinic.rooms.audit.flush();
        assertThat(new LogReader(clinic.home.audit()).from(0))
                .as("what somebody has forgotten")
                .hasSize(20)
                .allSatisfy(entry -> assertThat(entry.entry().event().details())
                        .containsEntry("way", "fsck")
                        .containsEntry("key", key.toString()));
    }

    @Test
    void anImageThatOrthancKnowsByAnotherNameIsWhereItBelongs() throws Exception {
        UUID name = UUID.randomUUID();
        TestJournal journal = new TestJournal(clinic.home, clinic.installation);
        journal.alias(name, study.get(0), clinic.clock.instant());
        journal.append(JournalType.TOMBSTONE, study.get(0), clinic.clock.instant());
        index.remove(study.get(0));
        index.add(name);
        fsck();
        assertThat(findings).isEmpty();
        journal.append(JournalType.TOMBSTONE, name, clinic.clock.instant());
        fsck();
        assertThat(only(Kind.missing).attachment()).isEqualTo(study.get(0));
    }

    @Test
    void nothingIsLeftInRun() throws Exception {
        fsck();
        assertThat(clinic.home.run().resolve("fsck-index")).doesNotExist();
        assertThat(clinic.home.run().resolve("fsck-suspects")).doesNotExist();
    }

    @Test
    void aFindingThatLeavesHomeIsRefused() throws IOException, InterruptedException {
        Finding evil = new Finding(Kind.orphan, "", null, null, null, "spool/../../../etc/passwd", Repair.setAside, "");
        RepairResult done = clinic.rooms.repairs.repair(new RepairRequest(List.of(evil), false));
        assertThat(done.done()).isZero();
        assertThat(done.kept()).hasSize(1);
    }

    @Test
    void whatAnIndexOfBeforeStillListsIsDeletedAgainOnlyIfNoNewerOneExists() throws Exception {
        UUID removed = study.get(0);
        clinic.rooms.files.journaled(
                List.of(new org.strongroom.sidecar.ledger.FileTable.Change(removed, clinic.clock.instant())),
                List.of(),
                List.of(),
                Map.of(),
                "");
        clinic.rooms.table.remember("journal", "0 -");
        fsck();
        assertThat(only(Kind.missing).repair()).isNull();
        Finding forged = new Finding(Kind.missing, "old", removed, null, null, null, Repair.removeAgain, "Delete it");
        assertThat(clinic.rooms
                        .repairs
                        .repair(new RepairRequest(List.of(forged), false))
                        .done())
                .isZero();
        indexLost = true;
        fsck();
        assertThat(only(Kind.missing).repair()).isEqualTo(Repair.removeAgain);
        assertThat(repair().done()).isEqualTo(1);
        assertThat(askedOfPlugin).hasSize(1);
        assertThat(((Work.Remove) askedOfPlugin.get(0)).attachments()).containsExactly(removed);
    }
}
