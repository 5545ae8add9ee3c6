package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.strongroom.core.format.v1.SealedHeader;

/**
 * One sealed file that was seen. Immutable.
 *
 * @param id the ledger's own number
 * @param study the ledger's number of its study key
 * @param planned whether it is in a pack
 * @param bytes of the whole sealed file
 * @param removed when Orthanc removed it; null if it has it
 */
public record FileRow(
        long id,
        long study,
        Place place,
        boolean planned,
        SealedHeader header,
        long bytes,
        Instant arrived,
        Instant removed) {

    /** In SQL, of a row of {@code files}: whether it is an image, as {@link SealedHeader#isDicom()} says. */
    static final String IS_IMAGE = "substr(header, 93, 4) = x'00000001'";

    static final String COLUMNS =
            "f.id, f.study, f.place, f.planned, f.header, f.head + f.body AS bytes, f.arrived, f.removed";

    static final RowMapper<FileRow> MAPPER = (row, context) -> {
        long removed = row.getLong("removed");
        return new FileRow(
                row.getLong("id"),
                row.getLong("study"),
                Place.of(row.getInt("place")),
                row.getInt("planned") != 0,
                SealedHeader.decode(row.getBytes("header")),
                row.getLong("bytes"),
                Instant.ofEpochMilli(row.getLong("arrived")),
                removed == 0 ? null : Instant.ofEpochMilli(removed));
    };

    public FileRow {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(arrived, "arrived");
    }

    public UUID uuid() {
        return header.attachment();
    }

    /** Bytes of the body piece. */
    public long bodyLength() {
        return bytes - header.headPieceSize();
    }
}
