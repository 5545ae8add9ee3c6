package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;

/** A journal that takes nothing for a while: what Orthanc removes meanwhile is in it afterwards. */
class RemovalsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final List<Attachment> journaled = new CopyOnWriteArrayList<>();
    /** When those were removed that were not journaled then. */
    private final List<Instant> late = new CopyOnWriteArrayList<>();

    private volatile Exception trouble;

    private void journal(Attachment attachment, Optional<Instant> happened) throws IOException {
        if (trouble instanceof IOException disk) {
            throw disk;
        }
        if (trouble instanceof StrongroomException log) {
            throw log;
        }
        journaled.add(attachment);
        happened.ifPresent(late::add);
    }

    @Test
    void whatTheDiskDoesNotTakeIsJournaledInItsOrderWhenItDoes() throws IOException {
        List<Attachment> all = List.of(image(), image(), image(), image());
        try (Removals removals = new Removals(() -> NOON)) {
            removals.now(happened -> journal(all.get(0), happened));
            trouble = new IOException("No space left on device");
            assertThatThrownBy(() -> removals.now(happened -> journal(all.get(1), happened)))
                    .isSameAs(trouble);
            trouble = StrongroomException.of(FailureKind.UNAVAILABLE, "an audit event could not be recorded");
            assertThatThrownBy(() -> removals.now(happened -> journal(all.get(2), happened)))
                    .isSameAs(trouble);
            removals.again();
            assertThat(journaled).containsExactly(all.get(0));

            trouble = null;
            removals.now(happened -> journal(all.get(3), happened));
            removals.again();
            removals.again();
            assertThat(journaled).containsExactly(all.get(0), all.get(3), all.get(1), all.get(2));
            assertThat(late).containsExactly(NOON, NOON);
        }
        assertThat(journaled).hasSize(4);
    }

    /** Orthanc that stops, or loads its plugins anew, may do so right after the disk was mended. */
    @Test
    void anEndTriesALastTime() {
        Attachment image = image();
        try (Removals removals = new Removals(() -> NOON)) {
            trouble = new IOException("Input/output error");
            assertThatThrownBy(() -> removals.now(happened -> journal(image, happened)))
                    .isInstanceOf(IOException.class);
            trouble = null;
        }
        assertThat(journaled).containsExactly(image);
    }

    private static Attachment image() {
        return new Attachment(UUID.randomUUID(), Attachment.DICOM);
    }
}
