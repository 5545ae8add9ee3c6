package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.journal.Journal;

/** One sealed file under several names. */
class AliasesTest {
    private static final Attachment IMAGE = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private static final byte[] PLAIN = new byte[3_000];

    @TempDir
    Path folder;

    private final Aliases aliases = new Aliases();

    @Test
    void everyOfManyNamesIsFound() {
        Random random = new Random(7);
        Map<UUID, UUID> all = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            UUID name = new UUID(random.nextLong(), i % 3 == 0 ? 5 : random.nextLong()); // many in one place
            UUID sealed = new UUID(random.nextLong(), random.nextLong());
            aliases.add(name, sealed);
            all.put(name, sealed);
        }
        UUID moved = all.keySet().iterator().next();
        all.put(moved, new UUID(1, 2));
        aliases.add(moved, new UUID(1, 2));
        all.forEach((name, file) -> assertThat(aliases.sealed(name)).isEqualTo(file));
        UUID own = new UUID(9, 5);
        assertThat(aliases.sealed(own)).isEqualTo(own);
    }

    @Test
    void contentThatIsExpectedGetsOneMoreNameAndNoFile() throws Exception {
        new Random(1).nextBytes(PLAIN);
        StorageFixture open = StorageFixture.open(folder);
        try (open) {
            open.storage.create(IMAGE, ByteSource.of(PLAIN), () -> true);
            nameAnew(open);
        }
    }

    private static void nameAnew(StorageFixture open) throws IOException {
        Attachment again = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        Attachment other = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        Attachment alike = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        Aliases.Expectation expectation = open.aliases.expect(ByteSource.of(PLAIN), IMAGE.uuid());
        try (expectation) {
            open.storage.create(again, ByteSource.of(PLAIN), () -> true);
            open.storage.create(other, ByteSource.of(Arrays.copyOf(PLAIN, PLAIN.length - 1)), () -> true);
            byte[] almost = PLAIN.clone();
            almost[almost.length - 1]++;
            open.storage.create(alike, ByteSource.of(almost), () -> true);
        }
        assertThat(open.home.spooled(alike.uuid())).as("another last byte").exists();
        assertThat(open.home.spooled(again.uuid())).doesNotExist();
        assertThat(open.home.spooled(other.uuid())).exists();
        assertThat(open.storage.plainReads().plain(again.uuid(), PLAIN.length).read(0, PLAIN.length))
                .isEqualTo(PLAIN);
        List<JournalEntry> entries = new ArrayList<>();
        Journal.read(open.home.journal(), open.keyring.home(), (entry, chain) -> entries.add(entry));
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(JournalType.ALIAS);
            assertThat(entry.id()).isEqualTo(again.uuid());
            assertThat(entry.sealed()).isEqualTo(IMAGE.uuid());
        });

        Attachment late = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        open.storage.create(late, ByteSource.of(PLAIN), () -> true);
        assertThat(open.home.spooled(late.uuid())).exists();
        Aliases.Expectation more = open.aliases.expect(ByteSource.of(PLAIN), IMAGE.uuid());
        try (more) {
            Attachment gaveUp = new Attachment(UUID.randomUUID(), Attachment.DICOM);
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> open.storage.create(gaveUp, ByteSource.of(PLAIN), () -> false));
            assertThat(open.aliases.sealed(gaveUp.uuid())).isEqualTo(gaveUp.uuid());
        }
    }
}
