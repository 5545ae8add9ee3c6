package org.strongroom.tests.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Installation;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;

/** What has arrived in a directory tier of a clinic that is going to be lost. Stateless. */
final class InTier {
    private InTier() {}

    static boolean hasWholeJournal(Clinic lost) throws IOException {
        return hasWholeJournal(lost, "offsite");
    }

    static boolean hasWholeJournal(Clinic lost, String tier) throws IOException {
        return sequence(lost.tier(tier)) == journaled(lost);
    }

    static boolean hasSnapshot(Clinic lost) {
        return hasSnapshot(lost, "offsite");
    }

    static boolean hasSnapshot(Clinic lost, String tier) {
        return ClearText.files(lost.tier(tier).resolve("snapshots")).stream()
                .anyMatch(file ->
                        SnapshotLabel.timeOf("snapshots/" + file.getFileName()).isPresent());
    }

    /** How many entries the journal has: its own head follows within a second. */
    private static long journaled(Clinic lost) throws IOException {
        UUID installation = Installation.read(lost.home().resolve("installation.json"))
                .orElseThrow()
                .id();
        JournalReader reader = new JournalReader(lost.home().resolve("journal"), installation);
        reader.skipTo(Long.MAX_VALUE);
        return reader.sequence();
    }

    private static long sequence(byte[] head) {
        return ByteBuffer.wrap(head).getLong(4);
    }

    private static long sequence(Path tier) throws IOException {
        long newest = 0;
        for (Path file : ClearText.files(tier.resolve("journal"))) {
            if (file.getFileName().toString().startsWith("head-")) {
                newest = Math.max(newest, sequence(Files.readAllBytes(file)));
            }
        }
        return newest;
    }
}
