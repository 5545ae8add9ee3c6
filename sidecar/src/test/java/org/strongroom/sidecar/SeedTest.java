package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.control.SeedExported;
import org.strongroom.core.control.SeedReconcileRequest;
import org.strongroom.core.control.SeedReconciled;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.SeedTable;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.tier.DirectoryTier;

class SeedTest {
    @TempDir
    Path folder;

    private Path disk;
    private Clinic clinic;
    private Store near;

    @BeforeEach
    void twoStudiesThatWait() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        clinic = new Clinic(folder, "near").open();
        near = clinic.store(0);
        clinic.spool.study(UUID.randomUUID(), 60_000, 60_000);
        clinic.spool.study(UUID.randomUUID(), 9_000);
        clinic.plan();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private int export(String tier) throws IOException {
        int written = 0;
        for (Long behind = null; ; ) {
            SeedExported step = clinic.rooms.seeds.export(tier, new SeedExportRequest(disk.toString(), behind, true));
            written += step.bytes() > 0 ? 1 : 0;
            behind = step.behind();
            if (behind == null) {
                return written;
            }
        }
    }

    private SeedReconciled reconcile(boolean keep) throws IOException {
        return clinic.rooms.seeds.reconcile("near", new SeedReconcileRequest(null, keep));
    }

    private List<Path> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(disk.resolve("packs"))) {
            return files.sorted().toList();
        }
    }

    /** What the provider does with the disk. */
    private void bring(Path pack, Store to) throws IOException {
        to.memory.put("packs/" + pack.getFileName(), Files.readAllBytes(pack));
    }

    private long waiting() {
        return clinic.rooms.seeds.status("near").waiting();
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.REFUSED));
    }

    @Test
    void what_came_by_hand_is_never_uploaded_and_gets_its_receipts() throws Exception {
        assertThat(clinic.rooms.seeds.status("near").queued()).isEqualTo(2);
        assertThat(export("near")).isEqualTo(2);
        assertThat(TierMarker.read(new DirectoryTier("disk", disk))).contains(clinic.installation);
        clinic.ship();
        assertThat(near.objects("packs/")).isEmpty();
        assertThat(clinic.totals().tiers().get("near").queued()).isEqualTo(2);
        assertThat(clinic.totals().tiers().get("near").seeded()).isEqualTo(2);
        assertThat(clinic.rooms
                        .evictor
                        .evict(new EvictRequest(true, null, false))
                        .instances())
                .as("a disk is no receipt")
                .isZero();
        assertThat(clinic.in(Place.SPOOL)).isEqualTo(3);

        for (Path pack : onDisk()) {
            bring(pack, near);
        }
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).as("nobody looked yet").isEqualTo(3);
        SeedReconciled found = reconcile(false);
        assertThat(found.found()).isEqualTo(2);
        assertThat(found.foundBytes()).isGreaterThan(129_000);
        assertThat(found.wrong() + found.missing() + found.unread()).isZero();
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).isZero();
        assertThat(near.count("begin packs/")).isZero();
        assertThat(waiting()).isZero();
        for (UUID file : clinic.spool.stored().keySet()) {
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void the_line_takes_what_is_missing_and_makes_anew_what_is_wrong() throws Exception {
        export("near");
        Path wrong = onDisk().get(0);
        Path missing = onDisk().get(1);
        byte[] right = Files.readAllBytes(wrong);
        bring(wrong, near);
        near.damage("packs/" + wrong.getFileName(), 700);
        assertThat(reconcile(true)).isEqualTo(new SeedReconciled(null, 0, 0, 1, 1, 0));
        assertThat(waiting()).as("still on its way").isEqualTo(1);
        assertThat(reconcile(false)).isEqualTo(new SeedReconciled(null, 0, 0, 0, 1, 0));
        assertThat(waiting()).isZero();
        clinic.ship();
        clinic.ship();
        assertThat(near.object("packs/" + wrong.getFileName())).isEqualTo(right);
        assertThat(near.object("packs/" + missing.getFileName())).isEqualTo(Files.readAllBytes(missing));
        assertThat(clinic.in(Place.SPOOL)).isZero();
    }

    /** Who looks while a file manager still copies must not have the line send what is nearly there. */
    @Test
    void what_is_half_copied_is_waited_for_as_long_as_disks_are_on_their_way() throws Exception {
        export("near");
        Path half = onDisk().get(0);
        byte[] whole = Files.readAllBytes(half);
        near.memory.put("packs/" + half.getFileName(), Arrays.copyOf(whole, whole.length / 2));
        bring(onDisk().get(1), near);
        SeedReconciled first = reconcile(true);
        assertThat(List.of(first.found(), first.wrong(), first.missing())).containsExactly(1L, 0L, 1L);
        assertThat(waiting()).isEqualTo(1);
        near.replace("packs/" + half.getFileName(), whole);
        assertThat(reconcile(true).found()).isEqualTo(1);
        clinic.ship();
        assertThat(near.count("begin packs/")).isZero();
        assertThat(clinic.in(Place.SPOOL)).isZero();
    }

    @Test
    void what_was_not_copied_to_its_end_is_made_anew() throws Exception {
        export("near");
        Path half = onDisk().get(0);
        byte[] whole = Files.readAllBytes(half);
        near.memory.put("packs/" + half.getFileName(), Arrays.copyOf(whole, whole.length / 2));
        bring(onDisk().get(1), near);
        assertThat(reconcile(false).wrong()).isEqualTo(1);
        clinic.ship();
        clinic.ship();
        assertThat(near.object("packs/" + half.getFileName())).isEqualTo(whole);
    }

    @Test
    void a_tier_that_is_away_settles_nothing() throws Exception {
        export("near");
        near.away = true;
        assertThatThrownBy(() -> reconcile(false)).isInstanceOf(StrongroomException.class);
        near.away = false;
        near.memory.delete("tier.id");
        assertThatThrownBy(() -> reconcile(false)).isInstanceOf(StrongroomException.class);
        assertThat(waiting()).isEqualTo(2);
    }

    @Test
    void a_lost_ledger_knows_again_what_is_on_disks() throws Exception {
        export("near");
        List<Path> packs = onDisk();
        clinic.close();
        for (String stranger : List.of(UUID.randomUUID().toString(), "lost+found")) {
            Files.writeString(clinic.home.seeds().resolve("near").resolve(stranger), "not a plan");
        }
        try (Stream<Path> files = Files.list(clinic.home.root())) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("ledger.db"))
                    .toList()) {
                Files.delete(file);
            }
        }
        clinic.open();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(near.objects("packs/")).isEmpty();
        assertThat(waiting()).isEqualTo(2);
        for (Path pack : packs) {
            bring(pack, near);
        }
        assertThat(reconcile(false).found()).isEqualTo(2);
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).isZero();
        assertThat(near.count("begin packs/")).isZero();
    }

    @Test
    void whatever_a_kill_comes_between_note_and_ledger_agree_afterwards() throws Exception {
        export("near");
        SeedTable table = new SeedTable(clinic.rooms.ledger);
        CopyRow noted = table.waiting("near", 0, 1).get(0);
        table.queued(noted);
        clinic.reopen();
        assertThat(waiting()).as("the note was written, and then came the kill").isEqualTo(2);
        Path notes = clinic.home.seeds().resolve("near");
        try (Stream<Path> files = Files.list(notes)) {
            Files.delete(files.findFirst().orElseThrow());
        }
        clinic.reopen();
        assertThat(waiting()).as("the note was removed, and then came the kill").isEqualTo(1);
        clinic.ship();
        assertThat(near.objects("packs/")).hasSize(1);
        assertThat(clinic.rooms.seeds.cancel("near").waiting()).isEqualTo(1);
        assertThat(notes).isEmptyDirectory();
        clinic.ship();
        assertThat(near.objects("packs/")).hasSize(2);
        assertThat(clinic.in(Place.SPOOL)).isZero();
    }

    @Test
    void an_upload_that_begins_as_the_disk_gets_it_does_not_go_on() throws Exception {
        CopyRow copy = clinic.rooms.copies.nextArrived("near", 0, Instant.EPOCH).orElseThrow();
        export("near");
        assertThat(clinic.rooms.copies.uploading(copy, "late")).isFalse();
        assertThat(waiting()).isEqualTo(2);
    }

    @Test
    void an_export_goes_on_where_it_was_and_with_the_next_disk() throws Exception {
        SeedExported first = clinic.rooms.seeds.export("near", new SeedExportRequest(disk.toString(), null, true));
        assertThat(first.bytes()).isPositive();
        Path pack = onDisk().get(0);
        disk = Files.createDirectory(folder.resolve("second"));
        assertThat(export("near")).isEqualTo(1);
        assertThat(onDisk()).noneMatch(other -> other.getFileName().equals(pack.getFileName()));

        // A kill before the ledger knew, and a bit that the disk forgot.
        Path other = onDisk().get(0);
        byte[] right = Files.readAllBytes(other);
        clinic.rooms.seeds.cancel("near");
        byte[] bad = right.clone();
        bad[4321] ^= 1;
        Files.write(other, bad);
        Files.createDirectories(disk.resolve(".uploads/" + UUID.randomUUID()));
        assertThat(export("near")).isEqualTo(2);
        assertThat(other).hasBinaryContent(right);
        assertThat(disk.resolve(".uploads")).isEmptyDirectory();
    }

    @Test
    void what_was_evicted_goes_to_a_new_tier_by_disk_out_of_the_old_one() throws Exception {
        clinic.ship();
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        clinic.close();
        clinic.stores.add(new Store("next"));
        clinic.open();
        clinic.rooms.tiers.get("next").mark();
        assertThat(export("next")).isEqualTo(2);
        for (Path pack : onDisk()) {
            assertThat(pack).hasBinaryContent(near.object("packs/" + pack.getFileName()));
            bring(pack, clinic.store(1));
        }
        assertThat(clinic.rooms
                        .seeds
                        .reconcile("next", new SeedReconcileRequest(null, false))
                        .found())
                .isEqualTo(2);
        clinic.ship();
        assertThat(clinic.totals().tiers().get("next").copies()).isEqualTo(2);
        assertThat(clinic.store(1).count("begin packs/")).isZero();
    }

    @Test
    void only_a_folder_of_another_disk_that_is_nobody_elses_is_written() throws Exception {
        assertRefused(() -> clinic.rooms.seeds.export("near", new SeedExportRequest(disk.toString(), null, false)));
        assertRefused(() -> clinic.rooms.seeds.export(
                "near", new SeedExportRequest(clinic.home.spool().toString(), null, true)));
        assertRefused(() -> clinic.rooms.seeds.export("near", new SeedExportRequest("/nowhere", null, true)));
        TierMarker.write(new DirectoryTier("disk", disk), UUID.randomUUID());
        assertRefused(() -> export("near"));
        assertThat(clinic.rooms.seeds.status("near").queued()).isEqualTo(2);
    }
}
