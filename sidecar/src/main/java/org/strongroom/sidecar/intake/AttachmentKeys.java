package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Place;

/** What attachments are sealed under. Thread-safe. */
public final class AttachmentKeys {
    private final Home home;
    private final SealedFileReader reader;
    private final FileTable files;

    public AttachmentKeys(Home home, UUID installation, FileTable files) {
        this.home = home;
        this.reader = new SealedFileReader(installation);
        this.files = files;
    }

    /**
     * The key of an attachment, by any name that Orthanc knows or knew it by; empty if nobody knows. What was not taken in yet is still in
     * the spool.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if what is there is no sealed file of this name
     */
    public Optional<UUID> keyOf(UUID attachment) throws IOException {
        UUID sealed = files.sealed(attachment);
        Optional<UUID> known = files.find(sealed).map(file -> file.header().key());
        Path spooled = home.spooled(sealed);
        if (known.isPresent() || Files.notExists(spooled)) {
            return known;
        }
        return Optional.of(reader.read(spooled, sealed, Place.SPOOL, Instant.EPOCH)
                .header()
                .key());
    }
}
