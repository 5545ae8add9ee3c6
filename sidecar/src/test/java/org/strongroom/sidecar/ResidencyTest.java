package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.tier.Tier;

class ResidencyTest {
    @TempDir
    Path folder;

    @Test
    void a_tier_outside_gets_neither_packs_nor_keys_nor_journal() throws Exception {
        Clinic clinic = new Clinic(folder, "inside", "outside");
        clinic.store(1).outside = true;
        try (clinic) {
            clinic.open();
            new TestJournal(clinic.home, clinic.installation);
            clinic.spool.study(UUID.randomUUID(), 5_000);
            clinic.ship();
            assertThat(clinic.store(1).objects("")).containsExactly("tier.id");
            assertThat(clinic.in(Place.SPOOL)).isZero();
            assertThat(clinic.rooms
                            .evictor
                            .evict(new EvictRequest(true, null, false))
                            .kept())
                    .isEmpty();
        }
    }

    @Test
    void whoever_tries_is_refused_at_the_last_door() throws Exception {
        Clinic clinic = new Clinic(folder, "inside", "outside");
        clinic.store(1).outside = true;
        try (clinic) {
            clinic.open();
            Tier tier = clinic.rooms.tiers.get("outside").tier();
            for (String name : new String[] {"packs/a", "keys/a", "journal/a"}) {
                assertThatThrownBy(() -> tier.put(name, new byte[1])).isInstanceOf(StrongroomException.class);
                assertThatThrownBy(() -> tier.begin(name, 1)).isInstanceOf(StrongroomException.class);
            }
            String begun = clinic.store(1).memory.begin("packs/a", 0);
            assertThatThrownBy(() -> tier.complete("packs/a", begun, java.util.List.of()))
                    .hasMessageContaining("outside the jurisdictions");
            assertThat(clinic.store(1).objects("")).containsExactly("tier.id");
        }
    }

    @Test
    void what_is_outside_since_the_settings_changed_does_not_count_and_is_read() throws Exception {
        Clinic clinic = new Clinic(folder, "inside", "outside");
        clinic.open();
        UUID file = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
        clinic.ship();
        assertThat(clinic.rooms
                        .evictor
                        .evict(new EvictRequest(true, null, false))
                        .kept())
                .isEmpty();
        clinic.close();
        clinic.store(1).outside = true;
        clinic.open();
        try (clinic) {
            clinic.ship();
            assertThat(clinic.rooms.tiers.sufficeForAll(Set.of("outside"))).isFalse();
            clinic.store(0).away = true;
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void what_is_outside_is_taken_out_when_it_is_inside() throws Exception {
        Clinic clinic = new Clinic(folder, "inside", "outside");
        clinic.copies = 1;
        clinic.open();
        clinic.ship(); // every tier was seen
        clinic.store(0).away = true;
        UUID file = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
        clinic.ship();
        assertThat(clinic.store(1).objects("packs/")).hasSize(1);
        clinic.close();
        clinic.store(1).outside = true;
        clinic.open();
        try (clinic) {
            TrimRequest all = new TrimRequest(null, false);
            assertThat(clinic.rooms.trim.run("outside", all).kept()).isNotEmpty();
            assertThat(clinic.store(1).objects("packs/"))
                    .as("there is no other")
                    .hasSize(1);
            clinic.store(0).away = false;
            clinic.ship();
            assertThat(clinic.rooms.trim.run("inside", all).packs()).isZero();
            assertThat(clinic.rooms.trim.run("outside", all).packs()).isEqualTo(1);
            assertThat(clinic.store(1).objects("packs/")).isEmpty();
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }
}
