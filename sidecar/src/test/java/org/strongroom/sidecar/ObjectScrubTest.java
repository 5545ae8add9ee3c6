package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;

/** What is neither pack nor key in a tier is read as well: the journal's copies, snapshots, the audit log. */
class ObjectScrubTest {
    private static final int PERIOD = 90;

    @TempDir
    Path folder;

    private Clinic clinic;
    private Store near;

    @BeforeEach
    void open() throws Exception {
        clinic = new Clinic(folder, "near").open();
        near = clinic.store(0);
        List<UUID> study = clinic.spool.study(UUID.randomUUID(), 2_000, 2_000);
        clinic.ship();
        new TestJournal(clinic.home, clinic.installation)
                .append(JournalType.TOMBSTONE, study.get(0), clinic.clock.instant());
        clinic.rooms.journal.read();
        clinic.clock.advance(Duration.ofMinutes(6));
        clinic.ship();
        snapshot();
        anchor();
        near.calls.clear();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private void snapshot() throws IOException {
        byte[] first = new byte[16];
        byte[] second = new byte[16];
        second[0] = 1;
        SnapshotLabel label = new SnapshotLabel(
                clinic.installation,
                clinic.clock.instant().toEpochMilli(),
                List.of(new Tag16(first), new Tag16(second)));
        for (Tag16 tag : label.chunks()) {
            write(SnapshotLabel.objectName(tag), tag.toBytes());
        }
        byte[] snapshot = Arrays.copyOf(label.encode(), label.size() + 50);
        write(label.objectName(snapshot), snapshot);
        clinic.clock.advance(Duration.ofMinutes(1));
        for (TierRoom tier : clinic.rooms.tierRooms) {
            while (tier.snapshots.step()) {
                // until all is sent
            }
        }
    }

    private void write(String object, byte[] content) throws IOException {
        Path file = clinic.home.root().resolve(object);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void anchor() throws IOException {
        try (PendingLog pending =
                PendingLog.open(clinic.home.pendingAudit(), "test", clinic.clock, clinic.clock.running())) {
            for (int i = 0; i < 600; i++) {
                pending.write(AuditEvent.of(AuditType.VIEW));
            }
        }
        clinic.rooms.audit.flush();
        clinic.clock.advance(Duration.ofMinutes(5));
        for (TierRoom tier : clinic.rooms.tierRooms) {
            tier.anchor.step();
        }
    }

    private void scrub(int days) throws IOException {
        for (int day = 0; day < days; day++) {
            for (TierRoom tier : clinic.rooms.tierRooms) {
                tier.objectScrub.step();
            }
            clinic.clock.advance(Duration.ofDays(1));
        }
    }

    private String first(String prefix) {
        return near.objects(prefix).get(0);
    }

    private List<String> messages() {
        return clinic.rooms.problems.standing().stream()
                .map(problem -> problem.message())
                .toList();
    }

    @Test
    void eachIsReadOnceInAPeriodAndThatIsInTheLedger() throws Exception {
        List<String> all = List.of("journal/", "snapshots/", "audit/").stream()
                .flatMap(prefix -> near.objects(prefix).stream())
                .toList();
        assertThat(all).hasSizeGreaterThan(8);
        scrub(PERIOD / 2);
        clinic.reopen();
        scrub(PERIOD / 2);
        for (String object : all) {
            assertThat(near.count("get " + object)).as(object).isEqualTo(1);
        }
        assertThat(messages()).isEmpty();
    }

    @Test
    void anotherCopyIsMadeOfADamagedOneOfTheJournal() throws Exception {
        String damaged = first("journal/0");
        byte[] good = near.object(damaged);
        near.damage(damaged, good.length - 1L);
        scrub(PERIOD);
        assertThat(near.count("get " + damaged)).isEqualTo(1);
        clinic.ship();
        assertThat(near.objects("journal/0")).contains(damaged).hasSize(2);
        String other = near.objects("journal/0").stream()
                .filter(name -> !name.equals(damaged))
                .findFirst()
                .orElseThrow();
        assertThat(near.object(other)).isEqualTo(good);
    }

    @Test
    void whatIsGoneIsMissedWithinADayAndPutAgain() throws Exception {
        String journal = first("journal/0");
        String tile = near.objects("audit/").stream()
                .filter(name -> name.contains("/tile/0/") && !name.contains(".p/"))
                .findFirst()
                .orElseThrow();
        String chunk = first(SnapshotLabel.CHUNKS);
        byte[] goodTile = near.object(tile);
        for (String object : List.of(journal, tile, chunk)) {
            near.memory.delete(object);
        }
        scrub(1);
        assertThat(messages()).hasSize(3).allSatisfy(message -> assertThat(message)
                .contains("put again from what is here"));
        assertThat(clinic.tierEvents()).as("one for each kind").hasSize(3).containsOnly("repair near null success");
        clinic.ship();
        assertThat(near.object(tile)).isEqualTo(goodTile);
        assertThat(near.objects(SnapshotLabel.CHUNKS)).contains(chunk);
        assertThat(near.objects("journal/0")).hasSize(1);
        scrub(1);
        assertThat(messages()).isEmpty();
    }

    /** What differs in the audit log may be evidence, and of two chunks nobody without keys knows which is right. */
    @Test
    void whatCannotBeMadeAgainIsToldEachDayAndLeft() throws Exception {
        String tile = near.objects("audit/").stream()
                .filter(name -> name.contains("/tile/entries/") && !name.contains(".p/"))
                .findFirst()
                .orElseThrow();
        near.damage(tile, 5);
        byte[] damaged = near.object(tile);
        String chunk = first(SnapshotLabel.CHUNKS);
        Files.delete(clinic.home.root().resolve(chunk));
        near.memory.delete(chunk);
        scrub(PERIOD);
        assertThat(messages())
                .anySatisfy(message ->
                        assertThat(message).contains("cannot be made again").contains(tile))
                .anySatisfy(message ->
                        assertThat(message).contains("cannot be made again").contains(chunk));
        assertThat(near.object(tile)).isEqualTo(damaged);
        assertThat(near.count("delete ")).isZero();
        assertThat(clinic.tierEvents()).contains("scrub near null failure");
    }

    @Test
    void oneThatTheStoreDoesNotGiveHoldsUpNoOtherOne() throws Exception {
        String dead = first("journal/0");
        near.failing.put("get " + dead, FailureKind.REFUSED);
        scrub(PERIOD);
        assertThat(messages()).singleElement().asString().contains(dead).contains("cannot be read now");
        assertThat(near.objects("journal/0"))
                .as("it is not known to be damaged")
                .hasSize(1);
        near.failing.clear();
        clinic.reopen();
        scrub(1);
        assertThat(near.count("get " + dead)).isGreaterThan(1);
        assertThat(messages()).isEmpty();
    }

    @Test
    void whatAnUnmountedDiskDoesNotShowIsNotGone() throws Exception {
        near.memory.delete("tier.id");
        near.objects("journal/").forEach(near.memory::delete);
        scrub(2);
        assertThat(messages()).isEmpty();
        assertThat(clinic.rooms.table.journalCopies("near")).isNotEmpty();
    }
}
