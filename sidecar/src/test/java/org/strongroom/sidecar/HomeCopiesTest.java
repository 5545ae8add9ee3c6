package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.sidecar.ledger.Place;

/** A tier holds what it takes to open it without Home, before it is believed to hold anything. */
class HomeCopiesTest {
    private static final String NAMES = HomeCopy.PREFIX;

    @TempDir
    Path folder;

    private Clinic clinic;
    private Store store;

    @BeforeEach
    void open() throws Exception {
        clinic = new Clinic(folder, "near").open();
        store = clinic.store(0);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    @Test
    void they_are_in_a_tier_before_the_first_pack() throws Exception {
        clinic.spool.study(UUID.randomUUID(), 1000);
        clinic.ship();
        String pack = store.objects("packs/").get(0);
        assertThat(store.objects(NAMES)).hasSize(HomeCopy.values().length);
        for (HomeCopy copy : HomeCopy.values()) {
            String name =
                    store.objects(NAMES).stream().filter(copy::names).findAny().orElseThrow();
            assertThat(store.object(name)).isEqualTo(Files.readAllBytes(copy.in(clinic.home)));
            assertThat(store.calls.indexOf("put " + name))
                    .isNotNegative()
                    .isLessThan(store.calls.indexOf("begin " + pack));
        }
    }

    @Test
    void without_them_there_is_no_receipt() throws Exception {
        for (HomeCopy copy : HomeCopy.values()) {
            byte[] content = Files.readAllBytes(copy.in(clinic.home));
            Files.delete(copy.in(clinic.home));
            clinic.spool.study(UUID.randomUUID(), 1000);
            clinic.plan();
            assertThatThrownBy(() -> clinic.rooms.tierRooms.get(0).worker.step())
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND));
            assertThat(clinic.askedByPlugin()).isEmpty();
            assertThat(clinic.in(Place.CACHE)).isZero();
            Files.write(copy.in(clinic.home), content);
        }
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(HomeCopy.values().length);
    }

    @Test
    void a_damaged_one_gives_no_receipt_until_it_is_deleted() throws Exception {
        clinic.ship();
        String name = store.objects(NAMES).get(0);
        store.damage(name, 3);
        clinic.clock.advance(Duration.ofHours(2));
        clinic.spool.study(UUID.randomUUID(), 1000);
        clinic.plan();
        assertThatThrownBy(() -> clinic.rooms.tierRooms.get(0).worker.step())
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        store.memory.delete(name);
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        assertThat(store.objects(NAMES)).contains(name);
    }

    @Test
    void a_lost_one_is_written_again() throws Exception {
        clinic.ship();
        List<String> names = store.objects(NAMES);
        names.forEach(store.memory::delete);
        clinic.clock.advance(Duration.ofHours(2));
        clinic.ship(); // though nothing waits to be shipped
        assertThat(store.objects(NAMES)).isNotEmpty().isEqualTo(names);
    }

    @Test
    void a_tier_that_was_away_is_asked_again_at_once() throws Exception {
        clinic.ship();
        List<String> names = store.objects(NAMES);
        store.away = true;
        clinic.clock.advance(Duration.ofMinutes(2));
        clinic.ship();
        names.forEach(store.memory::delete);
        store.away = false;
        clinic.ship();
        assertThat(store.objects(NAMES)).isNotEmpty().isEqualTo(names);
    }

    @Test
    void a_new_disk_under_an_old_name_gets_them_at_once() throws Exception {
        clinic.ship();
        List<String> all = store.objects("");
        all.forEach(store.memory::delete);
        clinic.rooms.tiers.get("near").mark(); // strongroom tier add, within the minute that the old mark is believed
        clinic.ship();
        assertThat(store.objects(NAMES)).hasSize(HomeCopy.values().length);
    }

    @Test
    void they_cost_no_request_per_study() throws Exception {
        clinic.spool.study(UUID.randomUUID(), 1000);
        clinic.ship();
        store.calls.clear();
        for (int study = 0; study < 5; study++) {
            clinic.spool.study(UUID.randomUUID(), 1000);
            clinic.ship();
        }
        assertThat(store.count("complete packs/")).isEqualTo(5);
        assertThat(store.calls).noneMatch(call -> call.contains(NAMES));
    }

    @Test
    void what_changes_gets_a_name_beside_the_old_one() throws Exception {
        clinic.ship();
        List<String> before = store.objects(NAMES);
        byte[] old = store.object(before.get(0));
        Path root = HomeCopy.ROOT.in(clinic.home);
        Files.write(root, new byte[] {1, 2, 3});
        clinic.ship();
        assertThat(store.objects(NAMES)).hasSize(before.size() + 1).containsAll(before);
        assertThat(store.object(before.get(0))).isEqualTo(old);
        assertThat(store.objects(NAMES).stream().filter(HomeCopy.ROOT::names).map(this::object))
                .anyMatch(content -> Arrays.equals(content, new byte[] {1, 2, 3}));
    }

    private byte[] object(String name) {
        try {
            return store.object(name);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
