package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;

/** Home's newest snapshot is in every tier, whole or not at all, and nothing goes there twice. */
class SnapshotCopiesTest {
    private static final String LATE = "snapshot-late/near";
    /** More than go in one step. */
    private static final int MANY = 100;

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

    /** A snapshot with these chunks, as the side with the keys leaves it; its name. */
    private String make(int... chunks) throws IOException {
        Instant now = clinic.clock.instant();
        SnapshotLabel label = new SnapshotLabel(
                clinic.installation,
                now.toEpochMilli(),
                Arrays.stream(chunks).mapToObj(SnapshotCopiesTest::tag).toList());
        for (Tag16 tag : label.chunks()) {
            write(SnapshotLabel.objectName(tag), tag.toBytes());
        }
        byte[] snapshot = Arrays.copyOf(label.encode(), label.size() + 50);
        String name = label.objectName(snapshot);
        write(name, snapshot);
        clinic.clock.advance(Duration.ofDays(1));
        return name;
    }

    private static Tag16 tag(int chunk) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) (chunk >> 8);
        bytes[1] = (byte) chunk;
        return new Tag16(bytes);
    }

    private static String chunk(int chunk) {
        return SnapshotLabel.objectName(tag(chunk));
    }

    private void write(String object, byte[] content) throws IOException {
        Path file = clinic.home.root().resolve(object);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private void step() throws IOException {
        for (TierRoom tier : clinic.rooms.tierRooms) {
            while (tier.snapshots.step()) {
                // until all is sent
            }
        }
    }

    private List<String> chunks(int from, int to) {
        return Stream.iterate(from, i -> i < to, i -> i + 1)
                .map(SnapshotCopiesTest::chunk)
                .toList();
    }

    @Test
    void everyTierHoldsItTheSnapshotLast() throws Exception {
        int[] many = Stream.iterate(0, i -> i + 1).limit(MANY).mapToInt(i -> i).toArray();
        String name = make(many);
        step();
        assertThat(near.objects(SnapshotLabel.CHUNKS)).isEqualTo(chunks(0, MANY));
        assertThat(near.puts).allMatch(put -> !put.contains("snapshots/") || put.startsWith("SNAPSHOT "));
        assertThat(near.puts.get(near.puts.size() - 1)).endsWith(name);
        assertThat(clinic.store(1).objects("snapshots/")).isEqualTo(near.objects("snapshots/"));
        assertThat(clinic.rooms.tierRooms.get(0).snapshots.through())
                .contains(Instant.ofEpochMilli(SnapshotLabel.timeOf(name).orElseThrow()));
        clinic.reopen();
        assertThat(clinic.rooms.tierRooms.get(0).snapshots.through())
                .as("remembered")
                .isPresent();
    }

    @Test
    void aDamagedOlderOneIsToldAndDoesNotHaveTheTierListedAgainAndAgain() throws Exception {
        String older = make(1);
        step();
        Files.delete(clinic.home.root().resolve(older));
        near.replace(older, new byte[30]);
        String newer = make(2);
        near.calls.clear();
        step();
        assertThat(clinic.rooms.tierRooms.get(0).snapshots.through())
                .as("the newest is there all the same")
                .contains(Instant.ofEpochMilli(SnapshotLabel.timeOf(newer).orElseThrow()));
        for (int minute = 0; minute < 60; minute++) {
            clinic.clock.advance(Duration.ofMinutes(1));
            step();
        }
        assertThat(near.count("list snapshots/")).isLessThanOrEqualTo(2);
        assertThat(clinic.rooms.problems.byName()).containsKey("snapshot-old/near");
        assertThat(near.objects(SnapshotLabel.CHUNKS))
                .as("nothing is deleted that it may need")
                .hasSize(2);
        for (int i = 3; i < 5; i++) {
            make(i);
            step();
        }
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("snapshot-old/near");
        assertThat(near.objects(SnapshotLabel.CHUNKS)).isEqualTo(chunks(3, 5));
    }

    /** Some days ahead, and for years everything that came behind would be deleted as soon as it was there. */
    @Test
    void thoseOfAClockThatWasAheadTakeThePlaceOfNoOthers() throws Exception {
        clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
        for (int i = 1; i < 4; i++) {
            make(i);
            step();
        }
        clinic.clock.isWrongBy(Duration.ZERO);
        List<String> right = new ArrayList<>();
        for (int i = 11; i < 14; i++) {
            right.add(make(i));
            step();
        }
        assertThat(near.objects("snapshots/"))
                .as("two are kept")
                .contains(right.get(1), right.get(2), chunk(12), chunk(13))
                .doesNotContain(right.get(0), chunk(11));
    }

    @Test
    void oneOfAClockThatWasAheadDoesNotHideThatTheNewestIsTooOld() throws Exception {
        clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
        make(1);
        step();
        clinic.clock.isWrongBy(Duration.ZERO);
        near.away = true;
        make(2);
        clinic.clock.advance(Duration.ofDays(30));
        step();
        assertThat(clinic.rooms.problems.byName()).containsKey(LATE);
    }

    @Test
    void whatIsThereIsNotSentAgain() throws Exception {
        make(1, 2, 3);
        step();
        int before = near.puts.size();
        near.calls.clear();
        make(1, 2, 2, 4);
        step();
        assertThat(near.puts.subList(before, near.puts.size())).hasSize(2).anyMatch(put -> put.endsWith(chunk(4)));
        assertThat(near.calls).as("one listing tells it").noneMatch(call -> call.endsWith(chunk(1)));
        near.calls.clear();
        step();
        assertThat(near.calls).as("nobody is asked twice").isEmpty();
    }

    @Test
    void anOutageInTheMidstLeavesNoHalfSnapshot() throws Exception {
        String name = make(1, 2, 3);
        near.deadlyPut = chunk(2);
        try {
            step();
        } catch (Store.Killed e) {
            near.deadlyPut = null;
        }
        assertThat(near.objects("snapshots/")).hasSize(2).doesNotContain(name);
        clinic.reopen();
        near.away = true;
        step();
        near.away = false;
        step();
        assertThat(near.objects("snapshots/")).as("not at once").doesNotContain(name);
        clinic.clock.advance(Duration.ofMinutes(1));
        step();
        assertThat(near.objects("snapshots/")).contains(name).hasSize(4);
    }

    @Test
    void olderOnesAndTheirChunksGoAndWhatIsStillNeededStays() throws Exception {
        String oldest = make(1, 2);
        step();
        String middle = make(2, 3);
        step();
        near.keeps = true;
        String newest = make(4);
        step();
        assertThat(near.objects("snapshots/")).contains(oldest, chunk(1));
        near.keeps = false;
        Files.delete(clinic.home.root().resolve(middle)); // as after a recovery: only tiers have the older ones
        String last = make(4, 5);
        step();
        assertThat(near.objects("snapshots/"))
                .containsExactlyInAnyOrder(newest, last, chunk(4), chunk(5))
                .doesNotContain(oldest);
        assertThat(clinic.store(1).objects("snapshots/")).isEqualTo(near.objects("snapshots/"));
    }

    @Test
    void aChunkOfAnOlderOneThatOnlyTheTierHasStays() throws Exception {
        String older = make(1, 2);
        step();
        Files.delete(clinic.home.root().resolve(older));
        make(3);
        step();
        assertThat(near.objects(SnapshotLabel.CHUNKS)).isEqualTo(chunks(1, 4));
    }

    @Test
    void oneWithoutItsUsersIsAProblemUntilThereIsOneThatHasThem() throws Exception {
        make(1);
        StrongroomException why =
                StrongroomException.of(FailureKind.REFUSED, "the last snapshot has none of the users");
        Files.write(clinic.home.snapshotUsers(), ControlJson.write(ErrorBody.of(why)));
        step();
        assertThat(clinic.rooms.problems.byName().get("snapshot-users").message())
                .contains("has none of the users");
        Files.delete(clinic.home.snapshotUsers());
        step();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("snapshot-users");
    }

    @Test
    void oneThatGetsTooOldIsAProblemUntilThereIsANewOne() throws Exception {
        make(1);
        step();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey(LATE);
        near.away = true;
        clinic.clock.advance(Duration.ofHours(26));
        step();
        assertThat(clinic.rooms.problems.byName()).containsKey(LATE);
        near.away = false;
        make(2);
        clinic.clock.advance(Duration.ofHours(-12));
        step();
        step();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey(LATE);
    }

    @Test
    void whyNoneCouldBeMadeIsAProblem() throws Exception {
        write(
                "snapshots/trouble.json",
                ControlJson.write(ErrorBody.of(StrongroomException.of(FailureKind.FULL, "no room"))));
        step();
        assertThat(clinic.rooms.problems.byName().get("snapshot").message()).isEqualTo("no room");
        Files.delete(clinic.home.snapshotTrouble());
        step();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("snapshot");
    }
}
