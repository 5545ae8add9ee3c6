package org.strongroom.sidecar.ledger;

import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Sha256;

/**
 * One sealed file in one pack. Immutable.
 *
 * @param pack the ledger's number of the pack
 * @param file the ledger's number of the file
 * @param place where the file is on this machine
 * @param removed whether Orthanc removed it
 */
public record MemberRow(long pack, int position, long file, Place place, boolean removed, PackMember member) {

    static final String SELECT =
            "SELECT m.pack, m.position, m.file, m.body_offset, m.head_offset, m.body_digest, m.head_digest,"
                    + " f.place, f.removed, f.header, f.head, f.body FROM members m JOIN files f ON f.id = m.file ";

    static final RowMapper<MemberRow> MAPPER = (row, context) -> new MemberRow(
            row.getLong("pack"),
            row.getInt("position"),
            row.getLong("file"),
            Place.of(row.getInt("place")),
            row.getLong("removed") != 0,
            new PackMember(
                    SealedHeader.decode(row.getBytes("header")),
                    row.getLong("body_offset"),
                    row.getLong("body"),
                    row.getLong("head_offset"),
                    row.getInt("head"),
                    new Sha256(row.getBytes("body_digest")),
                    new Sha256(row.getBytes("head_digest"))));

    public UUID uuid() {
        return member.header().attachment();
    }
}
