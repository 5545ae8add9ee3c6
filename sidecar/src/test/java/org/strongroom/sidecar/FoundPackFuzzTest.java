package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.ledger.PackRow;

/** A ledger that is rebuilt from a tier in which somebody wrote packs of his own, with digests that fit; the pack that mutations begin at is new each time. */
class FoundPackFuzzTest {
    private static final int PROLOGUE = 76;
    private static final int FOOTER = 64;

    @TempDir
    Path folder;

    @Test
    void whatIsFoundIsTakenAsItIsOrNotAtAll() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 300, 300);
            clinic.ship();
            byte[] pack =
                    clinic.store(0).object(clinic.store(0).objects("packs/").get(0));
            Fuzz.of("found-pack")
                    .refuses(FailureKind.CORRUPT)
                    .drawn("pack", pack)
                    .run(input -> {
                        PackLayout layout =
                                PackReader.open(ByteSource.of(mended(input))).layout();
                        Optional<PackRow> found = clinic.rooms.packs.found(layout, "near", clinic.clock.instant());
                        found.ifPresent(row ->
                                assertThat(clinic.rooms.packs.layout(row)).isEqualTo(layout));
                    });
            assertThat(clinic.rooms.packs.page(0, 10).values()).isNotEqualTo(List.of());
        }
    }

    private static byte[] mended(byte[] input) {
        byte[] pack = input.clone();
        if (pack.length >= PROLOGUE + FOOTER) {
            ByteBuffer footer = ByteBuffer.wrap(pack, pack.length - FOOTER, FOOTER);
            long offset = footer.getLong();
            if (offset >= 0 && offset <= pack.length - FOOTER) {
                byte[] index = Arrays.copyOfRange(pack, (int) offset, pack.length - FOOTER);
                footer.putLong(index.length)
                        .put(Sha256.of(Arrays.copyOf(pack, PROLOGUE), index).toBytes())
                        .putLong(pack.length);
            }
        }
        return pack;
    }
}
